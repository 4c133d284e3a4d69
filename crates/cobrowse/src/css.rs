//! Addresses inside style sheets, made absolute: the rebuilt page has another address than the visitor's.

use std::borrow::Cow;

/// Returns `css` with every `url(…)` replaced by what `resolve` makes of its address. An address that it refuses
/// becomes an empty one. Addresses of fragments and pictures spelled out in place stay as they are.
pub fn with_addresses<'a>(css: &'a str, resolve: impl Fn(&str) -> Option<String>) -> Cow<'a, str> {
    let mut rest = css;
    let mut out = String::new();
    while let Some(start) = find_url(rest) {
        let (before, from) = rest.split_at(start + "url(".len());
        let Some((address, length)) = address(from) else { break };
        out.push_str(before);
        if address.starts_with('#') || address.starts_with("data:image/") || address.starts_with("data:font/")
        {
            out.push_str(&from[..length]);
        } else {
            out.push('"');
            out.push_str(&escape(&resolve(&address).unwrap_or_default()));
            out.push_str("\")");
        }
        rest = &from[length..];
    }
    if out.is_empty() {
        return Cow::Borrowed(css);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn find_url(css: &str) -> Option<usize> {
    css.as_bytes().windows(4).position(|window| window.eq_ignore_ascii_case(b"url("))
}

/// Reads an address up to its closing parenthesis; gives it back with the length of what was read.
fn address(from: &str) -> Option<(String, usize)> {
    let trimmed = from.trim_start();
    let skipped = from.len() - trimmed.len();
    let quote = trimmed.chars().next().filter(|c| matches!(c, '"' | '\''));
    let body = if quote.is_some() { &trimmed[1..] } else { trimmed };
    let mut address = String::new();
    let mut is_escaped = false;
    for (at, c) in body.char_indices() {
        let ends = !is_escaped && quote.map_or(c == ')', |quote| c == quote);
        if ends {
            let inner = skipped + usize::from(quote.is_some()) + at;
            let length =
                if quote.is_some() { inner + 1 + from[inner + 1..].find(')')? + 1 } else { inner + 1 };
            return Some((address.trim_end().to_owned(), length));
        }
        is_escaped = c == '\\' && !is_escaped;
        if !is_escaped {
            address.push(c);
        }
    }
    None
}

fn escape(address: &str) -> String {
    address.replace('\\', "%5C").replace('"', "%22").replace(['\n', '\r'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, expected: &str) {
        let resolved = with_addresses(css, |address| Some(format!("https://x.test/{address}")));
        assert_eq!(resolved, expected);
    }

    #[test]
    fn addresses_become_absolute_whatever_the_quotes() {
        check("a{b:url(c.png)}", "a{b:url(\"https://x.test/c.png\")}");
        check("a{b:URL( 'c d.png' ) x}", "a{b:URL(\"https://x.test/c d.png\") x}");
        check("url(\"a\\\"b\")url(c)", "url(\"https://x.test/a%22b\")url(\"https://x.test/c\")");
    }

    #[test]
    fn fragments_pictures_and_plain_rules_stay() {
        for css in ["a{b:url(#c)}", "a{b:url(data:image/png;base64,AA)}", "a{color:red}", "é url(open"] {
            check(css, css);
        }
    }
}
