//! Every dependency carries its reason on the line above it, in the crate or in the workspace's table.

use super::Complaint;
use super::manifest::dependencies;
use super::tree::Tree;

/// Complains about each dependency without one. The workspace's own crates explain themselves.
pub(super) fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (path, text) in tree.matching("", "Cargo.toml") {
        for dependency in dependencies(text) {
            if !dependency.has_reason && !dependency.is_inherited && !dependency.is_own {
                complaints.push(format!("{path}: `{}` has no reason above it", dependency.name));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn a_dependency_without_a_reason_is_named() {
        let text = "[dependencies]\n# Why.\na = \"1\"\nb = \"1\"\nc.workspace = true\n";
        let found = check(&Tree::of(&[("crates/x/Cargo.toml", text)]));
        assert_eq!(found, ["crates/x/Cargo.toml: `b` has no reason above it"]);
    }
}
