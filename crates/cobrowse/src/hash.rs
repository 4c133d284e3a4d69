//! A small, fast hash for dictionaries inside the browser. The maps it serves are bounded, and only what a page's
//! own text costs that page's own session can be provoked, so a keyed hash would be weight without use.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with the small hash.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// The multiply-rotate hash known from Firefox and rustc.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastHasher(u64);

impl FastHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.add(chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)));
        }
        self.add(
            chunks.remainder().iter().fold(bytes.len() as u64, |word, &byte| word << 8 | u64::from(byte)),
        );
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    // The table uses the highest bits and the lowest ones; the multiplication leaves the lowest poor.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
