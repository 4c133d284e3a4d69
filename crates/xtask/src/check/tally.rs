//! The count of what passed and what did not.

/// Counts over all kinds of checks, with the names of the failed ones.
#[derive(Default)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
    failures: Vec<String>,
    left_out: Vec<String>,
}

impl Tally {
    /// Counts one check.
    pub(super) fn check(&mut self, name: &str, is_passed: bool) {
        println!("{name}: {}", if is_passed { "passed" } else { "FAILED" });
        self.add(name, u64::from(is_passed), u64::from(!is_passed));
    }

    /// Counts a run of several tests.
    pub(super) fn add(&mut self, name: &str, passed: u64, failed: u64) {
        self.passed += passed;
        self.failed += failed;
        if failed > 0 {
            self.failures.push(name.to_owned());
        }
    }

    /// Says what could not be run on this machine; it counts as nothing.
    pub(super) fn leave_out(&mut self, what: &str) {
        println!("NOT RUN: {what}");
        self.left_out.push(what.to_owned());
    }

    /// True when something ran and nothing failed.
    pub(super) fn is_clean(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// Prints what failed, then the sums as the last line.
    pub(super) fn print(&self) {
        println!();
        for what in &self.left_out {
            println!("not run: {what}");
        }
        for name in &self.failures {
            println!("failed: {name}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn a_run_without_any_test_is_not_clean() {
        assert!(!Tally::default().is_clean());
    }

    #[test]
    fn what_is_left_out_counts_as_nothing() {
        let mut tally = Tally::default();
        tally.leave_out("a part");
        assert!(!tally.is_clean());
        tally.check("formatting", true);
        assert!(tally.is_clean());
        assert_eq!(tally.left_out, ["a part"]);
    }

    #[test]
    fn one_failure_among_many_is_not_clean() {
        let mut tally = Tally::default();
        tally.add("native", 10, 0);
        assert!(tally.is_clean());
        tally.check("sizes", false);
        assert!(!tally.is_clean());
        assert_eq!(tally.failures, ["sizes"]);
    }
}
