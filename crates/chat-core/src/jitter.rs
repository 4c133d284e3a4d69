//! Pauses before the next try: random, so that clients do not come back all at once.

pub(crate) use protocol::jitter::Jitter;

/// The longest pause before try number `refusals` (1 for the first that failed): it doubles up to the maximum.
pub(crate) fn longest_pause_ms(refusals: u32) -> i64 {
    use protocol::limit::{RECONNECT_BASE_MS, RECONNECT_MAX_MS};
    let doubled = RECONNECT_BASE_MS.saturating_mul(1 << refusals.saturating_sub(1).min(10));
    doubled.min(RECONNECT_MAX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pause_doubles_up_to_half_a_minute() {
        let pauses: Vec<i64> = [1, 2, 3, 7, 40].into_iter().map(longest_pause_ms).collect();
        assert_eq!(pauses, [500, 1000, 2000, 30_000, 30_000]);
    }
}
