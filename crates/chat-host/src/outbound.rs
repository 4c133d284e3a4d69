//! Frames on their way to a client: bounded, in order.

use std::collections::VecDeque;

use protocol::limit::{SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX};

use crate::steady::SteadyMs;

/// More waits than may: the client reads too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// Frames that wait until the connection takes them.
#[derive(Debug)]
pub(crate) struct Outbound<E> {
    frames: VecDeque<(E, usize)>,
    bytes: usize,
    /// Since when the first frame has been the first.
    stuck_since: SteadyMs,
}

impl<E> Outbound<E> {
    pub(crate) fn new(now: SteadyMs) -> Self {
        Self { frames: VecDeque::new(), bytes: 0, stuck_since: now }
    }

    /// Puts a frame behind the others. One frame alone is always taken, however heavy it is: it would never fit
    /// otherwise.
    pub(crate) fn push(&mut self, frame: E, weight_bytes: usize, now: SteadyMs) -> Result<(), Full> {
        if self.frames.is_empty() {
            self.stuck_since = now;
        } else if self.frames.len() >= SOCKET_QUEUE_FRAMES_MAX
            || self.bytes.saturating_add(weight_bytes) > SOCKET_QUEUE_BYTES_MAX
        {
            return Err(Full);
        }
        self.frames.push_back((frame, weight_bytes));
        self.bytes += weight_bytes;
        Ok(())
    }

    pub(crate) fn pop(&mut self, now: SteadyMs) -> Option<E> {
        let (frame, weight_bytes) = self.frames.pop_front()?;
        self.bytes -= weight_bytes;
        self.stuck_since = now;
        // An idle connection keeps no buffer.
        if self.frames.is_empty() {
            self.frames = VecDeque::new();
        }
        Some(frame)
    }

    pub(crate) fn clear(&mut self) {
        self.frames = VecDeque::new();
        self.bytes = 0;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether so much waits that what may be dropped is dropped.
    pub(crate) fn is_crowded(&self) -> bool {
        self.frames.len() >= SOCKET_QUEUE_FRAMES_MAX / 2 || self.bytes >= SOCKET_QUEUE_BYTES_MAX / 2
    }

    /// Since when the first frame waits to be taken.
    pub(crate) fn stuck_since(&self) -> Option<SteadyMs> {
        (!self.frames.is_empty()).then_some(self.stuck_since)
    }

    /// How much waits: frames and bytes.
    pub(crate) fn load(&self) -> (usize, usize) {
        (self.frames.len(), self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SteadyMs = SteadyMs(0);

    #[test]
    fn a_queue_holds_so_many_frames_and_so_many_bytes_and_no_more() {
        let mut queue = Outbound::new(NOW);
        for number in 0..SOCKET_QUEUE_FRAMES_MAX {
            assert_eq!(queue.push(number, 1, NOW), Ok(()));
        }
        assert_eq!(queue.push(99, 1, NOW), Err(Full));
        let mut heavy = Outbound::new(NOW);
        assert_eq!(heavy.push(1, SOCKET_QUEUE_BYTES_MAX, NOW), Ok(()));
        assert_eq!(heavy.push(2, 1, NOW), Err(Full));
        assert_eq!((heavy.pop(NOW), heavy.load()), (Some(1), (0, 0)));
    }

    #[test]
    fn one_frame_alone_is_taken_however_heavy_it_is() {
        let mut queue = Outbound::new(NOW);
        assert_eq!(queue.push("welcome", 2 * SOCKET_QUEUE_BYTES_MAX, NOW), Ok(()));
        assert!(queue.is_crowded());
    }
}
