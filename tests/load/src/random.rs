//! Numbers that look random and cost nothing; nothing here needs to be secret.

use std::cell::Cell;

thread_local! {
    static STATE: Cell<u64> = Cell::new(u64::from(std::process::id()) << 32 | 1);
}

/// Returns the next number (splitmix64).
pub(crate) fn next() -> u64 {
    let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(state);
    mix(state)
}

/// Returns a number below `end`; 0 when that is 0.
pub(crate) fn below(end: u64) -> u64 {
    if end == 0 { 0 } else { next() % end }
}

/// Returns a number that looks random for each number.
pub(crate) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_their_end_and_differ() {
        let numbers: std::collections::BTreeSet<u64> = (0..1_000).map(|_| below(1 << 40)).collect();
        assert!(numbers.len() > 990 && numbers.iter().all(|number| *number < 1 << 40));
        assert_eq!(below(0), 0);
    }
}
