//! The Markdown subset of messages: text to a tree. The shells turn the tree into elements; there is no HTML.
//!
//! Bold `**b**`, italic `*i*` or `_i_`, code `` `c` ``, links `[text](https://…)`, bare `https://…` addresses and
//! line breaks. A link goes to `http`, `https` or `mailto` only; everything else stays text.

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// A new line.
    Break,
    /// Bold.
    Strong(Vec<Inline>),
    /// Italic.
    Emphasis(Vec<Inline>),
    /// Code, not looked into.
    Code(String),
    /// A link.
    Link {
        /// Where it goes: `http:`, `https:` or `mailto:`.
        href: String,
        /// What is shown.
        text: String,
    },
}

/// Returns the pieces of a message in order. Marks without a partner stay text.
#[must_use]
pub fn parse(text: &str) -> Vec<Inline> {
    let mut pieces = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            pieces.push(Inline::Break);
        }
        parse_into(line, Depth(0), &mut pieces);
    }
    pieces
}

/// How deep marks are nested; beyond the maximum they stay text.
#[derive(Clone, Copy)]
struct Depth(u8);

const DEPTH_MAX: u8 = 3;

fn parse_into(text: &str, depth: Depth, pieces: &mut Vec<Inline>) {
    let mut plain = String::new();
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        if let Some((piece, length)) = piece_at(rest, before, depth) {
            flush(&mut plain, pieces);
            pieces.push(piece);
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        } else {
            plain.push(first);
            before = Some(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    flush(&mut plain, pieces);
}

fn flush(plain: &mut String, pieces: &mut Vec<Inline>) {
    if !plain.is_empty() {
        pieces.push(Inline::Text(std::mem::take(plain)));
    }
}

/// The piece that begins here, with its length in bytes.
fn piece_at(text: &str, before: Option<char>, depth: Depth) -> Option<(Inline, usize)> {
    let is_word_start = before.is_none_or(|character| !character.is_alphanumeric());
    match text.as_bytes().first()? {
        b'`' => {
            let (inside, length) = between(text, "`")?;
            Some((Inline::Code(inside.to_owned()), length))
        }
        b'*' if text.starts_with("**") => {
            let (inside, length) = between(text, "**")?;
            Some((Inline::Strong(nested(inside, depth)?), length))
        }
        b'*' => {
            let (inside, length) = between(text, "*")?;
            Some((Inline::Emphasis(nested(inside, depth)?), length))
        }
        b'_' if is_word_start => {
            let (inside, length) = between(text, "_")?;
            let is_word_end = text[length..].chars().next().is_none_or(|after| !after.is_alphanumeric());
            if !is_word_end {
                return None;
            }
            Some((Inline::Emphasis(nested(inside, depth)?), length))
        }
        b'[' => bracket_link(text),
        b'h' | b'H' if is_word_start => bare_link(text),
        _ => None,
    }
}

/// The text between two marks that touch it, and the length of it all.
fn between<'a>(text: &'a str, mark: &str) -> Option<(&'a str, usize)> {
    let inside = &text[mark.len()..];
    let end = place_of(mark, inside)?;
    let inside = &inside[..end];
    let touches = !inside.is_empty() && inside.trim() == inside;
    touches.then_some((inside, end + 2 * mark.len()))
}

/// Where a text stands in another. The texts are short; the standard library's search is built for long ones, and
/// costs a widget two kilobytes.
fn place_of(wanted: &str, text: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|part| part == wanted.as_bytes())
}

fn nested(inside: &str, depth: Depth) -> Option<Vec<Inline>> {
    if depth.0 >= DEPTH_MAX {
        return None;
    }
    let mut pieces = Vec::new();
    parse_into(inside, Depth(depth.0 + 1), &mut pieces);
    Some(pieces)
}

fn bracket_link(text: &str) -> Option<(Inline, usize)> {
    let close = place_of("](", text)?;
    let shown = &text[1..close];
    let address = &text[close + 2..];
    let end = address.find(')')?;
    let href = &address[..end];
    if shown.trim().is_empty() || shown.contains('[') || !is_safe(href) {
        return None;
    }
    Some((Inline::Link { href: href.to_owned(), text: shown.to_owned() }, close + 2 + end + 1))
}

fn bare_link(text: &str) -> Option<(Inline, usize)> {
    let end = text
        .find(|character: char| character.is_whitespace() || matches!(character, '<' | '>' | '"'))
        .unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*', '_']);
    let is_web =
        starts_with_ignoring_case(address, "http://") || starts_with_ignoring_case(address, "https://");
    if !is_web || !is_safe(address) {
        return None;
    }
    Some((Inline::Link { href: address.to_owned(), text: address.to_owned() }, address.len()))
}

/// Whether a link may go there: `http`, `https` or `mailto`, something behind it, no white space or control.
#[must_use]
pub fn is_safe(href: &str) -> bool {
    let scheme =
        ["https://", "http://", "mailto:"].into_iter().find(|scheme| starts_with_ignoring_case(href, scheme));
    scheme.is_some_and(|scheme| href.len() > scheme.len())
        && !href.chars().any(|character| character.is_whitespace() || character.is_control())
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn link(href: &str, text: &str) -> Inline {
        Inline::Link { href: href.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn marks_become_a_tree() {
        assert_eq!(
            parse("a **b *c*** `**d**`"),
            [text("a "), Inline::Strong(vec![text("b *c")]), text("* "), Inline::Code("**d**".to_owned()),]
        );
        assert_eq!(
            parse("_i_ and snake_case_name"),
            [Inline::Emphasis(vec![text("i")]), text(" and snake_case_name")]
        );
        assert_eq!(parse("2 * 3 * 4"), [text("2 * 3 * 4")]);
        assert_eq!(parse("one\ntwo"), [text("one"), Inline::Break, text("two")]);
    }

    #[test]
    fn addresses_become_links_without_their_full_stop() {
        assert_eq!(
            parse("See https://example.com/a?b=c."),
            [text("See "), link("https://example.com/a?b=c", "https://example.com/a?b=c"), text(".")]
        );
        assert_eq!(parse("[the shop](https://example.com)"), [link("https://example.com", "the shop")]);
    }

    #[test]
    fn links_to_anything_else_stay_text() {
        for hostile in [
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "[x](mailto: a)",
            "javascript:alert(1)",
            "[x](https://)",
        ] {
            assert!(!parse(hostile).iter().any(|piece| matches!(piece, Inline::Link { .. })), "{hostile}");
        }
    }

    fn plain(pieces: &[Inline]) -> String {
        let piece_text = |piece: &Inline| match piece {
            Inline::Text(text) | Inline::Code(text) | Inline::Link { text, .. } => text.clone(),
            Inline::Break => "\n".to_owned(),
            Inline::Strong(inside) | Inline::Emphasis(inside) => plain(inside),
        };
        pieces.iter().map(piece_text).collect()
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_and_every_link_is_safe(text in "[ -~\n*_`\\[\\]()hтé]{0,80}") {
            let pieces = parse(&text);
            prop_assert!(plain(&pieces).chars().filter(|character| character.is_alphanumeric()).count() <= text.len());
            for piece in pieces {
                if let Inline::Link { href, .. } = piece {
                    prop_assert!(is_safe(&href));
                }
            }
        }

        #[test]
        fn text_without_marks_comes_back_as_it_is(text in "[a-gi-zA-GI-Z0-9 .,!?é]{1,80}") {
            prop_assert_eq!(plain(&parse(&text)), text);
        }
    }
}
