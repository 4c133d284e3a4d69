//! Log-in attempts, limited per account and per address. Pure: the time comes in. Accounts are named by the e-mail
//! address as it is looked up, in lower case and without spaces around it.

use std::net::IpAddr;

use protocol::time::UnixMillis;

use super::attempts::Attempts;

const WINDOW_MS: i64 = 5 * 60 * 1_000;
const ATTEMPTS_PER_ACCOUNT: u32 = 10;
const ATTEMPTS_PER_ADDRESS: u32 = 50;
/// Characters of an account that are looked at; addresses are shorter.
const ACCOUNT_CHARS_MAX: usize = 300;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Account(String),
    Address(IpAddr),
}

/// Counts the attempts that did not go well, or whose outcome is not known yet.
#[derive(Debug)]
pub(crate) struct LoginLimit(Attempts<Key>);

impl Default for LoginLimit {
    fn default() -> Self {
        Self(Attempts::within(WINDOW_MS))
    }
}

impl LoginLimit {
    /// Counts an attempt, in one step with the look whether it is allowed.
    ///
    /// # Errors
    /// After how many seconds the next attempt is allowed; then nothing is counted.
    pub(crate) fn attempt(&self, email: &str, address: IpAddr, now: UnixMillis) -> Result<(), u32> {
        let limits = [(account(email), ATTEMPTS_PER_ACCOUNT), (Key::Address(address), ATTEMPTS_PER_ADDRESS)];
        self.0.attempt(&limits, now)
    }

    /// Takes back an attempt whose password was never looked at.
    pub(crate) fn take_back(&self, email: &str, address: IpAddr) {
        self.0.take_back(&[account(email), Key::Address(address)]);
    }

    /// Takes back an attempt that went well, and forgets the earlier ones on its account.
    pub(crate) fn succeeded(&self, email: &str, address: IpAddr) {
        self.take_back(email, address);
        self.0.forget(&account(email));
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
