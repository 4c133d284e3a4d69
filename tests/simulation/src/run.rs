//! One history from its beginning to its check, and the search for the shortest one that breaks a promise.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::actor::{Sender, TABS};
use crate::fault::Fault;
use crate::plan::{Act, Step, plan};
use crate::world::{Weather, World};

/// Lengths of time after the troubles: for every pause between two tries, every heartbeat, every silence that has to
/// be noticed. Then people try again what failed, and it goes round once more.
const CALM_MS: i64 = 180_000;
/// What is not settled then is looked at again so often, after pauses of this length.
const SETTLING_TRIES: usize = 6;
const SETTLING_MS: i64 = 10_000;
/// Runs that the search for a shorter history may take.
const SHRINK_RUNS_MAX: usize = 3_000;

/// A history that broke a promise.
#[derive(Debug)]
pub struct Failure {
    /// Names the history.
    pub seed: u64,
    /// The promise.
    pub promise: String,
    steps: Vec<Step>,
    /// How many steps it had before it was made shorter.
    steps_at_first: usize,
}

/// Lives through the history that a seed names. Fails with the shortest history that breaks a promise.
///
/// # Errors
/// The failure.
pub fn run(seed: u64, fault: Fault) -> Result<(), Box<Failure>> {
    let steps = plan(seed);
    match live(seed, fault, &steps) {
        Some(_) => Err(Box::new(shortest(seed, fault, steps))),
        None => Ok(()),
    }
}

/// Lives through the histories of so many seeds, as many at once as there are processors. Fails with the first that is
/// found to break a promise.
///
/// # Errors
/// The failure.
pub fn run_all(from: u64, count: u64) -> Result<(), Box<Failure>> {
    let next = AtomicU64::new(from);
    let end = from.saturating_add(count);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return Ok(());
            }
            if let Err(failure) = run(seed, Fault::None) {
                next.store(end, Ordering::Relaxed);
                return Err(failure);
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a history ended in a panic"))
    })
}

/// Returns what happened in the histories of so many seeds, as far as it is worth telling.
#[must_use]
pub fn met(count: u64) -> BTreeSet<&'static str> {
    let met_in = |seed| {
        let mut world = World::new(seed, Fault::None, Weather::Foul);
        for step in &plan(seed) {
            world.live(step);
        }
        world.calm();
        world.pass(CALM_MS);
        world.try_again();
        if world.server.store.copies > 0 {
            world.truth.met.insert("a message that comes twice");
        }
        world.truth.met
    };
    (0..count).flat_map(met_in).collect()
}

/// Lives through a history in which people write and nothing goes wrong. Returns how many messages the server was sent
/// again although it had them.
///
/// # Errors
/// The promise that is broken.
pub fn copies_on_a_sound_link(seed: u64) -> Result<usize, String> {
    let mut world = World::new(seed, Fault::None, Weather::Fair);
    // A page that is loaded sends at once what waits in storage, whoever may be sending it already: nobody loads one.
    let is_open = |sender: Sender| !matches!(sender, Sender::Tab(tab) if tab.tab == TABS - 1);
    let is_quiet =
        |act: &Act| matches!(act, Act::Write { sender, .. } | Act::See(sender) if is_open(*sender));
    for step in plan(seed).iter().filter(|step| is_quiet(&step.act)) {
        world.live(step);
    }
    world.calm();
    world.pass(CALM_MS);
    world.broken_promise().map_or(Ok(world.server.store.copies), Err)
}

/// Returns the promise that a history breaks, if it does.
fn live(seed: u64, fault: Fault, steps: &[Step]) -> Option<String> {
    relive(seed, fault, steps, false)
}

/// As `live`; traced, it says on the error stream what happens.
fn relive(seed: u64, fault: Fault, steps: &[Step], is_traced: bool) -> Option<String> {
    let mut world = World::new(seed, fault, Weather::Foul);
    world.is_traced = is_traced;
    for step in steps {
        world.live(step);
        if !world.truth.broken.is_empty() {
            return world.broken_promise();
        }
    }
    world.calm();
    world.pass(CALM_MS);
    if world.try_again() {
        world.pass(CALM_MS);
    }
    // A client that polls lets go of a connection that works to try a socket, whatever the moment.
    for _ in 0..SETTLING_TRIES {
        world.broken_promise()?;
        world.pass(SETTLING_MS);
    }
    world.broken_promise()
}

/// Leaves out steps, and pauses, as long as a promise is still broken.
fn shortest(seed: u64, fault: Fault, mut steps: Vec<Step>) -> Failure {
    let steps_at_first = steps.len();
    let mut runs = 0;
    let mut fails = |steps: &[Step]| {
        runs += 1;
        runs <= SHRINK_RUNS_MAX && live(seed, fault, steps).is_some()
    };
    let mut piece = steps.len().div_ceil(2);
    while piece > 0 {
        let mut at = 0;
        let before = steps.len();
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + piece).min(steps.len()));
            if fails(&fewer) {
                steps = fewer;
            } else {
                at += piece;
            }
        }
        if piece > 1 || steps.len() == before {
            piece /= 2;
        }
    }
    for at in 0..steps.len() {
        for pause_ms in [0, 10, 100, 1_000] {
            let mut quicker = steps.clone();
            quicker[at].pause_ms = pause_ms;
            if pause_ms < steps[at].pause_ms && fails(&quicker) {
                steps = quicker;
                break;
            }
        }
    }
    let promise = relive(seed, fault, &steps, std::env::var_os("TANDEM_TRACE").is_some()).unwrap_or_default();
    Failure { seed, promise, steps, steps_at_first }
}

impl Failure {
    /// How many steps the history has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it takes no step at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "seed {}: {}", self.seed, self.promise)?;
        writeln!(formatter, "the shortest history found ({} steps of {}):", self.len(), self.steps_at_first)?;
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(formatter, "{:>4}. {step}", number + 1)?;
        }
        Ok(())
    }
}
