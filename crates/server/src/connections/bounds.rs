//! How many connections a server takes, by how many files the system lets it open. Pure.

/// At least so many descriptors are left for the database, files of messages and what a process needs for itself,
const FILES_MIN: usize = 256;
/// and never more than this.
const FILES_MAX: usize = 4_096;
/// At least so many connections are left for agents,
const STAFF_MIN: usize = 16;
/// and never more than this.
const STAFF_MAX: usize = 1_024;

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// As long as there are fewer, anybody may come.
    pub(crate) visitors: usize,
    /// More there never are.
    pub(crate) all: usize,
}

impl Bounds {
    /// Divides what the system allows; an operator can want fewer connections, and never gets more.
    pub(crate) fn of(descriptors: usize, wanted: Option<usize>) -> Self {
        let files = (descriptors / 16).clamp(FILES_MIN, FILES_MAX).min(descriptors / 2);
        let all = wanted.unwrap_or(usize::MAX).clamp(1, (descriptors - files).max(1));
        let staff = (all / 64).clamp(STAFF_MIN, STAFF_MAX).min(all / 4);
        Self { visitors: all - staff, all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(descriptors: usize, wanted: Option<usize>, visitors: usize, all: usize) {
        assert_eq!(Bounds::of(descriptors, wanted), Bounds { visitors, all }, "{descriptors} {wanted:?}");
    }

    #[test]
    fn files_and_agents_keep_their_share() {
        check(20_000, None, 18_458, 18_750);
        check(1_024, None, 752, 768);
        check(256, None, 112, 128);
        check(1_048_576, None, 1_043_456, 1_044_480);
        check(20_000, Some(100), 84, 100);
        check(1_024, Some(5_000), 752, 768);
    }

    #[test]
    fn somebody_is_always_let_in() {
        check(20_000, Some(0), 1, 1);
        check(0, None, 1, 1);
    }
}
