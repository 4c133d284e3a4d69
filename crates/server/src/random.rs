//! The one place where the server takes randomness, from the operating system.

use protocol::id::Entropy;
use store::SecretHash;

use crate::auth::secret;

/// Returns the random part of an id.
pub(crate) fn entropy() -> Entropy {
    bytes()
}

/// Returns a new token of 256 random bits, as 64 hexadecimal digits, and what is kept of it.
pub(crate) fn token() -> (String, SecretHash) {
    let token = secret::hex(&bytes::<32>());
    let hash = secret::hash(&token);
    (token, hash)
}

/// Returns a number from 0 to `below` (excluded); 0 when that is 0.
pub(crate) fn number(below: u64) -> u64 {
    u64::from_le_bytes(bytes()).checked_rem(below).unwrap_or(0)
}

/// Returns the seed of a machine's pauses.
pub(crate) fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system always has randomness once it has started");
    bytes
}
