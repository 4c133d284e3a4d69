//! Dictionaries of strings, one side writing and one side reading. A string is spelled out the first time and
//! referred to by number afterwards. Long strings are spelled out each time and never remembered.

use std::rc::Rc;

use crate::bytes::{Cursor, put_varint};
use crate::hash::FastMap;
use crate::limit;
use crate::node::Text;

/// The reference column says "a new string, remember it".
const NEW_KEPT: u32 = 0;
/// The reference column says "a new string, do not remember it".
const NEW_ONCE: u32 = 1;
/// References to remembered strings begin here.
const KNOWN: u32 = 2;

/// Three columns: references, lengths of new strings in bytes, and the new strings' bytes.
#[derive(Debug, Default)]
pub(crate) struct StringColumns {
    pub(crate) references: Vec<u8>,
    pub(crate) lengths: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
}

/// The writing side.
#[derive(Debug, Default)]
pub(crate) struct StringWriter {
    known: FastMap<Text, u32>,
}

impl StringWriter {
    pub(crate) fn put(&mut self, columns: &mut StringColumns, text: &Text) {
        let is_short = text.len() <= limit::INTERNED_BYTES_MAX;
        if is_short && let Some(&number) = self.known.get(text) {
            put_varint(&mut columns.references, number + KNOWN);
            return;
        }
        if is_short && self.known.len() < limit::STRINGS_KEPT_MAX {
            put_varint(&mut columns.references, NEW_KEPT);
            let number = self.known.len() as u32;
            self.known.insert(Rc::clone(text), number);
        } else {
            put_varint(&mut columns.references, NEW_ONCE);
        }
        put_varint(&mut columns.lengths, text.len() as u32);
        columns.bytes.extend_from_slice(text.as_bytes());
    }
}

/// The reading side.
#[derive(Debug, Default)]
pub(crate) struct StringReader {
    known: Vec<Text>,
}

/// The reading positions in the three columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StringCursor<'a> {
    pub(crate) references: Cursor<'a>,
    pub(crate) lengths: Cursor<'a>,
    pub(crate) bytes: Cursor<'a>,
}

impl StringReader {
    /// Returns the next string, or `None` when the columns are malformed.
    pub(crate) fn next(&mut self, cursor: &mut StringCursor<'_>) -> Option<Text> {
        let reference = cursor.references.varint()?;
        if reference >= KNOWN {
            return self.known.get((reference - KNOWN) as usize).cloned();
        }
        let length = cursor.lengths.varint()? as usize;
        let text: Text = std::str::from_utf8(cursor.bytes.take(length)?).ok()?.into();
        if reference == NEW_KEPT {
            if self.known.len() >= limit::STRINGS_MAX || length > limit::INTERNED_BYTES_MAX {
                return None;
            }
            self.known.push(Rc::clone(&text));
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reference: u32, text: &str) -> Option<Text> {
        let mut lengths = Vec::new();
        put_varint(&mut lengths, text.len() as u32);
        let references = [reference as u8];
        let mut cursor = StringCursor {
            references: Cursor::new(&references),
            lengths: Cursor::new(&lengths),
            bytes: Cursor::new(text.as_bytes()),
        };
        StringReader::default().next(&mut cursor)
    }

    #[test]
    fn long_string_is_read_and_refused_when_it_is_to_be_remembered() {
        let longest = "a".repeat(limit::INTERNED_BYTES_MAX);
        let longer = "a".repeat(limit::INTERNED_BYTES_MAX + 1);
        assert_eq!(read(NEW_KEPT, &longest).as_deref(), Some(longest.as_str()));
        assert_eq!(read(NEW_ONCE, &longer).as_deref(), Some(longer.as_str()));
        assert_eq!(read(NEW_KEPT, &longer), None);
    }
}
