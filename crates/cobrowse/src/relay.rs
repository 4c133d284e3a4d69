//! The server's part of a session: reads headers only, keeps the last whole keyframe and the frames after it, so
//! that a viewer who comes late or fell behind can start without asking the page again. Nothing is decoded here.

use crate::envelope::{EnvelopeError, Flags, Header, Kind};
use crate::limit;

/// What is to be done with a frame of the recorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayStep {
    /// Whether the frame goes to the viewers.
    pub verdict: Verdict,
    /// Whether the recorder is to be asked for a keyframe, as the tail has grown long or a frame is missing.
    pub needs_keyframe: bool,
}

/// Whether a frame goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// To every viewer, in this order.
    Forward,
    /// It is of no use to a viewer: of an unknown kind, or before the first keyframe.
    Skip,
    /// It is malformed or larger than allowed; the sender is not to be trusted and its socket is closed.
    Reject(RelayError),
}

/// Why a frame was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The header is wrong.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The parts of one keyframe are more than a relay keeps.
    #[error("keyframe of more than {} bytes or {} frames", limit::KEYFRAME_BYTES_MAX, limit::TAIL_FRAMES_MAX)]
    KeyframeTooLarge,
}

/// Where the stream of stateful frames stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// Nothing usable yet, or a frame was missed: waits for the first part of a keyframe.
    Broken,
    /// Inside a keyframe whose last part has not come.
    Opening,
    /// A whole keyframe stands and is followed by its tail.
    Whole,
}

/// A bounded memory of what a viewer needs to start. `F` is any cheap-to-clone holder of a frame's bytes.
#[derive(Debug)]
pub struct Relay<F> {
    hello: Option<F>,
    /// The last whole keyframe and its tail; kept while the next keyframe is still arriving.
    whole: Vec<F>,
    whole_tail_bytes: usize,
    /// The parts of a keyframe that is not whole yet, with the frames between them.
    opening: Vec<F>,
    opening_bytes: usize,
    stream: Stream,
    next_sequence: u32,
    asked_at_ms: Option<u64>,
}

impl<F> Default for Relay<F> {
    fn default() -> Self {
        Self {
            hello: None,
            whole: Vec::new(),
            whole_tail_bytes: 0,
            opening: Vec::new(),
            opening_bytes: 0,
            stream: Stream::Broken,
            next_sequence: 0,
            asked_at_ms: None,
        }
    }
}

impl<F: AsRef<[u8]> + Clone> Relay<F> {
    /// Returns a relay that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one frame from the recorder at `now_ms`, which only has to count up.
    pub fn push(&mut self, frame: F, now_ms: u64) -> RelayStep {
        let header = match Header::parse(frame.as_ref()) {
            Ok((header, _)) => header,
            Err(error) => return reject(RelayError::Envelope(error)),
        };
        if header.kind == Kind::Hello {
            self.hello = Some(frame);
            return self.step(Verdict::Forward, now_ms);
        }
        if !header.kind.is_stateful() {
            let is_wanted = matches!(header.kind, Kind::Pointer | Kind::Control | Kind::Acknowledge);
            let verdict = if is_wanted { Verdict::Forward } else { Verdict::Skip };
            return self.step(verdict, now_ms);
        }
        let is_expected = header.sequence == self.next_sequence;
        self.next_sequence = header.sequence.wrapping_add(1);
        let starts_epoch = header.kind == Kind::Keyframe && header.flags.contains(Flags::FIRST);
        if !is_expected && !starts_epoch {
            self.stream = Stream::Broken;
        }
        if starts_epoch {
            self.opening.clear();
            self.opening_bytes = 0;
            self.stream = Stream::Opening;
        }
        let verdict = match self.stream {
            Stream::Broken => Verdict::Skip,
            Stream::Opening => self.keep_opening(frame, header),
            Stream::Whole => self.keep_tail(frame),
        };
        self.step(verdict, now_ms)
    }

    /// Returns what a viewer needs to start, in order: the hello, the last whole keyframe, its tail, and whatever
    /// has come of the next keyframe. Empty before the recorder has said anything. Frames that are pushed
    /// afterwards continue it.
    #[must_use]
    pub fn catch_up(&self) -> Vec<F> {
        self.hello.iter().chain(&self.whole).chain(&self.opening).cloned().collect()
    }

    /// Whether a viewer who starts now gets a whole page.
    #[must_use]
    pub fn has_page(&self) -> bool {
        !self.whole.is_empty()
    }

    /// Tells the relay that the recorder's connection is lost: what comes next begins with a keyframe again.
    pub fn recorder_left(&mut self) {
        self.stream = Stream::Broken;
        self.opening.clear();
        self.opening_bytes = 0;
        self.asked_at_ms = None;
    }

    /// How many bytes of frames are kept.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        let hello_bytes = self.hello.as_ref().map_or(0, |frame| frame.as_ref().len());
        let whole_bytes: usize = self.whole.iter().map(|frame| frame.as_ref().len()).sum();
        hello_bytes + whole_bytes + self.opening_bytes
    }

    fn keep_opening(&mut self, frame: F, header: Header) -> Verdict {
        self.opening_bytes += frame.as_ref().len();
        if self.opening_bytes > limit::KEYFRAME_BYTES_MAX || self.opening.len() >= limit::TAIL_FRAMES_MAX {
            self.opening.clear();
            self.opening_bytes = 0;
            self.stream = Stream::Broken;
            return Verdict::Reject(RelayError::KeyframeTooLarge);
        }
        self.opening.push(frame);
        if header.kind == Kind::Keyframe && header.flags.contains(Flags::LAST) {
            self.whole = std::mem::take(&mut self.opening);
            self.opening_bytes = 0;
            self.whole_tail_bytes = 0;
            self.stream = Stream::Whole;
            self.asked_at_ms = None;
        }
        Verdict::Forward
    }

    /// Viewers who follow live are served even when the tail is given up; only late ones have to wait then.
    fn keep_tail(&mut self, frame: F) -> Verdict {
        self.whole_tail_bytes += frame.as_ref().len();
        if self.is_tail_lost() {
            self.whole.clear();
        } else {
            self.whole.push(frame);
        }
        Verdict::Forward
    }

    fn is_tail_lost(&self) -> bool {
        self.whole.is_empty()
            || self.whole_tail_bytes > limit::TAIL_BYTES_MAX
            || self.whole.len() >= limit::TAIL_FRAMES_MAX
    }

    fn step(&mut self, verdict: Verdict, now_ms: u64) -> RelayStep {
        let is_needed = match self.stream {
            Stream::Broken => true,
            Stream::Opening => false,
            Stream::Whole => self.is_tail_lost() || self.whole_tail_bytes > limit::TAIL_BYTES_SOFT,
        };
        let may_ask = self
            .asked_at_ms
            .is_none_or(|asked_at_ms| now_ms.saturating_sub(asked_at_ms) >= limit::KEYFRAME_ASK_INTERVAL_MS);
        let needs_keyframe = is_needed && may_ask && !matches!(verdict, Verdict::Reject(_));
        if needs_keyframe {
            self.asked_at_ms = Some(now_ms);
        }
        RelayStep { verdict, needs_keyframe }
    }
}

fn reject(error: RelayError) -> RelayStep {
    RelayStep { verdict: Verdict::Reject(error), needs_keyframe: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sender {
        sequence: u32,
    }

    impl Sender {
        fn frame(&mut self, kind: Kind, flags: Flags, payload_bytes: usize) -> Vec<u8> {
            let header = Header { kind, flags, sequence: self.sequence, elapsed_ms: 0 };
            self.sequence += u32::from(kind.is_stateful());
            header.frame(&vec![7; payload_bytes])
        }
    }

    const WHOLE: Flags = Flags::FIRST;

    fn started() -> (Sender, Relay<Vec<u8>>) {
        let mut sender = Sender { sequence: 0 };
        let mut relay = Relay::new();
        assert!(!relay.push(sender.frame(Kind::Keyframe, WHOLE.with(Flags::LAST), 100), 0).needs_keyframe);
        (sender, relay)
    }

    #[test]
    fn late_viewer_gets_hello_keyframe_and_tail_in_order() {
        let mut sender = Sender { sequence: 0 };
        let mut relay = Relay::new();
        let frames = [
            sender.frame(Kind::Hello, Flags::NONE, 5),
            sender.frame(Kind::Keyframe, Flags::FIRST, 50),
            sender.frame(Kind::Keyframe, Flags::LAST, 50),
            sender.frame(Kind::Delta, Flags::DEFLATED, 9),
            sender.frame(Kind::Form, Flags::NONE, 3),
        ];
        for frame in &frames {
            assert_eq!(relay.push(frame.clone(), 0).verdict, Verdict::Forward);
        }
        assert_eq!(relay.catch_up(), frames);
        assert!(relay.has_page());
    }

    #[test]
    fn viewer_who_comes_between_keyframe_parts_can_follow_the_rest() {
        let (mut sender, mut relay) = started();
        let part = sender.frame(Kind::Keyframe, Flags::FIRST, 10);
        relay.push(part.clone(), 0);
        assert_eq!(relay.catch_up().last(), Some(&part));
        let last = sender.frame(Kind::Keyframe, Flags::LAST, 10);
        relay.push(last.clone(), 0);
        assert_eq!(relay.catch_up(), [part, last]);
    }

    #[test]
    fn pointer_is_forwarded_and_not_kept() {
        let (mut sender, mut relay) = started();
        assert_eq!(relay.push(sender.frame(Kind::Pointer, Flags::NONE, 8), 0).verdict, Verdict::Forward);
        assert_eq!(relay.catch_up().len(), 1);
    }

    #[test]
    fn delta_before_the_first_keyframe_is_skipped_and_asks_once_per_interval() {
        let mut sender = Sender { sequence: 0 };
        let mut relay = Relay::new();
        let asks: Vec<bool> = [0, 1, limit::KEYFRAME_ASK_INTERVAL_MS]
            .map(|now_ms| {
                let step = relay.push(sender.frame(Kind::Delta, Flags::NONE, 1), now_ms);
                assert_eq!(step.verdict, Verdict::Skip);
                step.needs_keyframe
            })
            .to_vec();
        assert_eq!(asks, [true, false, true]);
    }

    #[test]
    fn missing_frame_stops_the_stream_until_the_next_keyframe() {
        let (mut sender, mut relay) = started();
        sender.sequence += 1;
        let step = relay.push(sender.frame(Kind::Delta, Flags::NONE, 1), 0);
        assert_eq!(step, RelayStep { verdict: Verdict::Skip, needs_keyframe: true });
        let step = relay.push(sender.frame(Kind::Keyframe, WHOLE.with(Flags::LAST), 1), 1);
        assert_eq!(step, RelayStep { verdict: Verdict::Forward, needs_keyframe: false });
    }

    #[test]
    fn long_tail_asks_for_a_keyframe_and_memory_stays_bounded() {
        let (mut sender, mut relay) = started();
        let mut asked = 0;
        for now_ms in 0..100 {
            let step = relay.push(sender.frame(Kind::Delta, Flags::NONE, 64 * 1024), now_ms);
            assert_eq!(step.verdict, Verdict::Forward);
            asked += u32::from(step.needs_keyframe);
            assert!(relay.kept_bytes() <= limit::TAIL_BYTES_MAX + limit::KEYFRAME_BYTES_MAX);
        }
        assert_eq!(asked, 1);
        assert!(!relay.has_page());
        relay.push(sender.frame(Kind::Keyframe, WHOLE.with(Flags::LAST), 1), 200);
        assert!(relay.has_page());
    }

    #[test]
    fn endless_keyframe_is_rejected() {
        let mut sender = Sender { sequence: 0 };
        let mut relay = Relay::new();
        relay.push(sender.frame(Kind::Keyframe, Flags::FIRST, 1024), 0);
        let rejected = (0..100).any(|_| {
            let step = relay.push(sender.frame(Kind::Keyframe, Flags::NONE, 1024 * 1024), 0);
            step.verdict == Verdict::Reject(RelayError::KeyframeTooLarge)
        });
        assert!(rejected);
        assert_eq!(relay.kept_bytes(), 0);
    }

    #[test]
    fn keyframe_of_endless_tiny_parts_is_rejected() {
        let mut sender = Sender { sequence: 0 };
        let mut relay = Relay::new();
        relay.push(sender.frame(Kind::Keyframe, Flags::FIRST, 0), 0);
        for _ in 1..limit::TAIL_FRAMES_MAX {
            assert_eq!(relay.push(sender.frame(Kind::Delta, Flags::NONE, 0), 0).verdict, Verdict::Forward);
        }
        let step = relay.push(sender.frame(Kind::Delta, Flags::NONE, 0), 0);
        assert_eq!(step.verdict, Verdict::Reject(RelayError::KeyframeTooLarge));
        assert_eq!(relay.kept_bytes(), 0);
    }

    #[test]
    fn malformed_frame_is_rejected() {
        let mut relay = Relay::new();
        let step = relay.push(vec![1, 2, 3], 0);
        assert_eq!(step.verdict, Verdict::Reject(RelayError::Envelope(EnvelopeError::Short(3))));
    }
}
