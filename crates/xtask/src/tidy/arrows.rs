//! The direction of the crates: who may know whom, and what a pure crate never learns of.

use super::Complaint;
use super::manifest::{Table, dependencies};
use super::tree::Tree;
use std::collections::BTreeMap;

/// Every crate with the crates of this workspace it may depend on.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("protocol", &[]),
    ("chat-core", &["protocol"]),
    ("chat-host", &["protocol"]),
    ("rules", &["protocol"]),
    ("survey", &["protocol"]),
    ("cobrowse", &[]),
    ("browser", &[]),
    ("ui", &["protocol", "chat-core", "rules", "survey", "browser"]),
    ("widget", &["protocol", "chat-core", "rules", "survey", "browser", "ui"]),
    ("console", &["protocol", "chat-core", "rules", "survey", "browser", "ui"]),
    ("recorder", &["cobrowse", "browser"]),
    ("viewer", &["cobrowse", "browser"]),
    ("store", &["protocol"]),
    ("store-sqlite", &["protocol", "store"]),
    ("broker", &["protocol"]),
    ("server", &["protocol", "chat-host", "rules", "survey", "cobrowse", "store", "store-sqlite", "broker"]),
    ("xtask", &[]),
];

/// Crates without I/O, clock, randomness and DOM.
const PURE: [&str; 6] = ["protocol", "chat-core", "chat-host", "rules", "survey", "cobrowse"];

/// All that a pure crate may take from outside.
const ALLOWED_IN_PURE: [&str; 3] = ["serde", "thiserror", "miniz_oxide"];

/// Complains about every arrow that is not on the map. Tests may look further than the crate itself.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut complaints = Vec::new();
    for (path, text) in tree.matching("crates/", "/Cargo.toml") {
        let Some(name) = path.split('/').nth(1) else { continue };
        let Some(own) = allowed.get(name) else {
            complaints.push(format!("{path}: crate `{name}` is not on the map of arrows"));
            continue;
        };
        for dependency in dependencies(text).iter().filter(|it| it.table == Table::Normal) {
            if let Some(reason) = refusal(name, own, dependency.name, allowed.contains_key(dependency.name)) {
                complaints.push(format!("{path}: {reason}"));
            }
        }
    }
    complaints
}

fn refusal(name: &str, own: &[&str], dependency: &str, is_own: bool) -> Option<String> {
    if is_own {
        return (!own.contains(&dependency)).then(|| format!("`{name}` must not depend on `{dependency}`"));
    }
    (PURE.contains(&name) && !ALLOWED_IN_PURE.contains(&dependency))
        .then(|| format!("pure crate `{name}` must not depend on `{dependency}`"))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    fn complaints(path: &str, dependency: &str) -> Vec<String> {
        check(&Tree::of(&[(path, &format!("[dependencies]\n{dependency}.workspace = true\n"))]))
    }

    #[test]
    fn an_arrow_against_the_direction_is_named() {
        let found = complaints("crates/protocol/Cargo.toml", "chat-core");
        assert_eq!(found, ["crates/protocol/Cargo.toml: `protocol` must not depend on `chat-core`"]);
        assert!(complaints("crates/chat-core/Cargo.toml", "protocol").is_empty());
    }

    #[test]
    fn a_pure_crate_must_not_learn_of_a_browser_or_a_runtime() {
        for outside in ["web-sys", "js-sys", "tokio", "getrandom"] {
            assert_eq!(complaints("crates/rules/Cargo.toml", outside).len(), 1, "{outside}");
        }
        assert!(complaints("crates/rules/Cargo.toml", "serde").is_empty());
        assert!(complaints("crates/server/Cargo.toml", "tokio").is_empty());
    }

    #[test]
    fn a_crate_without_a_place_on_the_map_is_named() {
        assert_eq!(complaints("crates/extra/Cargo.toml", "serde").len(), 1);
    }
}
