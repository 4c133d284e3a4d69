//! The scenarios: each starts the real binary, does something terrible to it, and checks the promise.

mod backup;
mod disk_trouble;
mod drain;
mod hostile;
mod killed;
mod power;
mod stage;
pub(crate) mod unsynced;

use std::pin::Pin;

use anyhow::Result;

type Run = fn(u64) -> Pin<Box<dyn Future<Output = Result<String>> + Send>>;

/// A scenario: its name and what it does with a seed; the line it returns tells the numbers.
#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: Run,
}

/// All of them, in the order they run.
pub(crate) const ALL: [Scenario; 7] = [
    Scenario { name: "killed", run: |seed| Box::pin(killed::run(seed)) },
    Scenario { name: "unsynced", run: |seed| Box::pin(unsynced::run(seed)) },
    Scenario { name: "power", run: |seed| Box::pin(power::run(seed)) },
    Scenario { name: "disk", run: |seed| Box::pin(disk_trouble::run(seed)) },
    Scenario { name: "backup", run: |seed| Box::pin(backup::run(seed)) },
    Scenario { name: "hostile", run: |seed| Box::pin(hostile::run(seed)) },
    Scenario { name: "drain", run: |seed| Box::pin(drain::run(seed)) },
];
