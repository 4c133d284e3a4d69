//! The binary envelope around every frame: a fixed header that a relay can read without touching the payload.
//!
//! | offset | bytes | field |
//! | --- | --- | --- |
//! | 0 | 1 | version, 1 |
//! | 1 | 1 | kind |
//! | 2 | 1 | flags |
//! | 3 | 1 | reserved, 0 |
//! | 4 | 4 | sequence number, little endian |
//! | 8 | 4 | milliseconds since the sender's last frame, little endian |
//! | 12 | 4 | payload length in bytes, little endian |

use crate::limit;

/// The version of the envelope that this crate writes and reads.
pub const VERSION: u8 = 1;

/// The length of the header in bytes.
pub const HEADER_BYTES: usize = 16;

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From a recorder: what it can do, and the mark of its page. From a viewer: the agent's name, as the pointer on the page carries it.
    Hello,
    /// One part of a whole page.
    Keyframe,
    /// Changes of nodes, attributes and text since the last frame.
    Delta,
    /// Values and states of form fields.
    Form,
    /// Where the sender's pointer is, and whether it pressed.
    Pointer,
    /// Scroll offsets of the page or of one element.
    Scroll,
    /// The size of the visitor's window.
    Viewport,
    /// Rules of a style sheet that the markup does not show.
    StyleSheet,
    /// A picture or font addressed by its hash.
    Asset,
    /// From a viewer: an agent's action on the page. From a recorder: what came of it.
    Control,
    /// The dictionaries start again.
    DictionaryReset,
    /// A viewer's probe, which the recorder sends back as it is.
    Acknowledge,
    /// A viewer asks for a keyframe because its tree is not to be trusted.
    Resync,
    /// The page is hidden or the sharing is held for a moment.
    Pause,
    /// The element that has the focus.
    Focus,
    /// A kind that this version does not know. It is skipped.
    Unknown(u8),
}

impl Kind {
    /// Returns the kind that the byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Hello,
            2 => Self::Keyframe,
            3 => Self::Delta,
            4 => Self::Form,
            5 => Self::Pointer,
            6 => Self::Scroll,
            7 => Self::Viewport,
            8 => Self::StyleSheet,
            9 => Self::Asset,
            10 => Self::Control,
            11 => Self::DictionaryReset,
            12 => Self::Acknowledge,
            13 => Self::Resync,
            14 => Self::Pause,
            15 => Self::Focus,
            other => Self::Unknown(other),
        }
    }

    /// Returns the byte that stands for the kind.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Hello => 1,
            Self::Keyframe => 2,
            Self::Delta => 3,
            Self::Form => 4,
            Self::Pointer => 5,
            Self::Scroll => 6,
            Self::Viewport => 7,
            Self::StyleSheet => 8,
            Self::Asset => 9,
            Self::Control => 10,
            Self::DictionaryReset => 11,
            Self::Acknowledge => 12,
            Self::Resync => 13,
            Self::Pause => 14,
            Self::Focus => 15,
            Self::Unknown(byte) => byte,
        }
    }

    /// Whether a viewer's state depends on having seen every frame of this kind since the last keyframe.
    #[must_use]
    pub fn is_stateful(self) -> bool {
        match self {
            Self::Keyframe
            | Self::Delta
            | Self::Form
            | Self::Scroll
            | Self::Viewport
            | Self::StyleSheet
            | Self::Asset
            | Self::DictionaryReset
            | Self::Pause
            | Self::Focus => true,
            Self::Hello
            | Self::Pointer
            | Self::Control
            | Self::Acknowledge
            | Self::Resync
            | Self::Unknown(_) => false,
        }
    }

    /// Whether an agent's viewer may send this kind towards the visitor's page.
    #[must_use]
    pub fn may_come_from_viewer(self) -> bool {
        matches!(self, Self::Hello | Self::Pointer | Self::Control | Self::Acknowledge | Self::Resync)
    }
}

/// The marks of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// No mark.
    pub const NONE: Self = Self(0);
    /// The first part of a keyframe: a new epoch begins, everything before it may be forgotten.
    pub const FIRST: Self = Self(1);
    /// The last part of a keyframe: from here on the page is whole.
    pub const LAST: Self = Self(2);
    /// The payload is a piece of the epoch's deflate stream.
    pub const DEFLATED: Self = Self(4);

    /// Returns the marks of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every mark of `other` is set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the payload is.
    pub kind: Kind,
    /// Its marks.
    pub flags: Flags,
    /// The sender's count of stateful frames before this one, wrapping. Other frames repeat it without counting,
    /// so that leaving them out makes no gap.
    pub sequence: u32,
    /// Milliseconds since the sender's last frame.
    pub elapsed_ms: u32,
}

/// Why a frame's header was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Fewer bytes than a header has.
    #[error("frame of {0} bytes is shorter than its header")]
    Short(usize),
    /// Another version.
    #[error("frame version {0} is not known")]
    Version(u8),
    /// The payload is not as long as the header says.
    #[error("frame says {said} bytes of payload and has {found}")]
    Length {
        /// What the header says.
        said: usize,
        /// What follows the header.
        found: usize,
    },
    /// More bytes than a frame may have.
    #[error("frame of {0} bytes is too large")]
    TooLarge(usize),
}

impl Header {
    /// Reads the header and gives it back with the payload.
    ///
    /// # Errors
    /// [`EnvelopeError`] when the frame is short, too large, of another version, or not as long as it says.
    pub fn parse(frame: &[u8]) -> Result<(Self, &[u8]), EnvelopeError> {
        if frame.len() > limit::FRAME_BYTES_MAX {
            return Err(EnvelopeError::TooLarge(frame.len()));
        }
        let Some((header, payload)) = frame.split_first_chunk::<HEADER_BYTES>() else {
            return Err(EnvelopeError::Short(frame.len()));
        };
        let [version, .., l0, l1, l2, l3] = *header;
        if version != VERSION {
            return Err(EnvelopeError::Version(version));
        }
        let said = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if said != payload.len() {
            return Err(EnvelopeError::Length { said, found: payload.len() });
        }
        Ok((Self::read(*header), payload))
    }

    /// Returns the header that stands before a payload which is not looked at; `None` when it is of another version.
    #[must_use]
    pub fn peek(header: [u8; HEADER_BYTES]) -> Option<Self> {
        (header[0] == VERSION).then(|| Self::read(header))
    }

    fn read([_, kind, flags, _, s0, s1, s2, s3, e0, e1, e2, e3, ..]: [u8; HEADER_BYTES]) -> Self {
        Self {
            kind: Kind::from_byte(kind),
            flags: Flags(flags),
            sequence: u32::from_le_bytes([s0, s1, s2, s3]),
            elapsed_ms: u32::from_le_bytes([e0, e1, e2, e3]),
        }
    }

    /// Returns the frame of this header and the payload.
    /// The payload is to be shorter than a frame may be; a longer one makes a frame that nobody accepts.
    #[must_use]
    pub fn frame(self, payload: &[u8]) -> Vec<u8> {
        let payload_bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let mut frame = Vec::with_capacity(HEADER_BYTES + payload.len());
        frame.extend_from_slice(&[VERSION, self.kind.to_byte(), self.flags.0, 0]);
        frame.extend_from_slice(&self.sequence.to_le_bytes());
        frame.extend_from_slice(&self.elapsed_ms.to_le_bytes());
        frame.extend_from_slice(&payload_bytes.to_le_bytes());
        frame.extend_from_slice(payload);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_payload_come_back_as_they_went_in() {
        let header = Header {
            kind: Kind::Keyframe,
            flags: Flags::FIRST.with(Flags::DEFLATED),
            sequence: 0xfffe_fdfc,
            elapsed_ms: 17,
        };
        let frame = header.frame(b"abc");
        assert_eq!(Header::parse(&frame), Ok((header, b"abc".as_slice())));
    }

    #[test]
    fn every_kind_has_its_own_byte() {
        for byte in 0..=u8::MAX {
            assert_eq!(Kind::from_byte(byte).to_byte(), byte);
        }
    }

    #[test]
    fn short_foreign_and_lying_frames_are_refused() {
        let header = Header { kind: Kind::Delta, flags: Flags::NONE, sequence: 0, elapsed_ms: 0 };
        let good = header.frame(b"abc");
        assert_eq!(Header::parse(&good[..15]), Err(EnvelopeError::Short(15)));
        assert_eq!(Header::parse(&good[..18]), Err(EnvelopeError::Length { said: 3, found: 2 }));
        let mut foreign = good;
        foreign[0] = 2;
        assert_eq!(Header::parse(&foreign), Err(EnvelopeError::Version(2)));
        assert!(matches!(
            Header::parse(&vec![0; limit::FRAME_BYTES_MAX + 1]),
            Err(EnvelopeError::TooLarge(_))
        ));
    }
}
