//! Randomness from seeds. Every actor draws from a stream of its own, so that a history that loses one step keeps most
//! of what happened in the others.

use protocol::id::Entropy;

/// A stream of random numbers: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// Begins the stream that these numbers name.
    pub(crate) fn of(parts: &[u64]) -> Self {
        let mut chance = Self { state: 0x51_7c_c1_b7_27_22_0a_95 };
        for part in parts {
            chance.state ^= *part;
            chance.state = chance.next();
        }
        chance
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end` (excluded), which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// A pause of at most so many milliseconds.
    pub(crate) fn pause(&mut self, at_most_ms: u64) -> i64 {
        i64::try_from(self.below(at_most_ms + 1)).unwrap_or(0)
    }

    pub(crate) fn entropy(&mut self) -> Entropy {
        let mut entropy = [0; 10];
        entropy[..8].copy_from_slice(&self.next().to_be_bytes());
        entropy
    }
}
