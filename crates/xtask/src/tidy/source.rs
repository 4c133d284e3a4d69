//! Source files: how they open, how long they get, what they must not hold.

use super::Complaint;
use super::tree::Tree;

/// Above this a file has more than one idea in it.
const LINES_MAX: usize = 500;

/// Files that may be longer, each with its reason.
const LONG: [(&str, &str); 0] = [];

/// Complains about openings, lengths and words in everything written by hand.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (path, text) in &tree.files {
        if path.ends_with(".rs") && !text.starts_with("//!") {
            complaints.push(format!("{path}: does not open with `//!`"));
        }
        if !is_source(path) {
            continue;
        }
        let lines = text.lines().count();
        if lines > LINES_MAX && !LONG.iter().any(|(long, _)| long == path) {
            complaints.push(format!("{path}: {lines} lines, at most {LINES_MAX} without a reason"));
        }
        for (number, line) in text.lines().enumerate() {
            complaints.extend(words(line).into_iter().map(|word| format!("{path}:{}: `{word}`", number + 1)));
        }
    }
    complaints
}

fn is_source(path: &str) -> bool {
    let endings = [".rs", ".js", ".css", ".html", ".sql", ".md", ".sh", ".toml"];
    endings.iter().any(|ending| path.ends_with(ending))
}

/// Unfinished work and folders of one machine. The words are put together here, so that this file may pass too.
fn words(line: &str) -> Vec<String> {
    let banned = [["TO", "DO"], ["FIX", "ME"], ["/tm", "p/"], ["/ho", "me/"], ["/ro", "ot/"], ["/wo", "rk/"]];
    banned.iter().map(|halves| halves.concat()).filter(|word| line.contains(word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn a_rust_file_without_an_opening_is_named() {
        let found =
            check(&Tree::of(&[("crates/a/src/lib.rs", "fn a() {}\n"), ("crates/a/src/b.rs", "//! B.\n")]));
        assert_eq!(found, ["crates/a/src/lib.rs: does not open with `//!`"]);
    }

    #[test]
    fn a_file_that_grew_too_long_is_named() {
        let long = "//! Long.\n".repeat(501);
        assert_eq!(check(&Tree::of(&[("crates/a/src/lib.rs", &long)])).len(), 1);
        assert!(check(&Tree::of(&[("tests/package-lock.json", &long)])).is_empty());
    }

    #[test]
    fn unfinished_work_and_machine_folders_are_named_with_their_line() {
        let text = format!("//! A.\n// {}{}: later\n", "TO", "DO");
        assert_eq!(
            check(&Tree::of(&[("crates/a/src/lib.rs", &text)])),
            [format!("crates/a/src/lib.rs:2: `{}{}`", "TO", "DO")]
        );
        let text = format!("open {}{}name\n", "/ho", "me/");
        assert_eq!(check(&Tree::of(&[("README.md", &text)])).len(), 1);
    }
}
