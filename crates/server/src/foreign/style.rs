//! A style sheet of another site as the stage needs it: every address inside leads back through the server.

use std::cell::Cell;

use cobrowse::css;
use reqwest::Url;

/// Bytes that the addresses of one sheet may come to: a short name for a long address makes many bytes of few.
const ADDRESSES_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Returns the rules with their addresses behind `route`, those of fragments and of pictures spelled out in place left
/// as they are. Addresses beyond the room there is for them lead nowhere.
pub(crate) fn for_stage(rules: &str, base: &Url, route: &str) -> String {
    let room = Cell::new(ADDRESSES_BYTES_MAX);
    let rewritten = css::with_addresses(rules, |address| {
        if room.get() == 0 {
            return None;
        }
        let mut url = base.join(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        url.set_fragment(None);
        let rewritten = format!("{route}{}{fragment}", encode(url.as_str()));
        room.set(room.get().saturating_sub(rewritten.len()));
        Some(rewritten)
    });
    rewritten.into_owned()
}

/// Percent-encodes a text so that it can be the value of a query's field.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_back_through_the_server() {
        let base = "https://x.test/css/a.css".parse().unwrap();
        let css =
            "@import 'b.css' layer(c);@font-face{src:url(../f.woff2)}a:hover{fill:url(d.svg#e);b:url(#g)}";
        assert_eq!(
            for_stage(css, &base, "/r?url="),
            "@import \"/r?url=https%3A%2F%2Fx.test%2Fcss%2Fb.css\" layer(c);\
             @font-face{src:url(\"/r?url=https%3A%2F%2Fx.test%2Ff.woff2\")}\
             a[data-tandem-hover]{fill:url(\"/r?url=https%3A%2F%2Fx.test%2Fcss%2Fd.svg#e\");b:url(#g)}"
        );
        assert_eq!(for_stage("a{b:url(javascript:c)}", &base, "/r?url="), "a{b:url(\"\")}");
    }

    #[test]
    fn many_short_names_of_one_long_address_do_not_add_up() {
        let base = format!("https://x.test/{}", "%".repeat(2_000)).parse().unwrap();
        let css = "a{b:url(c)}".repeat(100_000);
        let rewritten = for_stage(&css, &base, "/r?url=");
        assert!(rewritten.len() < css.len() + 2 * ADDRESSES_BYTES_MAX);
        assert!(rewritten.ends_with("a{b:url(\"\")}"));
    }
}
