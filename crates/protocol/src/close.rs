//! WebSocket close codes (RFC 6455, section 7.4; 4000–4999 are the application's) and what they ask of a client.

use serde::{Deserialize, Serialize};

/// Why a socket was closed, as far as it matters to what the client does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CloseCode {
    /// 1000: both sides are done.
    Normal,
    /// 1012: the server restarts; connect again.
    Restart,
    /// 4000: a frame broke the protocol (too large, bytes, not JSON, no hello first). What is wrong by RFC 6455
    /// itself, like text that is not UTF-8, is closed with that standard's 1007 or 1002.
    BadFrame,
    /// 4002: no hello within the time.
    NoHello,
    /// 4008: the client read too slowly; connect again and resume.
    TooSlow,
    /// 4009: too many frames in a short time; connect again later.
    TooMany,
    /// 4401: the token or session is not accepted; final.
    Unauthorised,
    /// 4403: the origin may not connect; final.
    Forbidden,
    /// 4410: what the client asks for lives elsewhere or is gone; final.
    Gone,
    /// 4426: the client is too old; final until the page is loaded again.
    Upgrade,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::Restart => 1012,
            Self::BadFrame => 4000,
            Self::NoHello => 4002,
            Self::TooSlow => 4008,
            Self::TooMany => 4009,
            Self::Unauthorised => 4401,
            Self::Forbidden => 4403,
            Self::Gone => 4410,
            Self::Upgrade => 4426,
        }
    }

    /// Whether a client must not try again by itself: every 44xx code, known or not.
    #[must_use]
    pub fn is_final(number: u16) -> bool {
        (4400..4500).contains(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_44xx_codes_are_final() {
        assert!(CloseCode::is_final(CloseCode::Unauthorised.number()));
        assert!(CloseCode::is_final(CloseCode::Upgrade.number()));
        assert!(!CloseCode::is_final(CloseCode::TooSlow.number()));
        assert!(!CloseCode::is_final(CloseCode::Restart.number()));
        assert!(!CloseCode::is_final(1006));
    }
}
