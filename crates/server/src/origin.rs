//! Origins: which page a request comes from, and whether that page may.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, header};
use protocol::problem::ProblemCode;
use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::problem::Problem;

/// Scheme and authority of a page: `https://example.com:8443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    /// Host and port as written, in lower case.
    authority: String,
}

/// The text is not `http://host` or `https://host`, with or without a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin is http:// or https://, a host and perhaps a port, and nothing behind it")]
pub struct OriginError;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, authority) = text.split_once("://").ok_or(OriginError)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority).to_ascii_lowercase();
        if !matches!(scheme, "http" | "https") || !is_authority(&authority) {
            return Err(OriginError);
        }
        Ok(Self { scheme: scheme.to_owned(), authority })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.authority)
    }
}

impl Origin {
    /// Whether pages of this origin come encrypted.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }

    /// Host and port, as written.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether one of the domains stands for this page: `example.com`, `*.example.com` (subdomains only); a domain
    /// without a port stands for every port.
    pub(crate) fn is_one_of(&self, domains: &[String]) -> bool {
        let (host, _) = split_port(&self.authority);
        domains.iter().any(|domain| {
            let domain = domain.to_ascii_lowercase();
            let (domain_host, port) = split_port(&domain);
            let host_fits = match domain_host.strip_prefix("*.") {
                Some(parent) => {
                    host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
                }
                None => host == domain_host,
            };
            host_fits && (port.is_none() || split_port(&self.authority).1 == port)
        })
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (host, Some(port))
        }
        _ => (authority, None),
    }
}

/// Whether the text can stand in a header as host and port.
pub(crate) fn is_authority(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    !text.is_empty() && text.len() <= 255 && text.bytes().all(is_plain)
}

/// Who asks, going by the `Origin` header, which browsers set and pages cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asker {
    /// No page: a program, or a navigation.
    NoPage,
    /// A page of ours.
    Ours,
    /// Another page.
    Page(Origin),
    /// A page whose origin cannot be told.
    Opaque,
}

/// Returns who asks.
pub(crate) fn asker(app: &App, headers: &HeaderMap) -> Asker {
    let Some(value) = headers.get(header::ORIGIN) else { return Asker::NoPage };
    let Some(origin) = value.to_str().ok().and_then(|text| text.parse::<Origin>().ok()) else {
        return Asker::Opaque;
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_host = host.is_some_and(|host| host.eq_ignore_ascii_case(origin.authority()));
    if is_host || app.config.public_url.as_ref() == Some(&origin) {
        return Asker::Ours;
    }
    Asker::Page(origin)
}

/// Refuses every page but our own.
pub(crate) fn require_ours(asker: &Asker) -> Result<(), Problem> {
    match asker {
        Asker::NoPage | Asker::Ours => Ok(()),
        Asker::Page(_) | Asker::Opaque => Err(foreign()),
    }
}

/// Refuses every page but our own and those of the touchpoint's domains.
pub(crate) fn require_allowed(asker: &Asker, touchpoint: &Touchpoint) -> Result<(), Problem> {
    match asker {
        Asker::NoPage | Asker::Ours => Ok(()),
        Asker::Page(origin) if origin.is_one_of(&touchpoint.allowed_domains) => Ok(()),
        Asker::Page(_) | Asker::Opaque => Err(foreign()),
    }
}

/// The refusal of a foreign page.
pub(crate) fn foreign() -> Problem {
    Problem::new(ProblemCode::Forbidden, "pages of this origin may not ask")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn a_domain_stands_for_its_host_on_every_port_unless_it_names_one() {
        let domains = ["localhost".to_owned(), "shop.example:8443".to_owned()];
        assert!(origin("http://localhost").is_one_of(&domains));
        assert!(origin("https://LOCALHOST:3000").is_one_of(&domains));
        assert!(origin("https://shop.example:8443").is_one_of(&domains));
        assert!(!origin("https://shop.example").is_one_of(&domains));
        assert!(!origin("https://evil-localhost").is_one_of(&domains));
    }

    #[test]
    fn a_star_stands_for_subdomains_only() {
        let domains = ["*.example.com".to_owned()];
        assert!(origin("https://a.example.com").is_one_of(&domains));
        assert!(origin("https://a.b.example.com:1").is_one_of(&domains));
        assert!(!origin("https://example.com").is_one_of(&domains));
        assert!(!origin("https://badexample.com").is_one_of(&domains));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in ["null", "", "file:///a", "http://a/b", "http://a b", "http://", "http://user@host"] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
