//! The columns of a payload. Values of one sort stand together, because that is what deflate makes small.
//!
//! A payload is a varint with one bit per column that is not empty, then for each of these its length as a varint,
//! then their bytes, in the order of the fields below.

use crate::bytes::{Cursor, put_varint};
use crate::dictionary::{StringColumns, StringCursor};

const COUNT: usize = 15;

/// The columns while a payload is written.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) ops: Vec<u8>,
    /// Ids that operations name, each as the difference from the one before.
    pub(crate) ids: Vec<u8>,
    pub(crate) numbers: Vec<u8>,
    pub(crate) structure: Vec<u8>,
    /// Ids of new nodes as runs: the gap before the run, and its length.
    pub(crate) node_ids: Vec<u8>,
    pub(crate) shapes: Vec<u8>,
    pub(crate) names: StringColumns,
    pub(crate) values: StringColumns,
    pub(crate) texts: StringColumns,
}

impl Columns {
    pub(crate) fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Returns the payload and leaves the columns empty.
    pub(crate) fn take_payload(&mut self) -> Vec<u8> {
        let columns = std::mem::take(self);
        let all: [Vec<u8>; COUNT] = [
            columns.ops,
            columns.ids,
            columns.numbers,
            columns.structure,
            columns.node_ids,
            columns.shapes,
            columns.names.references,
            columns.names.lengths,
            columns.names.bytes,
            columns.values.references,
            columns.values.lengths,
            columns.values.bytes,
            columns.texts.references,
            columns.texts.lengths,
            columns.texts.bytes,
        ];
        let mut present = 0_u32;
        let mut lengths = Vec::new();
        for (index, column) in all.iter().enumerate() {
            if !column.is_empty() {
                present |= 1 << index;
                put_varint(&mut lengths, column.len() as u32);
            }
        }
        let bytes: usize = all.iter().map(Vec::len).sum();
        let mut payload = Vec::with_capacity(bytes + lengths.len() + 3);
        put_varint(&mut payload, present);
        payload.extend_from_slice(&lengths);
        for column in &all {
            payload.extend_from_slice(column);
        }
        payload
    }
}

/// The reading positions in the columns of a payload.
#[derive(Debug, Default)]
pub(crate) struct ColumnCursors<'a> {
    pub(crate) ops: Cursor<'a>,
    pub(crate) ids: Cursor<'a>,
    pub(crate) numbers: Cursor<'a>,
    pub(crate) structure: Cursor<'a>,
    pub(crate) node_ids: Cursor<'a>,
    pub(crate) shapes: Cursor<'a>,
    pub(crate) names: StringCursor<'a>,
    pub(crate) values: StringCursor<'a>,
    pub(crate) texts: StringCursor<'a>,
}

impl<'a> ColumnCursors<'a> {
    /// Returns the positions at the start of each column, or `None` when the payload is cut or too long.
    pub(crate) fn parse(payload: &'a [u8]) -> Option<Self> {
        let mut rest = Cursor::new(payload);
        let present = rest.varint()?;
        if present >> COUNT != 0 {
            return None;
        }
        let mut lengths = [0_usize; COUNT];
        for (index, length) in lengths.iter_mut().enumerate() {
            if present & (1 << index) != 0 {
                *length = rest.varint()? as usize;
            }
        }
        let mut next = lengths.iter().map(|&length| rest.take(length).map(Cursor::new));
        let cursors = Self {
            ops: next.next()??,
            ids: next.next()??,
            numbers: next.next()??,
            structure: next.next()??,
            node_ids: next.next()??,
            shapes: next.next()??,
            names: strings(&mut next)?,
            values: strings(&mut next)?,
            texts: strings(&mut next)?,
        };
        drop(next);
        rest.is_empty().then_some(cursors)
    }
}

fn strings<'a>(columns: &mut impl Iterator<Item = Option<Cursor<'a>>>) -> Option<StringCursor<'a>> {
    Some(StringCursor { references: columns.next()??, lengths: columns.next()??, bytes: columns.next()?? })
}
