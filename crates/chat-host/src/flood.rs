//! How many frames a client may send: a bucket that fills again with time.

use crate::steady::SteadyMs;

const FRAMES_AT_ONCE: u64 = 1_000;
const FRAMES_PER_S: u64 = 500;

/// The frames a client may still send, in thousandths of a frame.
#[derive(Debug)]
pub struct Flood {
    left: u64,
    counted_at: SteadyMs,
}

impl Flood {
    /// Begins with a full bucket.
    #[must_use]
    pub fn new(now: SteadyMs) -> Self {
        Self { left: FRAMES_AT_ONCE * 1_000, counted_at: now }
    }

    /// Counts a frame; whether it was one too many.
    pub fn is_too_many(&mut self, now: SteadyMs) -> bool {
        let filled = now.since_ms(self.counted_at).saturating_mul(FRAMES_PER_S);
        self.counted_at = now;
        self.left = self.left.saturating_add(filled).min(FRAMES_AT_ONCE * 1_000);
        match self.left.checked_sub(1_000) {
            Some(left) => {
                self.left = left;
                false
            }
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_noticed_and_a_steady_stream_is_not() {
        let start = SteadyMs(5);
        let mut flood = Flood::new(start);
        assert!((0..1_000).all(|_| !flood.is_too_many(start)));
        assert!(flood.is_too_many(start));
        assert!(!flood.is_too_many(start.plus_ms(2)));
        let mut steady = Flood::new(start);
        assert!((0..10_000).all(|frame| !steady.is_too_many(start.plus_ms(frame * 2))));
    }
}
