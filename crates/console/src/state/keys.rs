//! What a key does, depending on where the focus is.

use super::inbox::View;

/// Where the focus is when a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a field that takes text, or a list of choices.
    Field,
    /// In the list of conversations, or nowhere.
    List,
    /// Anywhere else.
    Elsewhere,
}

/// What the console does for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCommand {
    /// The focus goes to the next conversation.
    Next,
    /// The focus goes to the previous conversation.
    Previous,
    /// The focus goes to the composer.
    Reply,
    /// Out of a field into the list.
    ToList,
    /// The conversation is put away.
    Leave,
    /// The agent takes the conversation.
    Take,
    /// It is shown to whom the conversation can be given.
    Assign,
    /// A view of the inbox is shown.
    View(View),
    /// A visitor's code can be entered.
    Code,
    /// The list of keys is shown, or put away.
    Help,
}

/// Returns what an unmodified key does; none leaves it to the browser. Arrows scroll unless the list has the focus.
pub(crate) fn command(key: &str, place: Place) -> Option<KeyCommand> {
    match (key, place) {
        ("Escape", Place::Field) => Some(KeyCommand::ToList),
        ("Escape", Place::List | Place::Elsewhere) => Some(KeyCommand::Leave),
        (_, Place::Field) => None,
        ("j", _) | ("ArrowDown", Place::List) => Some(KeyCommand::Next),
        ("k", _) | ("ArrowUp", Place::List) => Some(KeyCommand::Previous),
        ("r", _) => Some(KeyCommand::Reply),
        ("t", _) => Some(KeyCommand::Take),
        ("a", _) => Some(KeyCommand::Assign),
        ("c", _) => Some(KeyCommand::Code),
        ("?", _) => Some(KeyCommand::Help),
        (_, Place::List | Place::Elsewhere) => numbered(key).map(KeyCommand::View),
    }
}

/// Returns the view with this number; the first is `1`.
fn numbered(key: &str) -> Option<View> {
    let number: usize = key.parse().ok()?;
    View::ALL.get(number.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_text_in_fields_and_commands_elsewhere() {
        for key in ["j", "k", "r", "c", "?", "ArrowDown"] {
            assert_eq!(command(key, Place::Field), None, "{key}");
        }
        assert_eq!(command("j", Place::Elsewhere), Some(KeyCommand::Next));
        assert_eq!(command("r", Place::List), Some(KeyCommand::Reply));
    }

    #[test]
    fn digits_choose_views_and_none_beyond_the_last() {
        assert_eq!(command("1", Place::List), Some(KeyCommand::View(View::All)));
        assert_eq!(command("5", Place::Elsewhere), Some(KeyCommand::View(View::Closed)));
        for key in ["0", "6", "F1", "é"] {
            assert_eq!(command(key, Place::List), None, "{key}");
        }
        assert_eq!(command("1", Place::Field), None);
    }

    #[test]
    fn arrows_move_in_the_list_and_scroll_elsewhere() {
        assert_eq!(command("ArrowUp", Place::List), Some(KeyCommand::Previous));
        assert_eq!(command("ArrowUp", Place::Elsewhere), None);
    }

    #[test]
    fn escape_leaves_the_field_first_and_the_conversation_then() {
        assert_eq!(command("Escape", Place::Field), Some(KeyCommand::ToList));
        assert_eq!(command("Escape", Place::List), Some(KeyCommand::Leave));
    }
}
