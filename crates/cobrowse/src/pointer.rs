//! Where somebody points: the one frame that travels both ways and that nobody misses when it is lost.

use crate::bytes::{Cursor, put_signed, put_varint};

/// What the pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerPhase {
    /// It moves.
    Moved,
    /// A button or a finger went down.
    Pressed,
    /// It left the page.
    Left,
}

/// A pointer's place, in CSS pixels of the visitor's layout viewport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointerMark {
    /// From the left edge.
    pub x: i32,
    /// From the top edge.
    pub y: i32,
    /// What it does there.
    pub phase: PointerPhase,
}

impl PointerPhase {
    /// Returns the phase of a number, 0 to 2.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Moved),
            1 => Some(Self::Pressed),
            2 => Some(Self::Left),
            _ => None,
        }
    }

    /// Returns the number of the phase.
    #[must_use]
    pub fn to_number(self) -> u32 {
        match self {
            Self::Moved => 0,
            Self::Pressed => 1,
            Self::Left => 2,
        }
    }
}

impl PointerMark {
    /// Returns the payload of a pointer frame.
    #[must_use]
    pub fn to_payload(self) -> Vec<u8> {
        let mut payload = Vec::with_capacity(8);
        put_varint(&mut payload, self.phase.to_number());
        put_signed(&mut payload, self.x);
        put_signed(&mut payload, self.y);
        payload
    }

    /// Reads the payload of a pointer frame; `None` when it is malformed.
    #[must_use]
    pub fn from_payload(payload: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(payload);
        let phase = PointerPhase::from_number(cursor.varint()?)?;
        Some(Self { phase, x: cursor.signed()?, y: cursor.signed()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointer_comes_back_and_nonsense_does_not() {
        let mark = PointerMark { x: -3, y: 12_345, phase: PointerPhase::Pressed };
        assert_eq!(PointerMark::from_payload(&mark.to_payload()), Some(mark));
        assert_eq!(PointerMark::from_payload(&[9, 0, 0]), None);
        assert_eq!(PointerMark::from_payload(&[0, 0]), None);
    }
}
