//! Recorder and replica joined, with a reader of a random page in front: whatever happens to the page, the replica's
//! tree is the page's. Frames that are cut or garbled give errors and never panic.

mod source;

use cobrowse::Batch;
use cobrowse::envelope::{Flags, Header, Kind};
use cobrowse::recorder::{Output, Recorder};
use cobrowse::relay::Relay;
use cobrowse::replica::Replica;
use proptest::prelude::*;
use source::{Edit, Source, outline_of_page};

fn frames(recorder: &mut Recorder) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(output) = recorder.poll_output() {
        match output {
            Output::Frame(frame) => frames.push(frame),
            Output::ReadPage | Output::Failed(_) => panic!("the source's batches fit together"),
        }
    }
    frames
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(source::edit(), 1..12)
}

fn steps() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    prop::collection::vec(edits(), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replica_equals_the_page_after_every_batch(seed in any::<u32>(), steps in steps()) {
        let mut page = Source::random(seed, 40);
        let (mut recorder, mut replica) = (Recorder::new(), Replica::new());
        recorder.handle_link_up(0);
        page.read().hand_to(&mut recorder);
        for step in std::iter::once(Vec::new()).chain(steps) {
            page.change(&step).hand_to(&mut recorder);
            for frame in frames(&mut recorder) {
                replica.apply(&frame).expect("own frames apply");
            }
            prop_assert!(replica.is_whole());
            prop_assert_eq!(outline_of_page(replica.page()), page.outline());
            prop_assert_eq!(outline_of_page(recorder.page()), page.outline());
        }
    }

    #[test]
    fn late_viewer_sees_what_the_others_see(seed in any::<u32>(), steps in steps(), keyframe_at in 0_usize..10) {
        let mut page = Source::random(seed, 60);
        let (mut recorder, mut relay) = (Recorder::new(), Relay::new());
        page.read().hand_to(&mut recorder);
        recorder.handle_link_up(0);
        for (index, step) in steps.iter().enumerate() {
            if index == keyframe_at {
                recorder.handle_keyframe_wish(1);
            }
            page.change(step).hand_to(&mut recorder);
            for frame in frames(&mut recorder) {
                relay.push(frame, 1);
            }
        }
        let mut late = Replica::new();
        for frame in relay.catch_up() {
            late.apply(&frame).expect("kept frames apply");
        }
        prop_assert!(late.is_whole());
        prop_assert_eq!(outline_of_page(late.page()), page.outline());
    }

    #[test]
    fn slow_link_drops_deltas_and_catches_up_with_a_keyframe(seed in any::<u32>(), lost in steps()) {
        let mut page = Source::random(seed, 40);
        let (mut recorder, mut replica) = (Recorder::new(), Replica::new());
        recorder.handle_link_up(0);
        page.read().hand_to(&mut recorder);
        let before = frames(&mut recorder);
        recorder.handle_backlog(u32::MAX, 1);
        for step in &lost {
            page.change(step).hand_to(&mut recorder);
        }
        prop_assert!(recorder.is_behind());
        prop_assert!(frames(&mut recorder).is_empty());
        recorder.handle_backlog(0, 2);
        for frame in before.into_iter().chain(frames(&mut recorder)) {
            replica.apply(&frame).expect("own frames apply");
        }
        prop_assert_eq!(outline_of_page(replica.page()), page.outline());
    }

    #[test]
    fn garbled_frames_never_panic_and_the_next_keyframe_mends_the_page(
        seed in any::<u32>(),
        step in edits(),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
        is_cut in any::<bool>(),
    ) {
        let mut page = Source::random(seed, 40);
        let (mut recorder, mut replica) = (Recorder::new(), Replica::new());
        recorder.handle_link_up(0);
        page.read().hand_to(&mut recorder);
        page.change(&step).hand_to(&mut recorder);
        for mut frame in frames(&mut recorder) {
            let place = at.index(frame.len());
            if is_cut {
                frame.truncate(place);
                prop_assert!(replica.apply(&frame).is_err());
            } else {
                frame[place] ^= 1 << bit;
                // Some bits change only what is shown, so this may well be accepted.
                drop(replica.apply(&frame));
            }
        }
        recorder.handle_keyframe_wish(1);
        for frame in frames(&mut recorder) {
            replica.apply(&frame).expect("own frames apply");
        }
        prop_assert_eq!(outline_of_page(replica.page()), page.outline());
    }

    #[test]
    fn nonsense_from_the_page_or_the_wire_never_panics(
        words in prop::collection::vec(prop_oneof![3 => 0_u32..24, 1 => any::<u32>()], 0..60),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut recorder = Recorder::new();
        recorder.handle_link_up(0);
        let words = [&[1, 0, 0, 0, 0][..], &words].concat();
        let batch =
            Batch { words: &words, string_units: &[1, 1], strings: "a\0b\0", forgets_strings: true };
        recorder.handle_batch(batch, 0);
        prop_assert!(recorder.poll_output().is_some());
        drop(Replica::new().apply(&bytes));
        let header = Header { kind: Kind::Keyframe, flags: Flags::FIRST, sequence: 0, elapsed_ms: 0 };
        drop(Replica::new().apply(&header.frame(&bytes)));
    }
}

#[test]
fn large_page_comes_over_in_several_parts() {
    let mut page = Source::random(7, 50_000);
    let (mut recorder, mut replica) = (Recorder::new(), Replica::new());
    page.read().hand_to(&mut recorder);
    recorder.handle_link_up(0);
    let frames = frames(&mut recorder);
    assert!(frames.len() > 3);
    for frame in &frames {
        replica.apply(frame).unwrap();
    }
    assert!(replica.is_whole());
    assert_eq!(outline_of_page(replica.page()), page.outline());
}

#[test]
fn missing_delta_is_noticed() {
    let mut page = Source::random(3, 20);
    let (mut recorder, mut replica) = (Recorder::new(), Replica::new());
    recorder.handle_link_up(0);
    page.read().hand_to(&mut recorder);
    for frame in frames(&mut recorder) {
        replica.apply(&frame).unwrap();
    }
    page.change(&[Edit::Insert { parent: 0, place: 0, node: 1 }]).hand_to(&mut recorder);
    assert_eq!(frames(&mut recorder).len(), 1);
    page.change(&[Edit::Insert { parent: 0, place: 0, node: 2 }]).hand_to(&mut recorder);
    for frame in frames(&mut recorder) {
        assert!(replica.apply(&frame).is_err());
    }
    assert!(!replica.is_whole());
}
