//! What must not leave the page readable, as types: a masked value has no place to keep its characters, so it
//! cannot be encoded by mistake. The reader masks in the page; these types are what the recorder can still say.

use crate::node::Text;

/// The character that stands for one that is hidden.
pub const BULLET: char = '\u{2022}';

/// What may be said about a form field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// The value itself: the site has named this field as visible.
    Shown(Text),
    /// That this many characters are in it.
    Masked {
        /// The number of UTF-16 units typed.
        units: u32,
    },
    /// Nothing at all, not even how long it is: passwords, payment fields, files, hidden fields.
    Secret,
    /// Whether a box or an option is chosen.
    Chosen(bool),
    /// That it is a box or an option, and not whether it is chosen.
    ChosenHidden,
}

/// Text in which every readable character has been replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedText(String);

impl MaskedText {
    /// Hides every character of `text` except white space, which keeps the lines as long as they were.
    #[must_use]
    pub fn hide(text: &str) -> Self {
        Self(text.chars().map(|c| if c.is_whitespace() { c } else { BULLET }).collect())
    }

    /// Returns what may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_keeps_words_and_loses_letters() {
        assert_eq!(MaskedText::hide("pin 12\n").as_str(), "••• ••\n");
    }

    #[test]
    fn hiding_twice_changes_nothing() {
        let once = MaskedText::hide("a b");
        assert_eq!(MaskedText::hide(once.as_str()), once);
    }
}
