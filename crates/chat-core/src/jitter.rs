//! Random pauses from a seed, so that a machine stays a function of its inputs.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and random enough to spread reconnects.
#[derive(Debug, Clone)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number of 0..=`max`; 0 when `max` is negative.
    pub(crate) fn up_to(&mut self, max: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let span = u64::try_from(max.max(0)).unwrap_or(0) + 1;
        i64::try_from(mixed % span).unwrap_or(0)
    }
}

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
    fn pauses_stay_in_their_range_and_differ() {
        let mut jitter = Jitter::new(7);
        let drawn: Vec<i64> = (0..100).map(|_| jitter.up_to(500)).collect();
        assert!(drawn.iter().all(|pause| (0..=500).contains(pause)));
        assert!(drawn.iter().any(|pause| *pause != drawn[0]));
        assert_eq!(Jitter::new(7).up_to(0), 0);
    }

    #[test]
    fn the_longest_pause_doubles_up_to_half_a_minute() {
        let pauses: Vec<i64> = [1, 2, 3, 7, 40].into_iter().map(longest_pause_ms).collect();
        assert_eq!(pauses, [500, 1000, 2000, 30_000, 30_000]);
    }
}
