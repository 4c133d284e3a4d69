//! Where the frames of one session pass through: one recorder, any number of viewers, bounded queues everywhere.
//! A viewer that falls behind loses its tail and starts again from the last keyframe.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use cobrowse::relay::{Relay, Verdict};
use protocol::cobrowse::CobrowseEnd;
use protocol::time::UnixMillis;
use tokio::sync::{Notify, mpsc, watch};

use crate::recordings::{Tap, Tapped};

/// Frames that wait for one viewer before it starts again.
const VIEWER_FRAMES_MAX: usize = 512;
/// Bytes that wait for one viewer before it starts again. They are shared between viewers, not copied.
const VIEWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Messages that wait for the recorder; more are dropped, as pointers are out of date then.
const RECORDER_MESSAGES_MAX: usize = 64;

/// What goes to the recorder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ToRecorder {
    /// A whole page is needed.
    KeyframeNeeded,
    /// So many viewers look on.
    Viewers(usize),
    /// A frame of a viewer.
    Frame(Bytes),
    /// Viewers do not get what lies at this address.
    Missing(String),
}

/// Why a recorder's frame was not taken; its socket is closed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PushError {
    /// Another recorder has taken over.
    Replaced,
    /// It is no frame, or too large.
    Malformed,
}

#[derive(Debug, Default)]
struct Viewer {
    waiting: VecDeque<Bytes>,
    bytes: usize,
    is_behind: bool,
    arrived: Arc<Notify>,
}

impl Viewer {
    fn put(&mut self, frame: &Bytes) {
        if self.is_behind {
            return;
        }
        self.waiting.push_back(frame.clone());
        self.bytes += frame.len();
        if self.waiting.len() > VIEWER_FRAMES_MAX || self.bytes > VIEWER_BYTES_MAX {
            self.waiting.clear();
            self.bytes = 0;
            self.is_behind = true;
        }
        self.arrived.notify_one();
    }
}

#[derive(Debug)]
struct Recorder {
    number: u64,
    messages: mpsc::Sender<ToRecorder>,
}

impl Recorder {
    /// A message that does not fit is dropped: counts and asks are sent again, pointers are out of date.
    fn tell(&self, message: ToRecorder) {
        let _ = self.messages.try_send(message);
    }
}

#[derive(Debug, Default)]
struct Traffic {
    relay: Relay<Bytes>,
    recorder: Option<Recorder>,
    viewers: BTreeMap<u64, Viewer>,
    /// What records, where that was agreed to.
    tap: Option<Tap>,
    last_number: u64,
    recorders: u64,
}

impl Traffic {
    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn tell_recorder(&self, message: ToRecorder) {
        if let Some(recorder) = &self.recorder {
            recorder.tell(message);
        }
    }

    fn keep(&mut self, frame: &Bytes, now: UnixMillis) {
        let Some(tap) = &mut self.tap else { return };
        match tap.put(frame, now) {
            Tapped::Taken => {}
            Tapped::KeyframeWanted => self.tell_recorder(ToRecorder::KeyframeNeeded),
            Tapped::Over => self.tap = None,
        }
    }
}

/// Where the frames of one session pass through.
#[derive(Debug, Default)]
pub(crate) struct Channel {
    traffic: Mutex<Traffic>,
    over: watch::Sender<Option<CobrowseEnd>>,
}

impl Channel {
    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the session for everybody on it.
    pub(crate) fn end(&self, end: CobrowseEnd) {
        self.traffic().tap = None;
        self.over.send_replace(Some(end));
    }

    /// Comes back when the session is over.
    pub(crate) async fn ended(&self) -> CobrowseEnd {
        let mut over = self.over.subscribe();
        // The sender lives as long as `self`; were it gone, the session would be as well.
        let end = over.wait_for(Option::is_some).await.ok().and_then(|end| *end);
        end.unwrap_or(CobrowseEnd::Server)
    }

    /// Has everything recorded from here on.
    pub(crate) fn record(&self, tap: Tap) {
        self.traffic().tap = Some(tap);
    }

    /// Takes a recorder; an earlier one finds its queue closed.
    pub(crate) fn join_recorder(&self) -> (u64, mpsc::Receiver<ToRecorder>) {
        let (messages, queue) = mpsc::channel(RECORDER_MESSAGES_MAX);
        let mut traffic = self.traffic();
        let number = traffic.next_number();
        traffic.recorders += 1;
        traffic.relay.recorder_left();
        let recorder = Recorder { number, messages };
        recorder.tell(ToRecorder::Viewers(traffic.viewers.len()));
        traffic.recorder = Some(recorder);
        (number, queue)
    }

    /// Lets a recorder go; whether the session is without one now.
    pub(crate) fn leave_recorder(&self, number: u64) -> bool {
        let mut traffic = self.traffic();
        if traffic.recorder.as_ref().is_none_or(|recorder| recorder.number != number) {
            return false;
        }
        traffic.recorder = None;
        traffic.relay.recorder_left();
        true
    }

    /// How many recorders have come so far.
    pub(crate) fn recorders_so_far(&self) -> u64 {
        self.traffic().recorders
    }

    /// Takes a frame of the recorder with this number.
    pub(crate) fn push(&self, number: u64, frame: Bytes, now: UnixMillis) -> Result<(), PushError> {
        let mut traffic = self.traffic();
        if traffic.recorder.as_ref().is_none_or(|recorder| recorder.number != number) {
            return Err(PushError::Replaced);
        }
        let step = traffic.relay.push(frame.clone(), now.0.unsigned_abs());
        if step.needs_keyframe {
            traffic.tell_recorder(ToRecorder::KeyframeNeeded);
        }
        match step.verdict {
            Verdict::Forward => {
                traffic.viewers.values_mut().for_each(|viewer| viewer.put(&frame));
                traffic.keep(&frame, now);
            }
            Verdict::Skip => {}
            Verdict::Reject(error) => {
                tracing::warn!(%error, "a recorder sent a frame that is not one");
                return Err(PushError::Malformed);
            }
        }
        Ok(())
    }

    /// Takes a viewer, which begins with what the relay keeps.
    pub(crate) fn join_viewer(&self) -> (u64, Arc<Notify>) {
        let mut traffic = self.traffic();
        let number = traffic.next_number();
        let viewer = Viewer { is_behind: true, ..Viewer::default() };
        let arrived = Arc::clone(&viewer.arrived);
        traffic.viewers.insert(number, viewer);
        traffic.tell_recorder(ToRecorder::Viewers(traffic.viewers.len()));
        if !traffic.relay.has_page() {
            traffic.tell_recorder(ToRecorder::KeyframeNeeded);
        }
        (number, arrived)
    }

    /// Lets a viewer go.
    pub(crate) fn leave_viewer(&self, number: u64) {
        let mut traffic = self.traffic();
        traffic.viewers.remove(&number);
        traffic.tell_recorder(ToRecorder::Viewers(traffic.viewers.len()));
    }

    /// Returns a viewer's next frame; `None` when it has to wait.
    pub(crate) fn next_frame(&self, number: u64) -> Option<Bytes> {
        let mut traffic = self.traffic();
        let Traffic { relay, viewers, .. } = &mut *traffic;
        let viewer = viewers.get_mut(&number)?;
        if viewer.is_behind && viewer.waiting.is_empty() {
            viewer.waiting = relay.catch_up().into();
            viewer.bytes = viewer.waiting.iter().map(Bytes::len).sum();
            viewer.is_behind = false;
        }
        let frame = viewer.waiting.pop_front()?;
        viewer.bytes = viewer.bytes.saturating_sub(frame.len());
        Some(frame)
    }

    /// Tells the recorder that viewers do not get what lies at an address.
    pub(crate) fn missing(&self, address: String) {
        self.traffic().tell_recorder(ToRecorder::Missing(address));
    }

    /// Gives a viewer's frame to the recorder.
    pub(crate) fn to_recorder(&self, frame: Bytes) {
        self.traffic().tell_recorder(ToRecorder::Frame(frame));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cobrowse::envelope::{Flags, Header, Kind};

    const NOW: UnixMillis = UnixMillis(1_000);

    fn frame(kind: Kind, flags: Flags, sequence: u32, payload_bytes: usize) -> Bytes {
        Header { kind, flags, sequence, elapsed_ms: 0 }.frame(&vec![0; payload_bytes]).into()
    }

    fn keyframe(sequence: u32) -> Bytes {
        frame(Kind::Keyframe, Flags::FIRST.with(Flags::LAST), sequence, 10)
    }

    fn drain(channel: &Channel, number: u64) -> Vec<Bytes> {
        std::iter::from_fn(|| channel.next_frame(number)).collect()
    }

    #[test]
    fn a_late_viewer_begins_with_the_keyframe_and_its_tail() {
        let channel = Channel::default();
        let (recorder, _queue) = channel.join_recorder();
        let delta = frame(Kind::Delta, Flags::NONE, 1, 3);
        assert_eq!(channel.push(recorder, keyframe(0), NOW), Ok(()));
        assert_eq!(channel.push(recorder, delta.clone(), NOW), Ok(()));
        let (viewer, _) = channel.join_viewer();
        assert_eq!(drain(&channel, viewer), [keyframe(0), delta]);
    }

    #[test]
    fn a_viewer_that_falls_behind_starts_again_instead_of_growing() {
        let channel = Channel::default();
        let (recorder, _queue) = channel.join_recorder();
        assert_eq!(channel.push(recorder, keyframe(0), NOW), Ok(()));
        let (viewer, _) = channel.join_viewer();
        assert_eq!(drain(&channel, viewer).len(), 1);
        for sequence in 1..=VIEWER_FRAMES_MAX as u32 + 10 {
            let delta = frame(Kind::Delta, Flags::NONE, sequence, 3);
            assert_eq!(channel.push(recorder, delta, NOW), Ok(()));
        }
        assert_eq!(drain(&channel, viewer).first(), Some(&keyframe(0)));
        let next = frame(Kind::Delta, Flags::NONE, VIEWER_FRAMES_MAX as u32 + 11, 3);
        assert_eq!(channel.push(recorder, next.clone(), NOW), Ok(()));
        assert_eq!(drain(&channel, viewer), [next]);
    }

    #[tokio::test]
    async fn a_new_recorder_takes_over_from_the_one_before() {
        let channel = Channel::default();
        let (first, mut queue) = channel.join_recorder();
        let (second, _queue) = channel.join_recorder();
        assert_eq!(queue.recv().await, Some(ToRecorder::Viewers(0)));
        assert_eq!(queue.recv().await, None);
        assert_eq!(channel.push(first, keyframe(0), NOW), Err(PushError::Replaced));
        assert_eq!(channel.push(second, keyframe(0), NOW), Ok(()));
        assert!(!channel.leave_recorder(first));
        assert!(channel.leave_recorder(second));
    }

    #[tokio::test]
    async fn the_recorder_is_told_of_viewers_and_asked_for_a_page() {
        let channel = Channel::default();
        let (_, mut queue) = channel.join_recorder();
        let (viewer, _) = channel.join_viewer();
        channel.leave_viewer(viewer);
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(queue.recv().await.unwrap());
        }
        assert_eq!(
            told,
            [
                ToRecorder::Viewers(0),
                ToRecorder::Viewers(1),
                ToRecorder::KeyframeNeeded,
                ToRecorder::Viewers(0)
            ]
        );
    }
}
