//! Who really asks when a proxy stands before the server. What a request says of itself is believed only when it comes
//! from an address the operator trusts; from everybody else it is taken away before anything reads it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Addresses that begin alike: `10.0.0.0/8`, `2001:db8::/32`, or one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no address with the length of its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is an address, or the beginning of one and its length: 10.0.0.0/8")]
pub struct NetworkError;

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError)?;
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(bits_max), str::parse).map_err(|_| NetworkError)?;
        if bits > bits_max {
            return Err(NetworkError);
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    /// Whether the address begins like this network. An IPv4 address may come dressed as an IPv6 one.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The address a request really comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Finds out who really asks, before anything else looks.
pub(crate) async fn find_client(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let trusted = &app.config.trusted_proxies;
    let address = client(peer.ip(), request.headers(), trusted);
    if !is_trusted(peer.ip(), trusted) {
        request.headers_mut().remove(FOR);
        request.headers_mut().remove(PROTO);
    }
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

/// Whether a trusted proxy says that the browser came by https. Others cannot say anything: see [`find_client`].
pub(crate) fn is_https(headers: &HeaderMap) -> bool {
    let last = headers.get_all(PROTO).iter().next_back().and_then(|value| value.to_str().ok());
    last.and_then(|value| value.rsplit(',').next()).is_some_and(|proto| proto.trim() == "https")
}

/// Whether this is the address of a proxy the operator trusts.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// Bits of an IPv6 address that stand for one household.
const HOUSEHOLD_BITS: u32 = 64;

/// Returns what one household has in common: an IPv6 one has a network of its own.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let shift = u128::BITS - HOUSEHOLD_BITS;
            IpAddr::V6((address.to_bits() >> shift << shift).into())
        }
    }
}

/// Each proxy writes down, at the end, whom it got the request from: read from the end, the first address that is no
/// trusted proxy is the client. Whatever stands before it the client may have made up.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines = headers.get_all(FOR).iter().filter_map(|value| value.to_str().ok());
    let written: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    for entry in written.into_iter().rev() {
        if !is_trusted(client, trusted) {
            break;
        }
        let Some(address) = address_of(entry) else { break };
        client = address.to_canonical();
    }
    client
}

/// Some proxies write the port as well.
fn address_of(entry: &str) -> Option<IpAddr> {
    let parsed = entry.parse::<IpAddr>().or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    parsed.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn check(peer: &str, lines: &[&'static str], expected: &str) {
        let trusted = networks(&["10.0.0.0/8", "::1", "2001:db8::/32"]);
        let mut map = HeaderMap::new();
        for line in lines {
            map.append(FOR, HeaderValue::from_static(line));
        }
        let found = client(peer.parse().unwrap(), &map, &trusted);
        assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
    }

    #[test]
    fn a_header_is_believed_from_trusted_proxies_alone() {
        check("192.0.2.1", &["203.0.113.9"], "192.0.2.1");
        check("10.1.2.3", &["203.0.113.9"], "203.0.113.9");
        check("10.1.2.3", &[], "10.1.2.3");
        check("::1", &["203.0.113.9"], "203.0.113.9");
        check("::ffff:10.1.2.3", &["203.0.113.9"], "203.0.113.9");
    }

    #[test]
    fn what_the_client_made_up_is_passed_over() {
        check("10.1.2.3", &["1.2.3.4, 203.0.113.9"], "203.0.113.9");
        check("10.1.2.3", &["1.2.3.4", "203.0.113.9, 10.9.9.9"], "203.0.113.9");
        check("10.1.2.3", &["10.7.7.7, 203.0.113.9"], "203.0.113.9");
        check("10.1.2.3", &["nonsense"], "10.1.2.3");
        check("10.1.2.3", &["203.0.113.9:4711"], "203.0.113.9");
        check("10.1.2.3", &["[2001:db9::1]:4711"], "2001:db9::1");
    }

    #[test]
    fn networks_are_addresses_with_the_length_of_their_beginning() {
        let home: Network = "192.168.0.0/16".parse().unwrap();
        assert!(home.contains("192.168.7.7".parse().unwrap()));
        assert!(!home.contains("192.169.0.1".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("8.8.8.8".parse().unwrap()));
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/-1", "host"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
