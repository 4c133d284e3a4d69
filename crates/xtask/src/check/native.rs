//! `cargo test` over all crates, the browser shells included (what they decide runs natively); the counts are read
//! from its output as it passes by.

use super::tally::Tally;
use crate::command::program;
use crate::place::Place;
use anyhow::{Context, Result};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// Runs every native test, also after one crate failed.
pub(super) fn run(place: &Place, tally: &mut Tally) -> Result<()> {
    println!("\ncargo test");
    let mut cargo = program(&place.root, "cargo", &["test", "--workspace", "--no-fail-fast"])
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo test did not start")?;
    let output = cargo.stdout.take().context("cargo test has no output")?;
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some(count) = counts(&line) {
            passed += count.passed;
            failed += count.failed;
        }
    }
    // A crate that does not compile prints no result line, and still nothing may pass for it.
    if !cargo.wait()?.success() && failed == 0 {
        failed = 1;
    }
    tally.add("native tests", passed, failed);
    Ok(())
}

struct Counts {
    passed: u64,
    failed: u64,
}

/// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`. An ignored test counts as failed: nothing is skipped.
fn counts(line: &str) -> Option<Counts> {
    let result = line.strip_prefix("test result: ")?;
    let number_before = |word: &str| -> Option<u64> {
        let (before, _) = result.split_once(word)?;
        before.split_whitespace().last()?.parse().ok()
    };
    Some(Counts {
        passed: number_before(" passed")?,
        failed: number_before(" failed")? + number_before(" ignored")?,
    })
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn a_result_line_gives_its_counts_and_ignored_counts_as_failed() {
        let line =
            "test result: ok. 12 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        let read = counts(line).unwrap();
        assert_eq!((read.passed, read.failed), (12, 3));
        assert!(counts("test tests::a ... ok").is_none());
    }
}
