//! The browser journeys: Playwright Test with Debian's Chromium against the release build of the server.

use super::tally::Tally;
use crate::command::{program, succeeds};
use crate::install;
use crate::place::Place;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Runs every journey.
pub(super) fn run(place: &Place, tally: &mut Tally) -> Result<()> {
    let tests = place.tests();
    install::chromium(place)?;
    install::npm_packages(place, &tests)?;
    let rust_docs = install::rust_docs(place)?;
    let report = place.scratch().join("playwright.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    println!("\nplaywright test");
    let is_passed = succeeds(
        program(&tests, tests.join("node_modules/.bin/playwright"), &["test"])
            .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
            .env("TANDEM_BINARY", place.server())
            .env("TANDEM_RUST_DOCS", rust_docs),
    )?;
    let counts = read_report(&report)?;
    let failed = if is_passed { counts.failed } else { counts.failed.max(1) };
    tally.add("browser journeys", counts.passed, failed);
    Ok(())
}

struct Counts {
    passed: u64,
    failed: u64,
}

fn read_report(report: &Path) -> Result<Counts> {
    let text = fs::read(report).context("playwright left no report")?;
    let report: serde_json::Value = serde_json::from_slice(&text)?;
    Ok(counts(&report["stats"]))
}

/// A journey that passed only when it was tried again, or was skipped, is counted as failed.
fn counts(stats: &serde_json::Value) -> Counts {
    let number = |name: &str| stats[name].as_u64().unwrap_or(0);
    Counts { passed: number("expected"), failed: number("unexpected") + number("flaky") + number("skipped") }
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn flaky_and_skipped_journeys_count_as_failed() {
        let stats = serde_json::json!({ "expected": 7, "unexpected": 1, "flaky": 2, "skipped": 3 });
        let read = counts(&stats);
        assert_eq!((read.passed, read.failed), (7, 6));
    }
}
