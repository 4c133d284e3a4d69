//! Every language has every text: the files of one folder `texts/` have the same keys.

use super::Complaint;
use super::tree::Tree;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Complains about keys that one language has and another lacks.
pub(super) fn check(tree: &Tree) -> Result<Vec<Complaint>> {
    let mut folders: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for (path, text) in tree.matching("www/", ".json").filter(|(path, _)| path.contains("/texts/")) {
        let (folder, file) = path.rsplit_once('/').context("a path without a folder")?;
        let value: serde_json::Value =
            serde_json::from_str(text).with_context(|| format!("{path} is not JSON"))?;
        let mut keys = BTreeSet::new();
        collect("", &value, &mut keys);
        folders.entry(folder).or_default().insert(file, keys);
    }
    let mut complaints = Vec::new();
    for (folder, files) in folders {
        let all: BTreeSet<&String> = files.values().flatten().collect();
        for (file, keys) in &files {
            let missing = all.iter().filter(|key| !keys.contains(**key));
            complaints.extend(missing.map(|key| format!("{folder}/{file}: no text for `{key}`")));
        }
    }
    Ok(complaints)
}

/// Plural forms differ between languages, so an object with a form `other` counts as one text.
fn collect(prefix: &str, value: &serde_json::Value, keys: &mut BTreeSet<String>) {
    match value.as_object() {
        Some(object) if !object.contains_key("other") => {
            for (name, value) in object {
                collect(&format!("{prefix}.{name}"), value, keys);
            }
        }
        _ => {
            keys.insert(prefix.trim_start_matches('.').to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    #[test]
    fn a_text_missing_in_one_language_is_named() {
        let found = check(&Tree::of(&[
            ("www/widget/texts/en.json", r#"{"send":"Send","unread":{"one":"1","other":"{n}"}}"#),
            ("www/widget/texts/ar.json", r#"{"unread":{"one":"1","two":"2","other":"{n}"}}"#),
        ]));
        assert_eq!(found.unwrap(), ["www/widget/texts/ar.json: no text for `send`"]);
    }
}
