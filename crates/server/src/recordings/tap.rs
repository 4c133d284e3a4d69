//! Where frames leave the relay for a recording. It never waits: what the disk does not take in time is left out, and the
//! recording goes on with the next whole page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;
use cobrowse::envelope::Header;
use cobrowse::recording::{Pace, begins_page, is_kept};
use protocol::time::UnixMillis;
use tokio::sync::mpsc;

/// Frames that wait for the disk before some are left out.
const WAITING_FRAMES_MAX: usize = 4_096;
/// Bytes that wait for the disk before some are left out: two keyframes of the largest kind.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// While frames are left out, a keyframe is asked for this often, in milliseconds.
const ASK_AGAIN_MS: u32 = 3_000;

/// A frame with its time.
#[derive(Debug)]
pub(super) struct Record {
    /// When it came, from the first one.
    pub(super) at_ms: u32,
    /// The frame as it was sent.
    pub(super) frame: Bytes,
}

/// What waits for the disk.
#[derive(Debug)]
pub(super) struct Records {
    waiting: mpsc::Receiver<Record>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Records {
    /// Returns the next one, as soon as there is one; `None` once the session is over.
    pub(super) async fn next(&mut self) -> Option<Record> {
        self.waiting.recv().await.inspect(|record| self.count(record))
    }

    /// Returns the next one if it is there already.
    pub(super) fn next_now(&mut self) -> Option<Record> {
        self.waiting.try_recv().ok().inspect(|record| self.count(record))
    }

    fn count(&self, record: &Record) {
        self.waiting_bytes.fetch_sub(record.frame.len(), Ordering::Relaxed);
    }
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tapped {
    /// It is kept, or of no use to a recording.
    Taken,
    /// The same, and the recording needs a keyframe.
    KeyframeWanted,
    /// Nothing more is recorded.
    Over,
}

/// Takes the frames of one session.
#[derive(Debug)]
pub(crate) struct Tap {
    waiting: mpsc::Sender<Record>,
    waiting_bytes: Arc<AtomicUsize>,
    begun_at: Option<UnixMillis>,
    last_ms: u32,
    /// Whether everything since the last keyframe is kept.
    is_whole: bool,
    pace: Pace,
    asked_ms: Option<u32>,
}

impl Tap {
    /// Returns a tap and what comes out of it.
    pub(super) fn new() -> (Self, Records) {
        let (sender, waiting) = mpsc::channel(WAITING_FRAMES_MAX);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let tap = Self {
            waiting: sender,
            waiting_bytes: Arc::clone(&waiting_bytes),
            begun_at: None,
            last_ms: 0,
            is_whole: false,
            pace: Pace::default(),
            asked_ms: None,
        };
        (tap, Records { waiting, waiting_bytes })
    }

    /// Takes a frame that the relay passes on.
    pub(crate) fn put(&mut self, frame: &Bytes, now: UnixMillis) -> Tapped {
        let Ok((header, _)) = Header::parse(frame) else { return Tapped::Taken };
        if !is_kept(header.kind) {
            return Tapped::Taken;
        }
        let is_begin = begins_page(header);
        if self.begun_at.is_none() && !is_begin {
            return Tapped::Taken;
        }
        let begun_at = *self.begun_at.get_or_insert(now);
        // A clock that is set back must not make times run backwards.
        let at_ms = u32::try_from(now.since_ms(begun_at)).unwrap_or(0).max(self.last_ms);
        self.last_ms = at_ms;
        self.is_whole |= is_begin;
        if !self.is_whole {
            return self.wish(at_ms);
        }
        let frame_bytes = frame.len();
        if self.waiting_bytes.fetch_add(frame_bytes, Ordering::Relaxed) + frame_bytes > WAITING_BYTES_MAX {
            return self.leave_out(frame_bytes, at_ms);
        }
        match self.waiting.try_send(Record { at_ms, frame: frame.clone() }) {
            Ok(()) if self.pace.handle(header, frame_bytes, at_ms) => Tapped::KeyframeWanted,
            Ok(()) => Tapped::Taken,
            Err(mpsc::error::TrySendError::Full(_)) => self.leave_out(frame_bytes, at_ms),
            Err(mpsc::error::TrySendError::Closed(_)) => Tapped::Over,
        }
    }

    fn leave_out(&mut self, frame_bytes: usize, at_ms: u32) -> Tapped {
        self.waiting_bytes.fetch_sub(frame_bytes, Ordering::Relaxed);
        self.is_whole = false;
        self.wish(at_ms)
    }

    fn wish(&mut self, at_ms: u32) -> Tapped {
        if self.asked_ms.is_some_and(|asked| at_ms.saturating_sub(asked) < ASK_AGAIN_MS) {
            return Tapped::Taken;
        }
        self.asked_ms = Some(at_ms);
        Tapped::KeyframeWanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cobrowse::envelope::{Flags, Kind};

    fn frame(kind: Kind, flags: Flags, payload_bytes: usize) -> Bytes {
        Header { kind, flags, sequence: 0, elapsed_ms: 0 }.frame(&vec![0; payload_bytes]).into()
    }

    fn keyframe() -> Bytes {
        frame(Kind::Keyframe, Flags::FIRST.with(Flags::LAST), 10)
    }

    fn delta(payload_bytes: usize) -> Bytes {
        frame(Kind::Delta, Flags::NONE, payload_bytes)
    }

    fn drain(records: &mut Records) -> Vec<(u32, usize)> {
        std::iter::from_fn(|| records.next_now()).map(|record| (record.at_ms, record.frame.len())).collect()
    }

    #[test]
    fn a_recording_begins_with_a_page_and_counts_its_time_from_there() {
        let (mut tap, mut records) = Tap::new();
        tap.put(&delta(3), UnixMillis(500));
        tap.put(&frame(Kind::Acknowledge, Flags::NONE, 8), UnixMillis(900));
        tap.put(&keyframe(), UnixMillis(1_000));
        tap.put(&frame(Kind::Acknowledge, Flags::NONE, 8), UnixMillis(1_010));
        tap.put(&frame(Kind::Pointer, Flags::NONE, 8), UnixMillis(1_020));
        tap.put(&delta(3), UnixMillis(990));
        assert_eq!(drain(&mut records), [(0, 26), (20, 24), (20, 19)]);
    }

    #[test]
    fn a_disk_that_is_too_slow_costs_frames_and_never_more_memory() {
        let (mut tap, mut records) = Tap::new();
        assert_eq!(tap.put(&keyframe(), UnixMillis(0)), Tapped::Taken);
        let wishes = (1..40).filter(|at| tap.put(&delta(1024 * 1024), UnixMillis(*at)) != Tapped::Taken);
        assert!(wishes.count() >= 1);
        assert!(tap.waiting_bytes.load(Ordering::Relaxed) <= WAITING_BYTES_MAX);
        let kept = drain(&mut records).len();
        assert!((10..17).contains(&kept), "{kept} are kept");
        tap.put(&delta(3), UnixMillis(50));
        assert_eq!(drain(&mut records), [], "what builds on a frame that was left out is left out as well");
        tap.put(&keyframe(), UnixMillis(60));
        tap.put(&delta(3), UnixMillis(70));
        assert_eq!(drain(&mut records).len(), 2);
    }

    #[test]
    fn many_small_frames_are_bounded_as_well() {
        let (mut tap, mut records) = Tap::new();
        tap.put(&keyframe(), UnixMillis(0));
        (0..WAITING_FRAMES_MAX as i64 + 100).for_each(|at| {
            tap.put(&delta(1), UnixMillis(at));
        });
        assert_eq!(drain(&mut records).len(), WAITING_FRAMES_MAX);
    }

    #[test]
    fn a_writer_that_is_gone_ends_it() {
        let (mut tap, records) = Tap::new();
        drop(records);
        assert_eq!(tap.put(&keyframe(), UnixMillis(0)), Tapped::Over);
    }
}
