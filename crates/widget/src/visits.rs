//! Counts the visits to a site, for rules that ask for them: a visit ends after half an hour without activity.

use protocol::limit::VISIT_IDLE_MS;
use protocol::time::UnixMillis;

/// What is kept of the visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visits {
    /// The number of the visit, from 1.
    pub(crate) count: u32,
    /// When the visitor was active last.
    pub(crate) last_at: UnixMillis,
}

impl Visits {
    /// Returns what is kept when the visitor is active now.
    pub(crate) fn active(kept: Option<Self>, now: UnixMillis) -> Self {
        let count = match kept {
            None => 1,
            Some(visits) if now.since_ms(visits.last_at) >= VISIT_IDLE_MS => visits.count.saturating_add(1),
            Some(visits) => visits.count,
        };
        Self { count, last_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_goes_on_until_half_an_hour_passed_without_activity() {
        let first = Visits::active(None, UnixMillis(0));
        assert_eq!(first.count, 1);
        let active = Visits::active(Some(first), UnixMillis(VISIT_IDLE_MS - 1));
        assert_eq!(active.count, 1);
        let still = Visits::active(Some(active), UnixMillis(2 * VISIT_IDLE_MS - 2));
        assert_eq!(still.count, 1);
        let second = Visits::active(Some(still), UnixMillis(3 * VISIT_IDLE_MS - 2));
        assert_eq!(second.count, 2);
    }

    #[test]
    fn a_clock_that_was_set_back_begins_no_visit() {
        let kept = Visits { count: 3, last_at: UnixMillis(VISIT_IDLE_MS) };
        assert_eq!(Visits::active(Some(kept), UnixMillis(0)).count, 3);
    }
}
