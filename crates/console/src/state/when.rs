//! How long ago something was, in steps a person cares about.

use protocol::time::UnixMillis;

/// A distance in time, rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ago {
    /// Less than a minute, or in the future of a clock that is wrong.
    Now,
    /// 1 to 59.
    Minutes(i64),
    /// 1 to 23.
    Hours(i64),
    /// 1 or more.
    Days(i64),
}

/// Returns how long before `now` the time `at` was.
pub(crate) fn ago(at: UnixMillis, now: UnixMillis) -> Ago {
    let minutes = now.since_ms(at) / 60_000;
    match minutes {
        ..1 => Ago::Now,
        1..60 => Ago::Minutes(minutes),
        60..1440 => Ago::Hours(minutes / 60),
        1440.. => Ago::Days(minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_in_the_largest_unit_that_fits() {
        let minute_ms = 60_000;
        for (passed_ms, expected) in [
            (-5 * minute_ms, Ago::Now),
            (59_999, Ago::Now),
            (minute_ms, Ago::Minutes(1)),
            (60 * minute_ms - 1, Ago::Minutes(59)),
            (60 * minute_ms, Ago::Hours(1)),
            (1440 * minute_ms - 1, Ago::Hours(23)),
            (1440 * minute_ms, Ago::Days(1)),
            (3 * 1440 * minute_ms, Ago::Days(3)),
        ] {
            let at = UnixMillis(1_800_000_000_000);
            assert_eq!(ago(at, at.plus_ms(passed_ms)), expected, "{passed_ms}");
        }
    }
}
