//! Ids: one newtype per thing, so that one cannot stand where another belongs.
//!
//! Every id is a prefix and 32 lower-case hexadecimal digits of a UUIDv7 (RFC 9562), except the touchpoint's,
//! which owners may choose.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::time::UnixMillis;

/// Randomness of one id, given by the shell that owns a source of it.
pub type Entropy = [u8; 10];

/// Returns the 32 hexadecimal digits of a UUIDv7 (RFC 9562, section 5.7) made of a time and 74 random bits.
#[must_use]
pub fn uuid_v7_hex(now: UnixMillis, entropy: Entropy) -> String {
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&now.0.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&entropy);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let mut hex = String::with_capacity(32);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    hex
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Makes a new id; the shell gives time and randomness.
            #[must_use]
            pub fn new(now: UnixMillis, entropy: Entropy) -> Self {
                Self(format!("{}{}", $prefix, uuid_v7_hex(now, entropy)))
            }

            /// Whether the text has this id's prefix and 32 lower-case hexadecimal digits.
            #[must_use]
            pub fn is_well_formed(&self) -> bool {
                self.0.strip_prefix($prefix).is_some_and(|rest| {
                    rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                })
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

prefixed_id!(
    /// A visitor who has acted, and with that is kept: `cus_…`.
    CustomerId,
    "cus_"
);
prefixed_id!(
    /// A conversation of one customer: `cnv_…`. The client makes it, so that a first message sent twice makes one.
    ConversationId,
    "cnv_"
);
prefixed_id!(
    /// A message: `msg_…`. The client makes it when send is pressed; the server keeps one message per id.
    MessageId,
    "msg_"
);
prefixed_id!(
    /// Somebody who answers: `agt_…`.
    AgentId,
    "agt_"
);
prefixed_id!(
    /// A co-browse session: `cob_…`.
    CobrowseId,
    "cob_"
);
prefixed_id!(
    /// A recording of a co-browse session: `rec_…`.
    RecordingId,
    "rec_"
);
prefixed_id!(
    /// Agents who answer together: `team_…`.
    TeamId,
    "team_"
);
prefixed_id!(
    /// A file that belongs to a message: `att_…`.
    AttachmentId,
    "att_"
);

/// A touchpoint: `tp_` and 1 to 40 of `a-z 0-9 _`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TouchpointId(pub String);

impl TouchpointId {
    /// Whether the text has the prefix and 1 to 40 allowed characters.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.0.strip_prefix("tp_").is_some_and(|rest| {
            (1..=40).contains(&rest.len())
                && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        })
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TouchpointId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_are_well_formed_and_sort_by_time() {
        let early = MessageId::new(UnixMillis(1_700_000_000_000), [0xff; 10]);
        let late = MessageId::new(UnixMillis(1_700_000_000_001), [0; 10]);
        assert!(early.is_well_formed() && late.is_well_formed());
        assert!(early < late);
        assert_eq!(&early.0[16..17], "7");
    }

    #[test]
    fn foreign_prefixes_and_odd_characters_are_refused() {
        for text in [
            "",
            "cus_",
            "msg_0",
            "cus_0123456789abcdef0123456789abcdeX",
            "cus_0123456789ABCDEF0123456789ABCDEF",
        ] {
            assert!(!CustomerId(text.to_owned()).is_well_formed(), "{text}");
        }
        assert!(TouchpointId("tp_demo".to_owned()).is_well_formed());
        assert!(!TouchpointId("tp_".to_owned()).is_well_formed());
        assert!(!TouchpointId("tp_../x".to_owned()).is_well_formed());
    }
}
