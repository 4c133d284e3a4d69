//! The top of the tree holds what it says it holds and nothing else.

use super::Complaint;
use anyhow::Result;
use std::path::Path;

const ALLOWED: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "README.md", "build.sh", "crates", "www", "tests", "licenses", "target"];

/// Complains about every other entry; dot-files belong to tools and may stand there.
pub(super) fn check(root: &Path) -> Result<Vec<Complaint>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(complaints(&names))
}

fn complaints(names: &[String]) -> Vec<Complaint> {
    names
        .iter()
        .filter(|name| !name.starts_with('.') && !ALLOWED.contains(&name.as_str()))
        .map(|name| format!("`{name}` does not belong at the top of the tree"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn a_stray_file_at_the_top_is_named() {
        let found = complaints(&["crates".to_owned(), ".gitignore".to_owned(), "notes.txt".to_owned()]);
        assert_eq!(found, ["`notes.txt` does not belong at the top of the tree"]);
    }
}
