//! Passwords: Argon2id with OWASP's parameters, off the threads that serve sockets.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use protocol::problem::ProblemCode;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Checks at work at once: each takes 19 MiB and a whole core, which the chats need as well.
const CHECKS_AT_ONCE: usize = 2;
/// Checks that may wait for their turn; more are answered with `busy`.
const CHECKS_WAITING: usize = 16;

/// The hash of no password: checking against it takes as long as against a real one, so that the time of an
/// answer does not tell which log-ins exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Returns the hash of a password in PHC format, with its own salt.
///
/// # Errors
/// When the operating system has no randomness.
pub(crate) fn hash(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?.to_string())
}

/// Checks passwords, a few at a time.
#[derive(Debug)]
pub(crate) struct Passwords {
    /// One for each check at work.
    work: Arc<Semaphore>,
    /// One for each check at work or waiting.
    places: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            work: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
            places: Semaphore::new(CHECKS_AT_ONCE + CHECKS_WAITING),
        }
    }
}

impl Passwords {
    /// Whether the password is the one with this hash; without a hash it is never.
    ///
    /// # Errors
    /// `busy` when too many checks are waiting already.
    pub(crate) async fn is_right(&self, password: String, stored: Option<String>) -> Result<bool, Problem> {
        let busy = || Problem::new(ProblemCode::Busy, "too many log-ins at once, try again in a moment");
        let _place = self.places.try_acquire().map_err(|_| busy())?;
        let permit = Arc::clone(&self.work).acquire_owned().await.map_err(|_| busy())?;
        let check = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when the one who asked is gone meanwhile.
            let _permit = permit;
            let hash = stored.as_deref().unwrap_or(NOBODY);
            let is_right = Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
            is_right && stored.is_some()
        });
        Ok(check.await.unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_is_right() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let passwords = Passwords::default();
        let is_right = |password: &str, stored| passwords.is_right(password.to_owned(), stored);
        assert_eq!(is_right("correct horse", Some(stored.clone())).await, Ok(true));
        assert_eq!(is_right("battery staple", Some(stored)).await, Ok(false));
        assert_eq!(is_right("correct horse", None).await, Ok(false));
    }

    #[tokio::test]
    async fn checks_wait_their_turn_and_too_many_are_refused() {
        let passwords = Arc::new(Passwords::default());
        let at_work = passwords.work.acquire_many(2).await.unwrap();
        let check =
            |passwords: Arc<Passwords>| async move { passwords.is_right("guess".to_owned(), None).await };
        let waiting: Vec<_> = (0..CHECKS_AT_ONCE + CHECKS_WAITING)
            .map(|_| tokio::spawn(check(Arc::clone(&passwords))))
            .collect();
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = check(Arc::clone(&passwords)).await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after_s), (ProblemCode::Busy, Some(1)));
        drop(at_work);
        for one in waiting {
            assert_eq!(one.await.unwrap(), Ok(false));
        }
    }

    #[test]
    fn checking_against_nobody_does_the_whole_work() {
        let outcome = Argon2::default().verify_password(b"anything", NOBODY);
        assert_eq!(outcome, Err(argon2::password_hash::Error::PasswordInvalid));
    }
}
