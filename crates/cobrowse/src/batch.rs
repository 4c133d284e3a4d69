//! A batch of the reader: a list of 32-bit words, and one long text of the strings they name for the first time, each
//! followed by a separator, with their lengths in UTF-16 units.

use crate::intake::IntakeError;
use crate::limit;
use crate::node::Text;
use crate::page::PageError;

/// What the reader hands over in one message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batch<'a> {
    /// The operations.
    pub words: &'a [u32],
    /// The lengths of the new strings in UTF-16 units.
    pub string_units: &'a [u32],
    /// The new strings, each followed by one separator byte.
    pub strings: &'a str,
    /// Whether strings are counted from zero again.
    pub forgets_strings: bool,
}

impl Batch<'_> {
    /// Adds the new strings to those that are known by number.
    pub(crate) fn learn_strings(self, known: &mut Vec<Option<Text>>) -> Result<(), IntakeError> {
        if known.len() + self.string_units.len() > limit::STRINGS_MAX {
            return Err(PageError::TooLarge.into());
        }
        let is_ascii = self.strings.is_ascii();
        let mut rest = self.strings;
        for &units in self.string_units {
            let bytes = if is_ascii { units as usize } else { utf8_length(rest, units) };
            let (text, after) = rest.split_at_checked(bytes).ok_or(IntakeError::Malformed)?;
            known.push(Some(text.into()));
            rest = after.get(1..).ok_or(IntakeError::Malformed)?;
        }
        Ok(())
    }
}

/// Returns how many bytes of `text` make up the first `units` UTF-16 units.
fn utf8_length(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let mut bytes = 0;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(c.len_utf16());
        bytes += c.len_utf8();
    }
    bytes
}
