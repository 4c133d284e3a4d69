//! Addresses of the visitor's page, made absolute.

use cobrowse::css;
use cobrowse::node::Text;
use web_sys::Url;

/// Returns the absolute address, or `None` when it is none or leads to a scheme that is not shown.
pub(crate) fn absolute(address: &str, base_url: &str) -> Option<String> {
    let url = Url::new_with_base(address.trim(), base_url).ok()?;
    matches!(url.protocol().as_str(), "http:" | "https:" | "mailto:" | "tel:").then(|| url.href())
}

/// Returns a `srcset` with every address made absolute; candidates that cannot be are left out.
pub(crate) fn absolute_list(list: &str, base_url: &str) -> String {
    let candidates: Vec<String> = list
        .split(", ")
        .filter_map(|candidate| {
            let candidate = candidate.trim().trim_end_matches(',');
            let (address, size) = candidate.split_once(char::is_whitespace).unwrap_or((candidate, ""));
            Some(format!("{} {size}", absolute(address, base_url)?).trim_end().to_owned())
        })
        .collect();
    candidates.join(", ")
}

/// Returns style rules or declarations with every address made absolute.
pub(crate) fn absolute_in_css(text: &Text, base_url: &str) -> Text {
    css::with_addresses(text, |address| absolute(address, base_url)).as_ref().into()
}
