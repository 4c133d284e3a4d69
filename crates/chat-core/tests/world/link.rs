//! One direction of a connection: frames take their time, and on a hostile link some are dropped, doubled or late.

use protocol::id::Entropy;
use protocol::time::UnixMillis;

use super::Trouble;

/// Randomness from a seed.
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x1234_5678_9abc_def1 }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn next(&mut self) -> u64 {
        // xorshift64* (Vigna 2016)
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    pub(crate) fn entropy(&mut self) -> Entropy {
        let mut entropy = [0; 10];
        entropy[..8].copy_from_slice(&self.next().to_be_bytes());
        entropy
    }
}

pub(crate) struct Link<T> {
    under_way: Vec<(UnixMillis, T)>,
}

impl<T> Default for Link<T> {
    fn default() -> Self {
        Self { under_way: Vec::new() }
    }
}

impl<T: Clone> Link<T> {
    pub(crate) fn clear(&mut self) {
        self.under_way.clear();
    }

    /// When the next frame arrives.
    pub(crate) fn next_at(&self) -> Option<UnixMillis> {
        self.under_way.iter().map(|(at, _)| *at).min()
    }

    /// Sends something that certainly arrives, before everything else.
    pub(crate) fn push_sure(&mut self, now: UnixMillis, frame: T) {
        self.under_way.push((now, frame));
    }

    pub(crate) fn push(&mut self, now: UnixMillis, frame: T, trouble: Trouble, random: &mut Random) {
        if trouble == Trouble::None {
            self.under_way.push((now.plus_ms(10), frame));
            return;
        }
        let copies = match random.below(10) {
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let delay_ms = i64::try_from(random.below(300)).expect("small");
            self.under_way.push((now.plus_ms(delay_ms), frame.clone()));
        }
    }

    /// What has arrived by now, by its time of arrival.
    pub(crate) fn arrived(&mut self, now: UnixMillis) -> Vec<T> {
        self.under_way.sort_by_key(|(at, _)| *at);
        let count = self.under_way.iter().take_while(|(at, _)| *at <= now).count();
        self.under_way.drain(..count).map(|(_, frame)| frame).collect()
    }
}
