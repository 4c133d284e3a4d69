//! How many frames a socket may send: a bucket that fills again with time.

use tokio::time::Instant;

const FRAMES_AT_ONCE: f64 = 1_000.0;
const FRAMES_PER_S: f64 = 500.0;

/// The frames a socket may still send.
#[derive(Debug)]
pub(super) struct Flood {
    left: f64,
    counted_at: Instant,
}

impl Flood {
    pub(super) fn new(now: Instant) -> Self {
        Self { left: FRAMES_AT_ONCE, counted_at: now }
    }

    /// Counts a frame; whether it was one too many.
    pub(super) fn is_too_many(&mut self, now: Instant) -> bool {
        let elapsed_s = now.saturating_duration_since(self.counted_at).as_secs_f64();
        self.counted_at = now;
        self.left = (self.left + elapsed_s * FRAMES_PER_S).min(FRAMES_AT_ONCE) - 1.0;
        self.left < 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_flood_is_noticed_and_a_steady_stream_is_not() {
        let start = Instant::now();
        let mut flood = Flood::new(start);
        assert!((0..1_000).all(|_| !flood.is_too_many(start)));
        assert!(flood.is_too_many(start));
        let mut steady = Flood::new(start);
        assert!((0..10_000).all(|frame| !steady.is_too_many(start + Duration::from_millis(frame * 2))));
    }
}
