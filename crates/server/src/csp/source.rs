//! Source lists: whether one of their expressions matches an address (CSP Level 3, section 6.7.2).

use reqwest::Url;

/// Returns the expression of a list that matches an address. `page` is the address of the page, where it is known:
/// `'self'` stands for its origin, and a host without a scheme has its scheme.
pub(crate) fn matching<'a>(values: &'a [String], url: &Url, page: Option<&Url>) -> Option<&'a str> {
    values.iter().map(String::as_str).find(|value| matches(value, url, page))
}

fn matches(value: &str, url: &Url, page: Option<&Url>) -> bool {
    if value == "*" {
        // Of the schemes that pages are loaded from, all.
        return matches!(url.scheme(), "http" | "https" | "ws" | "wss");
    }
    if value.eq_ignore_ascii_case("'self'") {
        return page.is_some_and(|page| {
            page.host_str() == url.host_str()
                && (page.port_or_known_default() == url.port_or_known_default() || is_upgrade(page, url))
                && scheme_fits(page.scheme(), url.scheme())
        });
    }
    if value.starts_with('\'') {
        return false;
    }
    if let Some(scheme) = value.strip_suffix(':') {
        return scheme_fits(&scheme.to_ascii_lowercase(), url.scheme());
    }
    match value.split_once("://") {
        Some((scheme, rest)) => {
            scheme_fits(&scheme.to_ascii_lowercase(), url.scheme()) && host_fits(rest, url)
        }
        None => page.is_none_or(|page| scheme_fits(page.scheme(), url.scheme())) && host_fits(value, url),
    }
}

/// A policy that allows a scheme allows its encrypted sister as well.
fn scheme_fits(allowed: &str, scheme: &str) -> bool {
    allowed == scheme
        || matches!(
            (allowed, scheme),
            ("http", "https") | ("ws", "wss" | "http" | "https") | ("wss", "https")
        )
}

fn is_upgrade(page: &Url, url: &Url) -> bool {
    page.port().is_none() && url.port().is_none() && page.scheme() == "http" && url.scheme() == "https"
}

/// Whether `host[:port][/path]` stands for an address.
fn host_fits(text: &str, url: &Url) -> bool {
    let (authority, path) = match text.find('/') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    let Some(theirs) = url.host_str() else { return false };
    let is_host = match host.strip_prefix("*.") {
        Some(parent) => theirs.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => host == "*" || host == theirs,
    };
    let is_port = match port {
        Some("*") => true,
        Some(port) => {
            url.port_or_known_default().is_some_and(|theirs| port == theirs.to_string())
                || (port == "80" && url.scheme() == "https" && url.port().is_none())
        }
        None => url.port().is_none(),
    };
    is_host && is_port && path_fits(path, url.path())
}

fn path_fits(allowed: &str, path: &str) -> bool {
    let allowed = allowed.split(['?', '#']).next().unwrap_or_default();
    match allowed {
        "" | "/" => true,
        folder if folder.ends_with('/') => path.starts_with(folder),
        file => path == file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(value: &str, url: &str) -> bool {
        matches(value, &Url::parse(url).unwrap(), Some(&Url::parse("https://shop.example/a").unwrap()))
    }

    #[test]
    fn hosts_ports_and_schemes_match_as_browsers_match_them() {
        let ours = "https://chat.example.com/w/tp_a.js";
        for value in [
            "*",
            "https:",
            "http:",
            "wss:",
            "chat.example.com",
            "CHAT.example.com",
            "*.example.com",
            "https://chat.example.com",
            "http://chat.example.com",
            "https://*.example.com:*",
            "chat.example.com:443",
            "https://chat.example.com/w/",
            "https://chat.example.com/w/tp_a.js",
            "https://chat.example.com/",
            "*.com",
            "*:443",
            "http://chat.example.com:80",
        ] {
            assert!(is_match(value, ours), "{value}");
        }
        for value in [
            "'self'",
            "'none'",
            "example.com",
            "*.chat.example.com",
            "chat.example.com:8443",
            "data:",
            "https://chat.example.com/other/",
            "https://chat.example.com/w",
            "chat.example.com.evil.example",
            "self",
            "",
        ] {
            assert!(!is_match(value, ours), "{value}");
        }
    }

    #[test]
    fn a_port_that_is_not_the_schemes_own_has_to_be_named() {
        let ours = "http://127.0.0.1:8080/w/tp_a.js";
        let page = Url::parse("http://127.0.0.1:3000/").unwrap();
        let allows = |value: &str| matches(value, &Url::parse(ours).unwrap(), Some(&page));
        assert!(allows("127.0.0.1:8080") && allows("http://127.0.0.1:*") && allows("http:"));
        assert!(!allows("127.0.0.1") && !allows("'self'") && !allows("https://127.0.0.1:8080"));
    }

    #[test]
    fn self_is_the_page_and_its_encrypted_sister() {
        let page = Url::parse("http://shop.example/").unwrap();
        let allows = |url: &str| matches("'self'", &Url::parse(url).unwrap(), Some(&page));
        assert!(allows("http://shop.example/x") && allows("https://shop.example/x"));
        assert!(!allows("http://shop.example:81/x") && !allows("http://other.example/"));
        assert!(!matches("'self'", &page, None));
    }
}
