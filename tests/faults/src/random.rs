//! Randomness from a seed: what a run did can be done again.

use protocol::id::Entropy;

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A source of its own for one of many, so that they do not follow each other.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95));
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of 0..`end`; `end` is at least 1.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number of `from`..`end`.
    pub(crate) fn between(&mut self, from: u64, end: u64) -> u64 {
        from + self.below(end.saturating_sub(from))
    }

    /// Whether something happens that happens this often in a hundred times.
    pub(crate) fn percent(&mut self, often: u64) -> bool {
        self.below(100) < often
    }

    /// Whether a coin shows heads.
    pub(crate) fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }

    pub(crate) fn entropy(&mut self) -> Entropy {
        let mut entropy = [0; 10];
        entropy[..8].copy_from_slice(&self.next().to_be_bytes());
        entropy[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        entropy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_numbers_have_sequences_of_their_own() {
        let draw = |mut random: Random| (0..8).map(|_| random.below(1_000)).collect::<Vec<u64>>();
        assert_eq!(draw(Random::of(7, 1)), draw(Random::of(7, 1)));
        assert_ne!(draw(Random::of(7, 1)), draw(Random::of(7, 2)));
        assert_ne!(draw(Random::of(7, 1)), draw(Random::of(8, 1)));
    }
}
