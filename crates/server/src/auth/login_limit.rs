//! Log-in attempts, limited per account and per address. Pure: the time comes in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use protocol::time::UnixMillis;

const WINDOW_MS: i64 = 5 * 60 * 1_000;
const FAILURES_PER_ACCOUNT: u32 = 10;
const FAILURES_PER_ADDRESS: u32 = 50;
const KEYS_MAX: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Account(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    since: UnixMillis,
    count: u32,
}

/// Counts what failed lately.
#[derive(Debug, Default)]
pub(crate) struct LoginLimit {
    failures: Mutex<BTreeMap<Key, Failures>>,
}

impl LoginLimit {
    /// Returns after how many seconds the next attempt is allowed; `None` when it is allowed at once.
    pub(crate) fn wait_s(&self, email: &str, address: IpAddr, now: UnixMillis) -> Option<u32> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = limits(email, address);
        let waits = limits.iter().filter_map(|(key, max)| {
            let present = failures.get(key)?;
            let left_ms = WINDOW_MS - now.since_ms(present.since);
            (present.count >= *max && left_ms > 0).then_some(left_ms)
        });
        waits.max().map(|ms| u32::try_from(ms / 1_000 + 1).unwrap_or(u32::MAX))
    }

    /// Counts an attempt that failed.
    pub(crate) fn failed(&self, email: &str, address: IpAddr, now: UnixMillis) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= KEYS_MAX {
            failures.retain(|_, present| now.since_ms(present.since) < WINDOW_MS);
        }
        for (key, _) in limits(email, address) {
            if failures.len() >= KEYS_MAX && !failures.contains_key(&key) {
                continue;
            }
            let present = failures.entry(key).or_insert(Failures { since: now, count: 0 });
            if now.since_ms(present.since) >= WINDOW_MS {
                *present = Failures { since: now, count: 0 };
            }
            present.count += 1;
        }
    }

    /// Forgets the account's failures after a log-in that went well.
    pub(crate) fn succeeded(&self, email: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Key::Account(email.to_lowercase()));
    }
}

fn limits(email: &str, address: IpAddr) -> [(Key, u32); 2] {
    let account = email.to_lowercase().chars().take(200).collect();
    [(Key::Account(account), FAILURES_PER_ACCOUNT), (Key::Address(address), FAILURES_PER_ADDRESS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000);

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn an_account_is_locked_from_every_address_until_the_window_is_over() {
        let limit = LoginLimit::default();
        for attempt in 0..FAILURES_PER_ACCOUNT {
            assert_eq!(limit.wait_s("a@b.test", address(1), NOW), None, "attempt {attempt}");
            limit.failed("a@b.test", address(1), NOW);
        }
        assert!(limit.wait_s("A@b.test", address(2), NOW).is_some());
        assert_eq!(limit.wait_s("other@b.test", address(2), NOW), None);
        assert_eq!(limit.wait_s("a@b.test", address(2), NOW.plus_ms(WINDOW_MS)), None);
    }

    #[test]
    fn an_address_that_tries_many_accounts_is_locked() {
        let limit = LoginLimit::default();
        for number in 0..FAILURES_PER_ADDRESS {
            limit.failed(&format!("{number}@b.test"), address(1), NOW);
        }
        assert!(limit.wait_s("fresh@b.test", address(1), NOW).is_some());
        assert_eq!(limit.wait_s("fresh@b.test", address(2), NOW), None);
    }

    #[test]
    fn a_log_in_that_went_well_forgets_the_failures_of_the_account() {
        let limit = LoginLimit::default();
        for _ in 0..FAILURES_PER_ACCOUNT {
            limit.failed("a@b.test", address(1), NOW);
        }
        limit.succeeded("a@b.test");
        assert_eq!(limit.wait_s("a@b.test", address(2), NOW), None);
    }
}
