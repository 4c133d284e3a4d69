//! The box of an element whose content is not told: how large it is and how it stands among the others, so that what
//! is around it keeps its place.

use std::fmt::Write as _;

/// The attribute that carries the box: `600x48`, then, once it is known, the value of each of [`PROPERTIES`] after
/// a semicolon.
pub const ATTRIBUTE: &str = "data-tandem-blocked";

/// What is told of the box beside its size; the reader has the same in `www/reader/blocked.js`.
const PROPERTIES: [&str; 19] = [
    "display",
    "position",
    "float",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "top",
    "right",
    "bottom",
    "left",
    "z-index",
    "order",
    "align-self",
    "justify-self",
    "grid-row-start",
    "grid-row-end",
    "grid-column-start",
    "grid-column-end",
];

/// Bytes of one value.
const VALUE_BYTES_MAX: usize = 40;

/// Returns the declarations that draw the box; none when the value says no size. A property whose value is not made of
/// plain words and numbers is left out.
#[must_use]
pub fn declarations(value: &str) -> Option<String> {
    let mut parts = value.split(';');
    let (width, height) = parts.next()?.split_once('x')?;
    let (width, height) = (width.parse::<u32>().ok()?, height.parse::<u32>().ok()?);
    let mut style = format!("width:{width}px;height:{height}px");
    for (property, value) in PROPERTIES.into_iter().zip(parts).filter(|(_, value)| is_plain(value)) {
        // A size means nothing to a box that runs with the text.
        let value = if value == "inline" { "inline-block" } else { value };
        let _ = write!(style, ";{property}:{value}");
    }
    Some(style)
}

fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= VALUE_BYTES_MAX
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .-%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_alone_is_enough() {
        assert_eq!(declarations("600x48").as_deref(), Some("width:600px;height:48px"));
    }

    #[test]
    fn the_place_among_others_follows_the_size() {
        let style = declarations("600x48;block;absolute;none;16px;0px;-4.5px").unwrap();
        assert_eq!(
            style,
            "width:600px;height:48px;display:block;position:absolute;float:none;margin-top:16px;margin-right:0px;\
             margin-bottom:-4.5px"
        );
        assert!(declarations("1x1;inline").unwrap().ends_with("display:inline-block"));
    }

    #[test]
    fn what_is_no_plain_value_is_left_out() {
        let long = "a".repeat(VALUE_BYTES_MAX + 1);
        for hostile in ["url(//elsewhere)", "block}*{color:red", "var(--x)", "a:b", "/*", "", &long] {
            let style = declarations(&format!("2x3;{hostile};fixed")).unwrap();
            assert_eq!(style, "width:2px;height:3px;position:fixed", "{hostile}");
        }
        let many = format!("2x3{}", ";0px".repeat(100));
        assert_eq!(declarations(&many).unwrap().matches(';').count(), 1 + PROPERTIES.len());
    }

    #[test]
    fn without_a_size_there_is_no_box() {
        for value in ["", "x", "12", "1.5x2", "-1x2", "1x2x3", "99999999999x1", "a;block"] {
            assert_eq!(declarations(value), None, "{value}");
        }
    }
}
