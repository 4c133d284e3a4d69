//! What was promised of delivery holds in thousands of histories, and a world that does not keep it is found out.
//! `TANDEM_SEEDS` says how many histories, `TANDEM_SEED_FROM` with which they begin.

use simulation::{Failure, Fault, copies_on_a_sound_link, met, run, run_all};

const SEEDS: u64 = 2_000;
/// Histories in which a planted fault has to show.
const SEEDS_FOR_A_FAULT: u64 = 300;

fn number_from(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

#[test]
fn every_promise_holds_in_every_history() {
    let (from, count) = (number_from("TANDEM_SEED_FROM", 0), number_from("TANDEM_SEEDS", SEEDS));
    if let Err(failure) = run_all(from, count) {
        panic!("{failure}");
    }
}

fn found(fault: Fault) -> Box<Failure> {
    let found = (0..SEEDS_FOR_A_FAULT).find_map(|seed| run(seed, fault).err());
    found.unwrap_or_else(|| panic!("{fault:?} shows in none of {SEEDS_FOR_A_FAULT} histories"))
}

#[test]
fn every_fault_that_is_planted_is_found_in_a_short_history() {
    for fault in Fault::ALL {
        let failure = found(fault);
        println!("{fault:?}: {failure}");
        assert!(!failure.is_empty() && failure.len() <= 12, "{fault:?}: {failure}");
        assert_eq!(found(fault).to_string(), failure.to_string(), "a history depends on its seed alone");
    }
}

#[test]
fn histories_meet_what_they_are_made_for() {
    let met = met(SEEDS_FOR_A_FAULT);
    for wanted in [
        "a client that moves",
        "a client that polls",
        "a client that reads too slowly",
        "a file that is taken out",
        "a message that comes twice",
        "a message that is lost with the server before its commit",
        "a message that waited for a week",
        "a store that is busy",
        "a tab that misses the bytes of a file",
        "a tab that speaks for another",
        "an answer that is lost",
        "an upload that goes on where it was cut",
        "more missed than a resume brings",
        "several writes in one commit",
        "tabs that cannot find each other",
        "two agents who take one conversation",
        "two tabs that become a customer at once",
        "two tabs that send one message with different uploads",
    ] {
        assert!(met.contains(wanted), "no history met {wanted}; met were {met:?}");
    }
}

#[test]
fn a_failure_is_told_with_its_seed_and_its_steps_by_number() {
    let text = found(Fault::AckBeforeCommit).to_string();
    assert!(text.starts_with("seed "), "{text}");
    assert!(text.contains("   1. after "), "{text}");
}

#[test]
fn a_sound_link_needs_no_second_copy() {
    for seed in 0..50 {
        assert_eq!(copies_on_a_sound_link(seed), Ok(0), "seed {seed}");
    }
}
