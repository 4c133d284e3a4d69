//! How fast somebody has to take an archive in. Only the time in which the server waits for them counts: how long it
//! takes to read what goes into it is no fault of theirs. Pure: the time comes in.

use std::time::Duration;

/// Bytes of one stretch, for each of which there is a time.
const STRETCH_BYTES: usize = 1024 * 1024;

/// How much of the time of a stretch has to be used up by somebody slow.
const SLOW_PART: u32 = 6;

/// How far somebody is in a stretch.
#[derive(Debug)]
pub(super) struct Pace {
    /// How long the server waits for a stretch.
    stretch: Duration,
    bytes: usize,
    waited: Duration,
}

impl Pace {
    pub(super) fn new(stretch: Duration) -> Self {
        Self { stretch, bytes: 0, waited: Duration::ZERO }
    }

    /// How long the server still waits for them to take something.
    pub(super) fn patience(&self) -> Duration {
        self.stretch.saturating_sub(self.waited)
    }

    /// They took so many bytes, and the server waited so long for it.
    pub(super) fn took(&mut self, bytes: usize, waited: Duration) {
        self.bytes += bytes;
        self.waited += waited;
        if self.bytes >= STRETCH_BYTES {
            *self = Self::new(self.stretch);
        }
    }

    /// Whether it is them everybody waits for.
    pub(super) fn is_slow(&self) -> bool {
        self.waited >= self.stretch / SLOW_PART
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRETCH: Duration = Duration::from_secs(30);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn drops_of_an_archive_do_not_earn_more_time() {
        let mut pace = Pace::new(STRETCH);
        for second in 1..=30 {
            pace.took(1_000, SECOND);
            assert_eq!(pace.patience(), STRETCH - SECOND * second);
        }
        assert_eq!(pace.patience(), Duration::ZERO);
    }

    #[test]
    fn a_steady_reader_may_take_all_day() {
        let mut pace = Pace::new(STRETCH);
        for _ in 0..100_000 {
            pace.took(64 * 1024, SECOND);
            assert!(pace.patience() >= STRETCH / 2);
        }
    }

    #[test]
    fn whoever_is_waited_for_is_slow_until_they_catch_up() {
        let mut pace = Pace::new(STRETCH);
        assert!(!pace.is_slow());
        pace.took(64 * 1024, 5 * SECOND);
        assert!(pace.is_slow());
        pace.took(STRETCH_BYTES, SECOND);
        assert!(!pace.is_slow());
    }
}
