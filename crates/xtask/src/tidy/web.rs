//! Web files work under a strict policy: no inline style, no script text, nothing that parses HTML.

use super::Complaint;
use super::tree::Tree;

/// What must not stand in the hand-written web files, and why.
const BANNED: [(&str, &str); 8] = [
    ("style=", "inline style"),
    ("!important", "overrides what the owner may theme"),
    ("innerHTML", "parses HTML"),
    ("outerHTML", "parses HTML"),
    ("insertAdjacentHTML", "parses HTML"),
    ("document.write", "parses HTML"),
    ("eval(", "runs text"),
    ("new Function", "runs text"),
];

/// Complains about each banned word and each inline script or style element.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (path, text) in tree.matching("www/", "") {
        if !["html", "js", "css", "svg"].iter().any(|ending| path.ends_with(ending))
            || path.starts_with("www/tools/")
        {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if is_comment(line) {
                continue;
            }
            let banned = BANNED.iter().filter(|(word, _)| line.contains(word));
            complaints.extend(banned.map(|(word, why)| format!("{path}:{}: `{word}` {why}", number + 1)));
            if path.ends_with(".html") && (line.contains("<style") || is_inline_script(line)) {
                complaints.push(format!("{path}:{}: inline element", number + 1));
            }
        }
    }
    complaints
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}

fn is_inline_script(line: &str) -> bool {
    line.contains("<script") && !line.contains("src=")
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn what_a_strict_policy_would_refuse_is_named() {
        assert_eq!(count("www/demo/index.html", "<p style=\"color:red\">"), 1);
        assert_eq!(count("www/demo/index.html", "<script>go()</script>"), 1);
        assert_eq!(count("www/widget/loader.js", "host.innerHTML = text;"), 1);
        assert_eq!(count("www/widget/a.css", "a { color: red !important }"), 1);
    }

    #[test]
    fn ordinary_lines_and_comments_pass() {
        assert_eq!(count("www/demo/index.html", "<script async src=\"/w/tp_demo.js\"></script>"), 0);
        assert_eq!(count("www/reader/a.js", "// never innerHTML"), 0);
        assert_eq!(count("crates/a/src/lib.rs", "//! innerHTML"), 0);
    }
}
