//! One policy: its directives, and what is wrong with how it is written.

/// Directives that browsers know.
const KNOWN: [&str; 29] = [
    "base-uri",
    "block-all-mixed-content",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "navigate-to",
    "object-src",
    "plugin-types",
    "prefetch-src",
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
];

/// Directives that a `<meta>` cannot set.
const HEADER_ONLY: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];

/// Source expressions that mean nothing without their quotes.
const QUOTED: [&str; 8] = [
    "none",
    "self",
    "strict-dynamic",
    "unsafe-eval",
    "unsafe-hashes",
    "unsafe-inline",
    "wasm-unsafe-eval",
    "report-sample",
];

/// Where a policy was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whence {
    /// The so-manieth header, from 1.
    Header(usize),
    /// The so-manieth `<meta>` of the page, from 1.
    Meta(usize),
}

impl std::fmt::Display for Whence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header(number) => write!(formatter, "header {number}"),
            Self::Meta(number) => write!(formatter, "meta {number}"),
        }
    }
}

/// One directive with its values as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directive {
    /// Its name in lower case.
    pub(crate) name: String,
    /// What follows the name.
    pub(crate) values: Vec<String>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Where it stands.
    pub(crate) whence: Whence,
    /// What it says, each name once.
    pub(crate) directives: Vec<Directive>,
    /// What is odd about how it is written, a sentence each.
    pub(crate) remarks: Vec<String>,
}

impl Policy {
    /// Reads the policies of one header or `<meta>`: a header may carry several, divided by commas.
    pub(crate) fn read_all(text: &str, whence: &Whence) -> Vec<Self> {
        let policies = text.split(',').map(|one| Self::read(one, whence.clone()));
        policies.filter(|policy| !policy.directives.is_empty() || !policy.remarks.is_empty()).collect()
    }

    fn read(text: &str, whence: Whence) -> Self {
        let mut policy = Self { whence, directives: Vec::new(), remarks: Vec::new() };
        for part in text.split(';') {
            let mut words = part.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            let values: Vec<String> = words.map(str::to_owned).collect();
            policy.remark_on(&name, &values);
            let is_repeated = policy.directives.iter().any(|known| known.name == name);
            let is_ignored = matches!(policy.whence, Whence::Meta(_)) && HEADER_ONLY.contains(&name.as_str());
            if !is_repeated && !is_ignored {
                policy.directives.push(Directive { name, values });
            }
        }
        policy
    }

    /// Returns the first of the named directives that is there.
    pub(crate) fn first_of(&self, names: &[&str]) -> Option<&Directive> {
        names.iter().find_map(|name| self.directives.iter().find(|directive| directive.name == *name))
    }

    fn remark_on(&mut self, name: &str, values: &[String]) {
        if self.directives.iter().any(|known| known.name == name) {
            self.remarks.push(format!("a second {name} is ignored: browsers take the first"));
            return;
        }
        if !KNOWN.contains(&name) {
            let hint = nearest(name).map_or_else(String::new, |known| format!("; is {known} meant?"));
            self.remarks.push(format!("no browser knows the directive {name}{hint}"));
            return;
        }
        if matches!(self.whence, Whence::Meta(_)) && HEADER_ONLY.contains(&name) {
            self.remarks.push(format!("{name} means nothing in a <meta>: it has to come as a header"));
        }
        if !name.ends_with("-src") && !name.ends_with("-elem") && !name.ends_with("-attr") {
            return;
        }
        for value in values {
            let bare = value.to_ascii_lowercase();
            if QUOTED.contains(&bare.as_str()) || bare.starts_with("nonce-") || bare.starts_with("sha256-") {
                self.remarks.push(format!("{name}: {value} is read as the name of a host; write '{value}'"));
            }
        }
        if values.len() > 1 && values.iter().any(|value| value.eq_ignore_ascii_case("'none'")) {
            self.remarks.push(format!("{name}: 'none' means nothing beside other sources"));
        }
    }
}

/// Returns the known directive that a word was probably meant to be.
fn nearest(name: &str) -> Option<&'static str> {
    let (known, distance) = KNOWN
        .into_iter()
        .map(|known| (known, distance(name, known)))
        .min_by_key(|(_, distance)| *distance)?;
    (distance <= 2).then_some(known)
}

/// How many letters have to be put in, taken out or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], line + 1);
        for (column, &there) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != there);
            corner = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Policy {
        Policy::read_all(text, &Whence::Header(1)).remove(0)
    }

    #[test]
    fn names_are_read_in_any_case_and_the_first_of_two_counts() {
        let policy = read(" Script-Src 'self' ; ; script-src *;img-src\tdata: ");
        assert_eq!(policy.directives.len(), 2);
        assert_eq!(
            policy.first_of(&["script-src"]).map(|it| it.values.as_slice()),
            Some(&["'self'".to_owned()][..])
        );
        assert_eq!(policy.remarks, ["a second script-src is ignored: browsers take the first"]);
    }

    #[test]
    fn a_header_may_carry_several_policies() {
        let policies = Policy::read_all("default-src 'self', frame-src *,", &Whence::Header(1));
        assert_eq!(policies.len(), 2);
        assert!(policies[1].first_of(&["frame-src"]).is_some());
    }

    #[test]
    fn unknown_directives_are_named_with_what_was_meant() {
        assert_eq!(
            read("scripts-src 'self'").remarks,
            ["no browser knows the directive scripts-src; is script-src meant?"]
        );
        assert_eq!(read("nonsense 1").remarks, ["no browser knows the directive nonsense"]);
    }

    #[test]
    fn words_that_miss_their_quotes_are_named() {
        let policy = read("script-src self nonce-abc https://self.example");
        assert_eq!(policy.remarks.len(), 2);
        assert!(policy.remarks[0].contains("write 'self'"));
        assert_eq!(read("script-src 'none' https:").remarks.len(), 1);
    }

    #[test]
    fn what_only_a_header_can_say_is_ignored_in_a_meta() {
        let policy = Policy::read_all("sandbox; script-src *", &Whence::Meta(1)).remove(0);
        assert!(policy.first_of(&["sandbox"]).is_none());
        assert_eq!(policy.remarks.len(), 1);
    }
}
