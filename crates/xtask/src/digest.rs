//! Names for contents: the same input gives the same name on every machine.

use sha2::{Digest as _, Sha256};

/// Collects the inputs of a step, each with its length, so that two neighbours cannot be taken for one.
pub(crate) struct Digest(Sha256);

impl Digest {
    /// Starts with the name of what is digested.
    pub(crate) fn of(subject: &str) -> Self {
        Self(Sha256::new()).with(subject.as_bytes())
    }

    /// Adds one input.
    pub(crate) fn with(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Gives the first 16 hexadecimal digits, enough to tell builds apart.
    pub(crate) fn hex(self) -> String {
        self.0.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn same_inputs_give_the_same_name() {
        let name = |text: &str| Digest::of("step").with(text.as_bytes()).hex();
        assert_eq!(name("a"), name("a"));
        assert_ne!(name("a"), name("b"));
        assert_eq!(name("a").len(), 16);
    }

    #[test]
    fn moving_a_byte_between_neighbours_changes_the_name() {
        let one = Digest::of("step").with(b"ab").with(b"c").hex();
        let two = Digest::of("step").with(b"a").with(b"bc").hex();
        assert_ne!(one, two);
    }
}
