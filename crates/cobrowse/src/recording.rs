//! A recorded session as a file: the frames as they passed, each with its time. Nothing of a frame but its header is
//! looked at; a file that was cut off is good up to its last whole record.
//!
//! | offset | bytes | field |
//! | --- | --- | --- |
//! | 0 | 8 | [`MAGIC`] |
//! | then, for each record: | | |
//! | 0 | 4 | length of the frame in bytes, little endian; 0 ends the recording |
//! | 4 | 4 | milliseconds since the first record, little endian |
//! | 8 | | the frame |

use crate::envelope::{Flags, HEADER_BYTES, Header, Kind};
use crate::limit;

/// What a file begins with.
pub const MAGIC: [u8; 8] = *b"TDMREC\x01\n";

/// The length of what stands before each frame, in bytes.
pub const RECORD_HEAD_BYTES: usize = 8;

/// After a keyframe, this much time with changes makes another one wanted.
const KEYFRAME_EVERY_MS: u32 = 60_000;
/// As do this many bytes of changes.
const KEYFRAME_EVERY_BYTES: usize = 512 * 1024;
/// A wish that was not heard is said again after this time.
const ASK_AGAIN_MS: u32 = 5_000;
/// So long without a change or a movement is a quiet stretch.
const QUIET_MS: u32 = 5_000;
/// The most places to begin at that an outline names; of more, every second one is left out.
const PLACES_MAX: usize = 2_048;

/// What stands before a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// The length of the frame, 1..=`FRAME_BYTES_MAX`; 0 is the end.
    pub frame_bytes: usize,
    /// When it came, counted from the first record.
    pub at_ms: u32,
}

impl RecordHead {
    /// Returns the bytes that stand before the frame.
    #[must_use]
    pub fn to_bytes(self) -> [u8; RECORD_HEAD_BYTES] {
        let frame_bytes = u32::try_from(self.frame_bytes).unwrap_or(u32::MAX);
        let mut bytes = [0; RECORD_HEAD_BYTES];
        bytes[..4].copy_from_slice(&frame_bytes.to_le_bytes());
        bytes[4..].copy_from_slice(&self.at_ms.to_le_bytes());
        bytes
    }

    /// Reads what stands before a frame; `None` when no frame is that long.
    #[must_use]
    pub fn parse([l0, l1, l2, l3, t0, t1, t2, t3]: [u8; RECORD_HEAD_BYTES]) -> Option<Self> {
        let frame_bytes = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let is_frame = frame_bytes == 0 || (HEADER_BYTES..=limit::FRAME_BYTES_MAX).contains(&frame_bytes);
        is_frame.then_some(Self { frame_bytes, at_ms: u32::from_le_bytes([t0, t1, t2, t3]) })
    }
}

/// Whether a frame belongs into a recording: what a viewer shows does, what viewers and page say to each other does not.
#[must_use]
pub fn is_kept(kind: Kind) -> bool {
    kind == Kind::Pointer || kind.is_stateful()
}

/// Whether a whole page begins with this frame.
#[must_use]
pub fn begins_page(header: Header) -> bool {
    header.kind == Kind::Keyframe && header.flags.contains(Flags::FIRST)
}

/// Says when a recording needs another place to begin at. The recorder keeps the page as it stands on the wire, so a
/// keyframe costs the visitor's page nothing.
#[derive(Debug, Default)]
pub struct Pace {
    keyframe_ms: u32,
    changed_bytes: usize,
    asked_ms: Option<u32>,
}

impl Pace {
    /// Takes a frame that is kept; whether a keyframe is to be asked for.
    pub fn handle(&mut self, header: Header, frame_bytes: usize, at_ms: u32) -> bool {
        if header.kind == Kind::Keyframe {
            *self = Self { keyframe_ms: at_ms, ..Self::default() };
            return false;
        }
        if header.kind.is_stateful() {
            self.changed_bytes += frame_bytes;
        }
        let is_long = self.changed_bytes > 0 && at_ms.saturating_sub(self.keyframe_ms) >= KEYFRAME_EVERY_MS;
        let may_ask = self.asked_ms.is_none_or(|asked| at_ms.saturating_sub(asked) >= ASK_AGAIN_MS);
        let is_wanted = may_ask && (is_long || self.changed_bytes >= KEYFRAME_EVERY_BYTES);
        if is_wanted {
            self.asked_ms = Some(at_ms);
        }
        is_wanted
    }
}

/// A place where playing can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From when on the page is whole.
    pub at_ms: u32,
    /// Where the first record of its keyframe stands in the file.
    pub offset: u64,
}

/// A stretch in which nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Its begin.
    pub from_ms: u32,
    /// Its end.
    pub to_ms: u32,
    /// Whether the page had just been hidden or held.
    pub is_paused: bool,
}

/// What a player has to know of a recording, gathered from its heads and headers.
#[derive(Debug, Default)]
pub struct Outline {
    places: Vec<Place>,
    quiet: Vec<Quiet>,
    opening: Option<u64>,
    place_gap_ms: u32,
    active_ms: u32,
    is_paused: bool,
    end_ms: u32,
}

impl Outline {
    /// Takes the next record: where its head stands, when it came, and the header of its frame. `None` is the end.
    pub fn handle(&mut self, offset: u64, at_ms: u32, header: Option<Header>) {
        self.end_ms = self.end_ms.max(at_ms);
        let Some(header) = header else { return self.note_activity(at_ms, false) };
        if header.kind != Kind::Keyframe {
            return self.note_activity(at_ms, header.kind == Kind::Pause);
        }
        if begins_page(header) {
            self.opening = Some(offset);
        }
        if header.flags.contains(Flags::LAST)
            && let Some(offset) = self.opening.take()
        {
            self.note_place(Place { at_ms, offset });
        }
    }

    /// Where playing can begin, in order.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// When nothing happened, in order.
    #[must_use]
    pub fn quiet(&self) -> &[Quiet] {
        &self.quiet
    }

    /// The time of the last record.
    #[must_use]
    pub fn end_ms(&self) -> u32 {
        self.end_ms
    }

    fn note_activity(&mut self, at_ms: u32, is_paused: bool) {
        if at_ms.saturating_sub(self.active_ms) >= QUIET_MS {
            self.quiet.push(Quiet { from_ms: self.active_ms, to_ms: at_ms, is_paused: self.is_paused });
        }
        self.active_ms = at_ms;
        self.is_paused = is_paused;
    }

    fn note_place(&mut self, place: Place) {
        let is_near =
            self.places.last().is_some_and(|last| place.at_ms.saturating_sub(last.at_ms) < self.place_gap_ms);
        if is_near {
            return;
        }
        if self.places.len() == PLACES_MAX {
            let mut number = 0;
            self.places.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.place_gap_ms = (self.place_gap_ms * 2).max(1_000);
        }
        self.places.push(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: Kind, flags: Flags) -> Header {
        Header { kind, flags, sequence: 0, elapsed_ms: 0 }
    }

    #[test]
    fn a_head_comes_back_as_it_was_written_and_an_impossible_one_is_refused() {
        let head = RecordHead { frame_bytes: 1_234, at_ms: 0xfedc_ba98 };
        assert_eq!(RecordHead::parse(head.to_bytes()), Some(head));
        let end = RecordHead { frame_bytes: 0, at_ms: 9 };
        assert_eq!(RecordHead::parse(end.to_bytes()), Some(end));
        for frame_bytes in [1, HEADER_BYTES - 1, limit::FRAME_BYTES_MAX + 1] {
            assert_eq!(RecordHead::parse(RecordHead { frame_bytes, at_ms: 0 }.to_bytes()), None);
        }
    }

    #[test]
    fn a_keyframe_is_wanted_after_time_with_changes_or_after_many_bytes() {
        let mut pace = Pace::default();
        assert!(!pace.handle(header(Kind::Keyframe, Flags::FIRST), 100, 0));
        assert!(!pace.handle(header(Kind::Pointer, Flags::NONE), 20, KEYFRAME_EVERY_MS), "nothing changed");
        assert!(pace.handle(header(Kind::Delta, Flags::NONE), 20, KEYFRAME_EVERY_MS));
        assert!(
            !pace.handle(header(Kind::Delta, Flags::NONE), 20, KEYFRAME_EVERY_MS + 1),
            "it was asked for"
        );
        assert!(pace.handle(header(Kind::Delta, Flags::NONE), 20, KEYFRAME_EVERY_MS + ASK_AGAIN_MS));
        assert!(!pace.handle(header(Kind::Keyframe, Flags::FIRST), 100, KEYFRAME_EVERY_MS + 9_000));
        assert!(pace.handle(
            header(Kind::Delta, Flags::NONE),
            KEYFRAME_EVERY_BYTES,
            KEYFRAME_EVERY_MS + 9_001
        ));
    }

    #[test]
    fn an_outline_names_whole_keyframes_and_quiet_stretches() {
        let mut outline = Outline::default();
        let records = [
            (8, 0, header(Kind::Keyframe, Flags::FIRST)),
            (50, 40, header(Kind::Keyframe, Flags::LAST)),
            (90, 1_000, header(Kind::Delta, Flags::NONE)),
            (130, 9_000, header(Kind::Keyframe, Flags::FIRST.with(Flags::LAST))),
            (170, 9_500, header(Kind::Pause, Flags::NONE)),
            (210, 20_000, header(Kind::Pointer, Flags::NONE)),
            (250, 20_100, header(Kind::Keyframe, Flags::FIRST)),
        ];
        for (offset, at_ms, header) in records {
            outline.handle(offset, at_ms, Some(header));
        }
        outline.handle(290, 31_000, None);
        assert_eq!(outline.places(), [Place { at_ms: 40, offset: 8 }, Place { at_ms: 9_000, offset: 130 }]);
        let stretch = |from_ms, to_ms, is_paused| Quiet { from_ms, to_ms, is_paused };
        assert_eq!(
            outline.quiet(),
            [stretch(1_000, 9_500, false), stretch(9_500, 20_000, true), stretch(20_000, 31_000, false)]
        );
        assert_eq!(outline.end_ms(), 31_000);
    }

    #[test]
    fn an_outline_stays_bounded_and_keeps_its_first_place() {
        let mut outline = Outline::default();
        let whole = header(Kind::Keyframe, Flags::FIRST.with(Flags::LAST));
        for number in 0..100_000_u32 {
            outline.handle(u64::from(number), number * 100, Some(whole));
        }
        assert!(outline.places().len() <= PLACES_MAX);
        assert_eq!(outline.places()[0], Place { at_ms: 0, offset: 0 });
    }
}
