//! As much of a `Cargo.toml` as the checks need: its dependency lines and the comment above each.

/// One line of a dependency table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency<'a> {
    /// Which table it stands in.
    pub(super) table: Table,
    /// The crate's name as Cargo knows it.
    pub(super) name: &'a str,
    /// True when version and reason stand in the workspace's table.
    pub(super) is_inherited: bool,
    /// True when the line above is a comment.
    pub(super) has_reason: bool,
    /// True when it is a folder of this workspace.
    pub(super) is_own: bool,
}

/// The kinds of dependency tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// What the crate itself needs, on any target.
    Normal,
    /// What only its tests and benchmarks need.
    Dev,
    /// What its build script needs.
    Build,
    /// The workspace's own list.
    Workspace,
}

/// Gives every dependency line in order. A reason may stand above a run of lines of one table only if it stands
/// directly above the line: each line has its own.
pub(super) fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut table = None;
    let mut has_reason = false;
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            table = table_of(header.trim_end_matches(']'));
        } else if let (Some(table), Some((key, value))) = (table, line.split_once('='))
            && !line.starts_with('#')
            && is_entry(key)
        {
            let (name, is_inherited) = split_key(key, value);
            let is_own = value.contains("path =");
            found.push(Dependency { table, name, is_inherited, has_reason, is_own });
        }
        has_reason = line.starts_with('#');
    }
    found
}

/// Tells a dependency from a continuation line of a list, which starts with a quote or a brace.
fn is_entry(key: &str) -> bool {
    key.chars().next().is_some_and(|first| first.is_ascii_alphanumeric())
}

fn split_key<'a>(key: &'a str, value: &str) -> (&'a str, bool) {
    match key.trim().strip_suffix(".workspace") {
        Some(name) => (name, true),
        None => (key.trim(), value.contains("workspace = true")),
    }
}

fn table_of(header: &str) -> Option<Table> {
    if header == "workspace.dependencies" {
        return Some(Table::Workspace);
    }
    let kind = header
        .rsplit_once('.')
        .map_or(header, |(target, last)| if target.starts_with("target") { last } else { header });
    match kind {
        "dependencies" => Some(Table::Normal),
        "dev-dependencies" => Some(Table::Dev),
        "build-dependencies" => Some(Table::Build),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, dependencies};

    const TEXT: &str = r#"
[package]
name = "a"

[dependencies]
serde.workspace = true
# Why it is needed.
one = "1"
two = { version = "2", features = [
    "x",
] }

[target.'cfg(unix)'.dev-dependencies]
three = { workspace = true, features = ["y"] }
"#;

    #[test]
    fn each_dependency_line_is_read_with_its_table_and_reason() {
        let found = dependencies(TEXT);
        let names: Vec<_> =
            found.iter().map(|it| (it.name, it.table, it.is_inherited, it.has_reason)).collect();
        assert_eq!(
            names,
            [
                ("serde", Table::Normal, true, false),
                ("one", Table::Normal, false, true),
                ("two", Table::Normal, false, false),
                ("three", Table::Dev, true, false),
            ]
        );
    }

    #[test]
    fn the_package_table_holds_no_dependency() {
        assert!(dependencies("[package]\nname = \"a\"\n[lints]\nworkspace = true\n").is_empty());
    }
}
