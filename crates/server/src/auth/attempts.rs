//! Attempts that are limited within a window of time, by several keys at once. Pure: the time comes in.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::time::UnixMillis;

/// Keys that are counted at once.
const KEYS_MAX: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Counted {
    since: UnixMillis,
    count: u32,
}

/// Counts the attempts that did not go well, or whose outcome is not known yet.
#[derive(Debug)]
pub(crate) struct Attempts<Key> {
    window_ms: i64,
    by_key: Mutex<BTreeMap<Key, Counted>>,
}

impl<Key: Ord + Clone> Attempts<Key> {
    /// Counts within windows of so many milliseconds.
    pub(crate) fn within(window_ms: i64) -> Self {
        Self { window_ms, by_key: Mutex::default() }
    }

    fn by_key(&self) -> MutexGuard<'_, BTreeMap<Key, Counted>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an attempt under each key, in one step with the look whether each of them has been counted less often
    /// than stands beside it.
    ///
    /// # Errors
    /// After how many seconds the next attempt is allowed; then nothing is counted.
    pub(crate) fn attempt(&self, limits: &[(Key, u32)], now: UnixMillis) -> Result<(), u32> {
        let mut by_key = self.by_key();
        let waits = limits.iter().filter_map(|(key, max)| {
            let present = by_key.get(key)?;
            let left_ms = self.window_ms - now.since_ms(present.since);
            (present.count >= *max && left_ms > 0).then_some(left_ms)
        });
        if let Some(wait_ms) = waits.max() {
            return Err(u32::try_from(wait_ms / 1_000 + 1).unwrap_or(u32::MAX));
        }
        if by_key.len() >= KEYS_MAX {
            by_key.retain(|_, present| now.since_ms(present.since) < self.window_ms);
        }
        for (key, _) in limits {
            if by_key.len() >= KEYS_MAX && !by_key.contains_key(key) {
                continue;
            }
            let present = by_key.entry(key.clone()).or_insert(Counted { since: now, count: 0 });
            if now.since_ms(present.since) >= self.window_ms {
                *present = Counted { since: now, count: 0 };
            }
            present.count += 1;
        }
        Ok(())
    }

    /// Takes an attempt back: it went well, or was never really made.
    pub(crate) fn take_back(&self, keys: &[Key]) {
        let mut by_key = self.by_key();
        for key in keys {
            if let Some(present) = by_key.get_mut(key) {
                present.count = present.count.saturating_sub(1);
            }
        }
    }

    /// Forgets all attempts under a key.
    pub(crate) fn forget(&self, key: &Key) {
        self.by_key().remove(key);
    }
}
