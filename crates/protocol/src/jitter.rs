//! Random numbers from a seed, so that a machine stays a function of its inputs.

/// SplitMix64 (Steele, Lea, Flood 2014): small, and random enough to spread pauses.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// Begins with a seed; the shell that owns randomness gives it.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number of 0..=`max`; 0 when `max` is negative.
    pub fn up_to(&mut self, max: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let span = u64::try_from(max.max(0)).unwrap_or(0) + 1;
        i64::try_from(mixed % span).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_their_range_and_differ() {
        let mut jitter = Jitter::new(7);
        let drawn: Vec<i64> = (0..100).map(|_| jitter.up_to(500)).collect();
        assert!(drawn.iter().all(|pause| (0..=500).contains(pause)));
        assert!(drawn.iter().any(|pause| *pause != drawn[0]));
        assert_eq!(Jitter::new(7).up_to(0), 0);
    }
}
