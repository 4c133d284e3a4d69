//! A folder's names as programs see them, and the changes since its last sync.

use std::collections::BTreeMap;

use super::Number;

#[derive(Debug, Default)]
pub(super) struct Folder {
    names: BTreeMap<String, Number>,
    unsynced: Vec<NameChange>,
}

/// A change of one name since the last sync, with what is needed to take it back.
#[derive(Debug)]
struct NameChange {
    name: String,
    before: Option<Number>,
    after: Option<Number>,
    /// The rename it is one half of.
    rename: Option<u64>,
}

impl Folder {
    pub(super) fn find(&self, name: &str) -> Option<Number> {
        self.names.get(name).copied()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (&String, &Number)> {
        self.names.iter()
    }

    /// Gives a name to another node, or to none.
    pub(super) fn change(&mut self, name: &str, after: Option<Number>, rename: Option<u64>) {
        let before = set(&mut self.names, name, after);
        self.unsynced.push(NameChange { name: name.to_owned(), before, after, rename });
    }

    pub(super) fn sync(&mut self) {
        self.unsynced.clear();
    }

    /// Leaves the names that are left after a loss of power. A change happened or not as the coin says, the halves
    /// of a rename both; what is built on a change that did not happen may still have happened.
    pub(super) fn lose_power(&mut self, mut has_happened: impl FnMut(Option<u64>) -> bool) -> usize {
        let changes = std::mem::take(&mut self.unsynced);
        for change in changes.iter().rev() {
            set(&mut self.names, &change.name, change.before);
        }
        for change in &changes {
            if has_happened(change.rename) {
                set(&mut self.names, &change.name, change.after);
            }
        }
        changes.len()
    }
}

fn set(names: &mut BTreeMap<String, Number>, name: &str, node: Option<Number>) -> Option<Number> {
    match node {
        Some(number) => names.insert(name.to_owned(), number),
        None => names.remove(name),
    }
}
