//! Addresses that come from visitors: which of them may become a link, and how they are written.

/// Returns the address when it may be opened from the console: `http` or `https`, without control characters.
pub(crate) fn openable(url: &str) -> Option<&str> {
    let url = url.trim();
    let scheme_length = url.find("://")?;
    let scheme = &url[..scheme_length];
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let has_host = url.len() > scheme_length + 3;
    (is_web && has_host && !url.chars().any(char::is_control)).then_some(url)
}

/// Returns the address as people read it: without scheme and closing slash.
pub(crate) fn readable(url: &str) -> &str {
    let rest = url.trim().split_once("://").map_or(url.trim(), |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for url in ["https://shop.test/a?b=c", "http://localhost:8080/demo/", " HTTPS://Shop.test/ "] {
            assert_eq!(openable(url), Some(url.trim()), "{url}");
        }
        for url in [
            "",
            "javascript:alert(1)",
            "javascript://shop.test/%0aalert(1)",
            "data:text/html,<script>",
            "//shop.test",
            "https://",
            "https://shop.test/\nx",
            "java\nscript://x",
        ] {
            assert_eq!(openable(url), None, "{url}");
        }
    }

    #[test]
    fn addresses_are_read_without_scheme_and_closing_slash() {
        assert_eq!(readable("https://shop.test/"), "shop.test");
        assert_eq!(readable("https://shop.test/cart?x=1"), "shop.test/cart?x=1");
        assert_eq!(readable("about:blank"), "about:blank");
    }
}
