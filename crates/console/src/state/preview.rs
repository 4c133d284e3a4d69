//! A message in one line, as the inbox shows it.

use chat_core::markup::{Inline, parse};

/// Returns the text of a message without its marks, on one line.
pub(crate) fn preview(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    append(&parse(text), &mut line);
    line
}

fn append(pieces: &[Inline], line: &mut String) {
    for piece in pieces {
        match piece {
            Inline::Text(text) | Inline::Code(text) | Inline::Link { text, .. } => line.push_str(text),
            Inline::Break => line.push(' '),
            Inline::Strong(inside) | Inline::Emphasis(inside) => append(inside, line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::preview;

    #[test]
    fn marks_and_line_ends_are_not_shown() {
        assert_eq!(preview("Yes, **two** *left*\nin `A1`"), "Yes, two left in A1");
        assert_eq!(preview("2 * 3 <b>x</b>"), "2 * 3 <b>x</b>");
    }
}
