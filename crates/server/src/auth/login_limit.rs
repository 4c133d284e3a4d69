//! Log-in attempts, limited per account and per address. Pure: the time comes in. Accounts are named by the e-mail
//! address as it is looked up, in lower case and without spaces around it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::time::UnixMillis;

const WINDOW_MS: i64 = 5 * 60 * 1_000;
const ATTEMPTS_PER_ACCOUNT: u32 = 10;
const ATTEMPTS_PER_ADDRESS: u32 = 50;
const KEYS_MAX: usize = 10_000;
/// Characters of an account that are looked at; addresses are shorter.
const ACCOUNT_CHARS_MAX: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Account(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Attempts {
    since: UnixMillis,
    count: u32,
}

/// Counts the attempts that did not go well, or whose outcome is not known yet.
#[derive(Debug, Default)]
pub(crate) struct LoginLimit {
    attempts: Mutex<BTreeMap<Key, Attempts>>,
}

impl LoginLimit {
    fn attempts(&self) -> MutexGuard<'_, BTreeMap<Key, Attempts>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an attempt, in one step with the look whether it is allowed.
    ///
    /// # Errors
    /// After how many seconds the next attempt is allowed; then nothing is counted.
    pub(crate) fn attempt(&self, email: &str, address: IpAddr, now: UnixMillis) -> Result<(), u32> {
        let mut attempts = self.attempts();
        let limits = [(account(email), ATTEMPTS_PER_ACCOUNT), (Key::Address(address), ATTEMPTS_PER_ADDRESS)];
        let waits = limits.iter().filter_map(|(key, max)| {
            let present = attempts.get(key)?;
            let left_ms = WINDOW_MS - now.since_ms(present.since);
            (present.count >= *max && left_ms > 0).then_some(left_ms)
        });
        if let Some(wait_ms) = waits.max() {
            return Err(u32::try_from(wait_ms / 1_000 + 1).unwrap_or(u32::MAX));
        }
        if attempts.len() >= KEYS_MAX {
            attempts.retain(|_, present| now.since_ms(present.since) < WINDOW_MS);
        }
        for (key, _) in limits {
            if attempts.len() >= KEYS_MAX && !attempts.contains_key(&key) {
                continue;
            }
            let present = attempts.entry(key).or_insert(Attempts { since: now, count: 0 });
            if now.since_ms(present.since) >= WINDOW_MS {
                *present = Attempts { since: now, count: 0 };
            }
            present.count += 1;
        }
        Ok(())
    }

    /// Takes back an attempt whose password was never looked at.
    pub(crate) fn take_back(&self, email: &str, address: IpAddr) {
        let mut attempts = self.attempts();
        for key in [account(email), Key::Address(address)] {
            if let Some(present) = attempts.get_mut(&key) {
                present.count = present.count.saturating_sub(1);
            }
        }
    }

    /// Takes back an attempt that went well, and forgets the earlier ones on its account.
    pub(crate) fn succeeded(&self, email: &str, address: IpAddr) {
        self.take_back(email, address);
        self.attempts().remove(&account(email));
    }
}

fn account(email: &str) -> Key {
    Key::Account(email.chars().take(ACCOUNT_CHARS_MAX).collect())
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
        for attempt in 0..ATTEMPTS_PER_ACCOUNT {
            assert_eq!(limit.attempt("a@b.test", address(1), NOW), Ok(()), "attempt {attempt}");
        }
        assert!(limit.attempt("a@b.test", address(2), NOW).is_err());
        assert_eq!(limit.attempt("other@b.test", address(2), NOW), Ok(()));
        assert_eq!(limit.attempt("a@b.test", address(2), NOW.plus_ms(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn an_address_that_tries_many_accounts_is_locked() {
        let limit = LoginLimit::default();
        for number in 0..ATTEMPTS_PER_ADDRESS {
            assert_eq!(limit.attempt(&format!("{number}@b.test"), address(1), NOW), Ok(()));
        }
        assert!(limit.attempt("fresh@b.test", address(1), NOW).is_err());
        assert_eq!(limit.attempt("fresh@b.test", address(2), NOW), Ok(()));
    }

    #[test]
    fn a_log_in_that_went_well_forgets_the_failures_of_the_account() {
        let limit = LoginLimit::default();
        for _ in 0..ATTEMPTS_PER_ACCOUNT {
            limit.attempt("a@b.test", address(1), NOW).unwrap();
        }
        limit.succeeded("a@b.test", address(1));
        assert_eq!(limit.attempt("a@b.test", address(2), NOW), Ok(()));
    }

    #[test]
    fn log_ins_that_go_well_do_not_lock_their_address() {
        let limit = LoginLimit::default();
        for _ in 0..3 * ATTEMPTS_PER_ADDRESS {
            limit.attempt("a@b.test", address(1), NOW).unwrap();
            limit.succeeded("a@b.test", address(1));
        }
    }

    #[test]
    fn an_attempt_that_was_taken_back_counts_for_nothing() {
        let limit = LoginLimit::default();
        for _ in 0..3 * ATTEMPTS_PER_ADDRESS {
            limit.attempt("a@b.test", address(1), NOW).unwrap();
            limit.take_back("a@b.test", address(1));
        }
    }
}
