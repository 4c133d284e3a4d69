//! How long a customer has been waiting, and how urgent that is.

use protocol::time::UnixMillis;

/// After this time somebody should really answer.
const LONG_MS: i64 = 2 * 60_000;
/// After this time it is late.
const LATE_MS: i64 = 5 * 60_000;

/// How urgent a wait is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// It has just begun.
    Fresh,
    /// Somebody should answer.
    Long,
    /// Somebody should have answered.
    Late,
}

/// Returns how urgent a wait of this length is.
pub(crate) fn urgency(wait_ms: i64) -> Urgency {
    match wait_ms {
        ..LONG_MS => Urgency::Fresh,
        LONG_MS..LATE_MS => Urgency::Long,
        LATE_MS.. => Urgency::Late,
    }
}

/// Returns the wait as a clock shows it: `0:42`, `12:05`, `1:02:03`; days are told in hours.
pub(crate) fn clock_text(since: UnixMillis, now: UnixMillis) -> String {
    let seconds = (now.since_ms(since) / 1_000).max(0);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_as_a_clock_shows_it() {
        for (wait_s, expected) in [
            (-3, "0:00"),
            (0, "0:00"),
            (42, "0:42"),
            (725, "12:05"),
            (3_723, "1:02:03"),
            (90_000, "25:00:00"),
        ] {
            let since = UnixMillis(1_800_000_000_000);
            assert_eq!(clock_text(since, since.plus_ms(wait_s * 1_000)), expected);
        }
    }

    #[test]
    fn a_wait_becomes_urgent_in_two_steps() {
        assert_eq!(urgency(0), Urgency::Fresh);
        assert_eq!(urgency(LONG_MS), Urgency::Long);
        assert_eq!(urgency(LATE_MS), Urgency::Late);
    }
}
