//! Passwords: Argon2id with OWASP's parameters, off the threads that serve sockets.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

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

/// Whether the password is the one with this hash; without a hash it is never.
pub(crate) async fn is_right(password: String, stored: Option<String>) -> bool {
    let check = tokio::task::spawn_blocking(move || {
        let hash = stored.as_deref().unwrap_or(NOBODY);
        let is_right = Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
        is_right && stored.is_some()
    });
    check.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_is_right() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(is_right("correct horse".to_owned(), Some(stored.clone())).await);
        assert!(!is_right("battery staple".to_owned(), Some(stored)).await);
        assert!(!is_right("correct horse".to_owned(), None).await);
    }

    #[test]
    fn checking_against_nobody_does_the_whole_work() {
        let outcome = Argon2::default().verify_password(b"anything", NOBODY);
        assert_eq!(outcome, Err(argon2::password_hash::Error::PasswordInvalid));
    }
}
