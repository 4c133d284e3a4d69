//! The real binary under fire: cut links, killed processes, lost power, full disks.
//!
//! `faults [NAME …]` runs the named scenarios, or all of them, and prints one line for each with its seed and its
//! numbers. `TANDEM_BINARY` names the binary, `TANDEM_FAULTS_SEED` repeats a run.

mod checker;
mod clock;
mod disk;
mod people;
mod place;
mod process;
mod proxy;
mod random;
mod readable;
mod scenario;

use std::process::ExitCode;

use anyhow::{Result, bail};
use scenario::Scenario;

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what was asked for and returns how many scenarios failed.
fn run() -> Result<usize> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some((scenario::unsynced::WRITER, rest)) =
        wanted.split_first().map(|(word, rest)| (word.as_str(), rest))
    {
        return scenario::unsynced::write_rows(rest).map(|()| 0);
    }
    if let Some(unknown) = wanted.iter().find(|name| scenario::ALL.iter().all(|known| known.name != **name)) {
        bail!("no scenario is called `{unknown}`");
    }
    let is_wanted =
        |scenario: &&Scenario| wanted.is_empty() || wanted.iter().any(|name| name == scenario.name);
    let seed = place::number("TANDEM_FAULTS_SEED", clock::now().0.unsigned_abs())?;
    let (mut passed, mut failed) = (0, 0);
    for scenario in scenario::ALL.iter().filter(is_wanted) {
        match run_one(*scenario, seed) {
            Ok(line) => {
                passed += 1;
                println!("{}: passed; seed {seed}; {line}", scenario.name);
            }
            Err(error) => {
                failed += 1;
                println!("{}: FAILED; seed {seed}; {error:#}", scenario.name);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed)
}

/// Each scenario has a runtime of its own: nothing of one goes on during the next. A panic fails the one it is in.
fn run_one(scenario: Scenario, seed: u64) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async { tokio::spawn(async move { (scenario.run)(seed).await }).await });
    runtime.shutdown_background();
    match outcome {
        Ok(outcome) => outcome,
        Err(error) => bail!("{error}"),
    }
}
