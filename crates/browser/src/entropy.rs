//! The one place in the browser that draws random bytes; all of them come from the browser's secure source.

use crate::page::window;

/// Returns the randomness of one id.
#[must_use]
pub fn entropy() -> [u8; 10] {
    let mut bytes = [0; 10];
    fill(&mut bytes);
    bytes
}

/// Returns the seed of a generator that spreads timers; nothing secret is made from it.
#[must_use]
pub fn seed() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

fn fill(bytes: &mut [u8]) {
    // Every browser that runs wasm has `crypto`, and it refuses only more than 65,536 bytes at once.
    let is_filled =
        window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(bytes)).is_ok();
    assert!(is_filled, "the browser gives no random bytes");
}
