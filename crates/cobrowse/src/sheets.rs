//! The style sheets of a page by the place they belong to, in order. A page has a few of them, so a sorted list does.

use crate::limit;
use crate::node::{NodeId, Text};

/// Which style sheet a text of rules belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetSlot {
    /// The sheet of a `style` or `link` element.
    Owned(NodeId),
    /// The n-th adopted sheet of a document or shadow root.
    Adopted(NodeId, u32),
}

impl SheetSlot {
    /// Whether its root would adopt more sheets than allowed.
    pub(crate) fn is_beyond_limit(self) -> bool {
        matches!(self, Self::Adopted(_, index) if index >= limit::SHEETS_ADOPTED_MAX)
    }
}

/// The rules of one style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The rules as text.
    pub css: Text,
    /// The address that relative addresses inside are relative to.
    pub base_url: Text,
}

/// Style sheets, each slot once, in the order of their slots.
#[derive(Clone, Debug, Default)]
pub struct Sheets {
    list: Vec<(SheetSlot, Sheet)>,
}

impl Sheets {
    /// Returns the sheet of a slot.
    #[must_use]
    pub fn sheet(&self, slot: SheetSlot) -> Option<&Sheet> {
        let place = self.place(slot).ok()?;
        self.list.get(place).map(|(_, sheet)| sheet)
    }

    /// Returns all of them.
    pub fn iter(&self) -> impl Iterator<Item = &(SheetSlot, Sheet)> {
        self.list.iter()
    }

    /// Returns the sheets that a root has adopted, in their order.
    pub fn adopted(&self, root_id: NodeId) -> impl Iterator<Item = &Sheet> {
        let of_root = move |(slot, _): &&(SheetSlot, Sheet)| matches!(slot, SheetSlot::Adopted(id, _) if *id == root_id);
        self.list.iter().filter(of_root).map(|(_, sheet)| sheet)
    }

    /// Sets the sheet of a slot.
    pub(crate) fn set(&mut self, slot: SheetSlot, sheet: Sheet) {
        match self.place(slot) {
            Ok(place) => self.list[place].1 = sheet,
            Err(place) => self.list.insert(place, (slot, sheet)),
        }
    }

    /// Forgets the sheets that belong to a node which is gone.
    pub(crate) fn forget(&mut self, node_id: NodeId) {
        if !self.list.is_empty() {
            self.list.retain(|(slot, _)| *slot != SheetSlot::Owned(node_id));
            self.truncate_adopted(node_id, 0);
        }
    }

    /// Forgets the adopted sheets of a root from the `count`-th on.
    pub(crate) fn truncate_adopted(&mut self, root_id: NodeId, count: u32) {
        let is_kept = |slot: &SheetSlot| !matches!(slot, SheetSlot::Adopted(id, index) if *id == root_id && *index >= count);
        self.list.retain(|(slot, _)| is_kept(slot));
    }

    fn place(&self, slot: SheetSlot) -> Result<usize, usize> {
        self.list.binary_search_by(|(other, _)| other.cmp(&slot))
    }
}
