//! Style sheets as the stage needs them. Addresses become absolute, as the rebuilt page has another address than the
//! visitor's, and what asks for a state of the visitor's browser asks for an attribute that the stage sets.
//!
//! The text is cut into tokens as a browser cuts it, escapes included, as far as an address may hide in them:
//! `url(…)`, the string behind `@import`, and the strings of functions that take addresses as strings.

use std::borrow::Cow;

use crate::css_token::{Token, Tokens};

/// Functions whose strings are addresses.
const ADDRESS_FUNCTIONS: [&str; 4] = ["image-set", "-webkit-image-set", "image", "src"];
/// Functions that put in what stands elsewhere, where a string was no address yet.
const SUBSTITUTIONS: [&str; 5] = ["var", "env", "attr", "if", "inherit"];

/// The attribute of elements under the visitor's pointer.
pub const HOVER: &str = "data-tandem-hover";
/// The attribute of the element that has the visitor's focus.
pub const FOCUS: &str = "data-tandem-focus";

/// Returns the selector that stands for a state on the stage. It is as specific as a pseudo-class.
fn selector_of(state: &str) -> String {
    match state {
        "hover" => format!("[{HOVER}]"),
        "focus-within" => format!(":is([{FOCUS}],:has([{FOCUS}]))"),
        // No script of the page runs on the stage, so no element of its own is ever defined there.
        "defined" => ":not([data-tandem-undefined])".into(),
        _ => format!("[{FOCUS}]"),
    }
}

/// Returns `css` with every address replaced by what `resolve` makes of it. An address that it refuses becomes an
/// empty one. Addresses of fragments and pictures spelled out in place stay as they are. Pseudo-classes of states
/// become attributes.
pub fn with_addresses<'a>(css: &'a str, resolve: impl Fn(&str) -> Option<String>) -> Cow<'a, str> {
    let mut rewriting = Rewriting { css, out: String::new(), copied: 0 };
    let mut tokens = Tokens::new(css);
    let mut is_import = false;
    // Conditions of an at-rule ask for `(hover:hover)` of a device.
    let mut is_condition = false;
    // For each open parenthesis, whether strings directly inside are addresses.
    let mut open: Vec<bool> = Vec::new();
    while let Some((token, start)) = tokens.next_token() {
        let takes_address = is_import || open.last() == Some(&true);
        let span = start..tokens.position();
        match token {
            Token::Url(address) => {
                is_import = false;
                if let Some(address) = replacement(&address, &resolve) {
                    rewriting.replace(span, &format!("url({address})"));
                }
            }
            Token::Text(address) if takes_address => {
                is_import = false;
                if let Some(address) = replacement(&address, &resolve) {
                    rewriting.replace(span, &address);
                }
            }
            Token::Function(name) => {
                let is_substitution = SUBSTITUTIONS.contains(&name.as_str()) || name.starts_with("--");
                if takes_address && is_substitution {
                    // No browser knows it, so the declaration is dropped.
                    rewriting.replace(span, "-tandem-left-out(");
                }
                open.push(ADDRESS_FUNCTIONS.contains(&name.as_str()));
            }
            Token::AtKeyword(name) => {
                is_import = name == "import";
                is_condition = true;
            }
            Token::State(state) if !is_condition => rewriting.replace(span, &selector_of(state)),
            Token::Other('(') => open.push(false),
            Token::Other(')') => drop(open.pop()),
            Token::Other(';' | '{' | '}') => {
                is_import = false;
                is_condition = false;
            }
            Token::Text(_) | Token::State(_) | Token::Other(_) => {}
        }
    }
    rewriting.finish()
}

/// Returns what is to stand in the place of an address, in quotes; `None` when it stays.
fn replacement(address: &str, resolve: impl Fn(&str) -> Option<String>) -> Option<String> {
    let address = address.trim();
    if address.starts_with('#') || address.starts_with("data:image/") || address.starts_with("data:font/") {
        return None;
    }
    let absolute = resolve(address).unwrap_or_default();
    let escaped = absolute.replace('\\', "%5C").replace('"', "%22").replace(['\n', '\r', '\x0c'], "");
    Some(format!("\"{escaped}\""))
}

/// The text with what has been replaced so far; nothing is copied while nothing is.
struct Rewriting<'a> {
    css: &'a str,
    out: String,
    copied: usize,
}

impl<'a> Rewriting<'a> {
    fn replace(&mut self, span: std::ops::Range<usize>, with: &str) {
        self.out.push_str(&self.css[self.copied..span.start]);
        self.out.push_str(with);
        self.copied = span.end;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.css);
        }
        self.out.push_str(&self.css[self.copied..]);
        Cow::Owned(self.out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(css: &str, expected: &str) {
        let resolved = with_addresses(css, |address| Some(format!("https://x.test/{address}")));
        assert_eq!(resolved, expected, "{css}");
    }

    #[test]
    fn addresses_become_absolute_whatever_the_quotes() {
        check("a{b:url(c.png)}", "a{b:url(\"https://x.test/c.png\")}");
        check("a{b:URL( 'c d.png' ) x}", "a{b:url(\"https://x.test/c d.png\") x}");
        check("url(\"a\\\"b\")url(c)", "url(\"https://x.test/a%22b\")url(\"https://x.test/c\")");
        check("url( c ) /* ' */ url(d)", "url(\"https://x.test/c\") /* ' */ url(\"https://x.test/d\")");
    }

    #[test]
    fn fragments_pictures_and_plain_rules_stay() {
        for css in [
            "a{b:url(#c)}",
            "a{b:url(data:image/png;base64,AA)}",
            "a{color:red}",
            "é{content:\"url(a)\"}",
            "/* url(a) @import 'b' */",
            "curl(a)",
            "#a::before{content:'b'}",
            "@media (min-width:1px){a{b:c(\"d\")}}",
        ] {
            check(css, css);
        }
    }

    #[test]
    fn addresses_are_found_however_they_are_escaped() {
        for css in ["u\\72l(c)", "\\75\\72\\6c (c)", "\\000075rl('c')", "U\\R\\L(\"\\63\")", "url(\\63 )"] {
            check(css, "url(\"https://x.test/c\")");
        }
        check("@\\69mport 'c';", "@\\69mport \"https://x.test/c\";");
        check("im\\61ge-set('c' 1x)", "im\\61ge-set(\"https://x.test/c\" 1x)");
    }

    #[test]
    fn strings_that_are_addresses_become_absolute() {
        check("@import \"c\" screen;a{b:\"d\"}", "@import \"https://x.test/c\" screen;a{b:\"d\"}");
        check("@IMPORT/**/'c'", "@IMPORT/**/\"https://x.test/c\"");
        check("@import url(c) supports(d:'e');", "@import url(\"https://x.test/c\") supports(d:'e');");
        check(
            "-webkit-image-set('c' type('image/png') 2x, url(d))'e'",
            "-webkit-image-set(\"https://x.test/c\" type('image/png') 2x, url(\"https://x.test/d\"))'e'",
        );
        check("image-set(var(--c) 1x)", "image-set(-tandem-left-out(--c) 1x)");
        check("a{b:var(--c)}", "a{b:var(--c)}");
    }

    #[test]
    fn states_that_only_the_visitors_browser_knows_become_attributes() {
        check("a:hover b{c:d}", "a[data-tandem-hover] b{c:d}");
        check("a:not(:HOVER):focus-visible{}", "a:not([data-tandem-hover])[data-tandem-focus]{}");
        check(".a:focus-within{}", ".a:is([data-tandem-focus],:has([data-tandem-focus])){}");
        check("x-a:not(:defined){}", "x-a:not(:not([data-tandem-undefined])){}");
        for css in [
            "@media (hover:hover) and (any-hover:hover){a{b:c}}",
            "a{content:':hover'}",
            "/* :hover */",
            "a:hovered,a:focus-ring{}",
            ".a\\:hover{}",
        ] {
            check(css, css);
        }
        check("@media (hover:hover){a:hover{}}", "@media (hover:hover){a[data-tandem-hover]{}}");
    }

    #[test]
    fn what_the_end_cuts_off_is_an_address_all_the_same() {
        check("é url(open", "é url(\"https://x.test/open\")");
        check("url('open", "url(\"https://x.test/open\")");
        check("@import 'open", "@import \"https://x.test/open\"");
    }

    #[test]
    fn refused_address_becomes_an_empty_one() {
        assert_eq!(with_addresses("url(c) image-set('c')", |_| None), "url(\"\") image-set(\"\")");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_text_a_second_pass_finds_nothing_left_to_do(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "url(", "u\\72l(", "@import", "image-set(", "var(", "(", ")", "'", "\"", "\\", "/*", "*/", "\n", "\r\n",
                ";", "{", "}", "#", "-", "1e", " ", "c", "é", "\0", "\\c ", "data:image/", "https://x.test/",
                ":hover", "@media", ":", "focus",
            ]),
            0..16,
        )) {
            let resolve = |address: &str| match address.starts_with("https://x.test/") {
                true => Some(address.to_owned()),
                false => Some(format!("https://x.test/{address}")),
            };
            let once = with_addresses(&pieces.concat(), resolve).into_owned();
            prop_assert_eq!(&with_addresses(&once, resolve), &once);
        }
    }
}
