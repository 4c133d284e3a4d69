//! A visitor, an agent and a server joined by links that drop, double, reorder, delay and break: what was typed
//! arrives once, in order, everywhere.

mod world;

use world::{Trouble, World};

const SEEDS: u64 = 400;

fn run(seed: u64, trouble: Trouble) {
    let mut world = World::new(seed, trouble);
    world.live_through(120);
    world.calm_down();
    world.check();
}

#[test]
fn nothing_typed_is_lost_doubled_or_out_of_order_over_a_hostile_link() {
    for seed in 0..SEEDS {
        run(seed, Trouble::Hostile);
    }
}

#[test]
fn a_sound_link_needs_no_second_copy() {
    for seed in 0..20 {
        let mut world = World::new(seed, Trouble::None);
        world.live_through(60);
        world.calm_down();
        world.check();
        assert_eq!(world.server.copies_received(), 0, "seed {seed}");
    }
}

#[test]
fn a_reload_with_a_full_outbox_sends_what_was_kept() {
    for seed in 0..50 {
        let mut world = World::new(seed, Trouble::Hostile);
        for _ in 0..6 {
            world.live_through(15);
            world.reload_visitor();
        }
        world.calm_down();
        world.check();
    }
}
