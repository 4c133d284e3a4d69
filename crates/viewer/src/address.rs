//! Addresses of the visitor's page as the stage has them: absolute, and those that are loaded by way of the server where
//! it fetches them.

use std::rc::Rc;

use cobrowse::css;
use cobrowse::node::Text;
use js_sys::encode_uri_component;
use web_sys::Url;

/// How addresses are written on the stage.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    /// The beginning of the addresses under which the server passes files of other sites on; none where the browser
    /// asks these sites itself, as far as the policy of the stage lets it.
    route: Option<Rc<str>>,
}

impl Addresses {
    /// Has files asked for under addresses that begin like this. Only a path of the page's own site is taken.
    pub(crate) fn by_route(route: &str) -> Self {
        let is_own = route.starts_with('/') && !route.starts_with("//");
        Self { route: is_own.then(|| route.into()) }
    }

    /// Returns where a link leads, or `None` when it is no address or leads to a scheme that is not shown.
    pub(crate) fn link(&self, address: &str, base_url: &str) -> Option<String> {
        if let Some(known) = of_plain_path(address, base_url) {
            return Some(known);
        }
        let url = Url::new_with_base(address.trim(), base_url).ok()?;
        matches!(url.protocol().as_str(), "http:" | "https:" | "mailto:" | "tel:").then(|| url.href())
    }

    /// Returns where something is loaded from, or `None` when there is no such place.
    pub(crate) fn loaded(&self, address: &str, base_url: &str) -> Option<String> {
        let Some(route) = &self.route else { return self.link(address, base_url) };
        let url = Url::new_with_base(address.trim(), base_url).ok()?;
        if !matches!(url.protocol().as_str(), "http:" | "https:") {
            return None;
        }
        // What a picture shows may depend on the fragment, of which its site hears nothing.
        let fragment = url.hash();
        url.set_hash("");
        Some(format!("{route}{}{fragment}", String::from(encode_uri_component(&url.href()))))
    }

    /// Returns a `srcset` with every address written anew; candidates that cannot be are left out.
    pub(crate) fn loaded_list(&self, list: &str, base_url: &str) -> String {
        let candidates: Vec<String> = list
            .split(", ")
            .filter_map(|candidate| {
                let candidate = candidate.trim().trim_end_matches(',');
                let (address, size) = candidate.split_once(char::is_whitespace).unwrap_or((candidate, ""));
                Some(format!("{} {size}", self.loaded(address, base_url)?).trim_end().to_owned())
            })
            .collect();
        candidates.join(", ")
    }

    /// Returns style rules or declarations with every address written anew.
    pub(crate) fn loaded_in_css(&self, text: &Text, base_url: &str) -> Text {
        css::with_addresses(text, |address| self.loaded(address, base_url)).as_ref().into()
    }
}

/// Returns what most links of a page come to without asking the browser, which costs more than all else of a link: a
/// path from the top, of nothing that would be written otherwise.
fn of_plain_path(address: &str, base_url: &str) -> Option<String> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| base_url.starts_with(scheme))?;
    let host = base_url[scheme.len()..].split('/').next()?;
    let is_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:".contains(&byte);
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    let is_plain = address.starts_with('/')
        && !address.contains("//")
        && !address.contains("/.")
        && address.bytes().all(is_path)
        && !host.is_empty()
        && host.bytes().all(is_host);
    is_plain.then(|| [scheme, host, address].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_from_the_top_of_a_site_need_no_browser() {
        let check = |address: &str, base_url: &str, expected: Option<&str>| {
            assert_eq!(of_plain_path(address, base_url).as_deref(), expected, "{address} at {base_url}");
        };
        let base_url = "https://shop.test:8443/a/b.html";
        check("/items/5", base_url, Some("https://shop.test:8443/items/5"));
        check("/a_b-c.html", "http://shop.test", Some("http://shop.test/a_b-c.html"));
        for address in
            ["items/5", "//evil.test/x", "/a//b", "/a/../b", "/./a", "/a b", "/a?b", "/ä", "", "#a"]
        {
            check(address, base_url, None);
        }
        for base_url in [
            "javascript:x",
            "data:,x",
            "https://",
            "https://user@shop.test/",
            "https://Shop.test/",
            "about:blank",
        ] {
            check("/items/5", base_url, None);
        }
    }
}
