//! What was refused: counted always, told in the log now and then. A flood of refusals must not become a flood of lines.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The log is told at most this often.
const TOLD_EVERY: Duration = Duration::from_secs(30);

/// Why somebody got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There was no room to say why.
    Closed,
    /// The last places are for agents.
    Full,
    /// The address has enough.
    OfAddress,
    /// The system had no descriptor left.
    NoDescriptor,
}

/// What was refused since the start.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    closed: AtomicU64,
    full: AtomicU64,
    of_address: AtomicU64,
    no_descriptor: AtomicU64,
    told_at: Mutex<Option<Instant>>,
}

impl Refusals {
    /// Counts one, and says all that were counted if nothing was said for a while.
    pub(crate) fn count(&self, refusal: Refusal) {
        self.counter(refusal).fetch_add(1, Ordering::Relaxed);
        if self.is_to_be_told(Instant::now()) {
            tracing::warn!(
                closed = self.counted(Refusal::Closed),
                full = self.counted(Refusal::Full),
                of_address = self.counted(Refusal::OfAddress),
                no_descriptor = self.counted(Refusal::NoDescriptor),
                "connections are refused; these many since the start"
            );
        }
    }

    /// Returns how many were refused for this.
    pub(crate) fn counted(&self, refusal: Refusal) -> u64 {
        self.counter(refusal).load(Ordering::Relaxed)
    }

    fn counter(&self, refusal: Refusal) -> &AtomicU64 {
        match refusal {
            Refusal::Closed => &self.closed,
            Refusal::Full => &self.full,
            Refusal::OfAddress => &self.of_address,
            Refusal::NoDescriptor => &self.no_descriptor,
        }
    }

    fn is_to_be_told(&self, now: Instant) -> bool {
        let mut told_at = self.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = told_at.is_none_or(|told_at| now.duration_since(told_at) >= TOLD_EVERY);
        if is_due {
            *told_at = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_counted_and_few_are_told() {
        let refusals = Refusals::default();
        for _ in 0..100 {
            refusals.count(Refusal::Full);
        }
        refusals.count(Refusal::OfAddress);
        assert_eq!((refusals.counted(Refusal::Full), refusals.counted(Refusal::OfAddress)), (100, 1));
        let now = Instant::now();
        assert!(!refusals.is_to_be_told(now));
        assert!(refusals.is_to_be_told(now + TOLD_EVERY));
        assert!(!refusals.is_to_be_told(now + TOLD_EVERY));
    }
}
