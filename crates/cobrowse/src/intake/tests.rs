//! Batches of a reader that is wrong, or whose page is deeper than is shared.

use super::*;
use crate::decode::Decoder;

fn take(batch: Batch<'_>) -> Result<Page, IntakeError> {
    let (mut page, mut encoder) = (Page::new(), Encoder::default());
    Intake::default().take(batch, &mut page, &mut encoder)?;
    Ok(page)
}

#[test]
fn strings_beyond_ascii_are_cut_at_their_utf16_lengths() {
    let words = [2, 1, 0, 2, 2, 0, 2, 3, 1, 0];
    let page =
        take(Batch { words: &words, string_units: &[3, 2], strings: "a😀\0é!\0", forgets_strings: false })
            .unwrap();
    assert_eq!(page.text(NodeId(2)).unwrap().as_ref(), "a😀");
    assert_eq!(page.text(NodeId(3)).unwrap().as_ref(), "é!");
}

#[test]
fn text_marked_as_masked_is_hidden_even_when_the_reader_forgot_to() {
    let words = [2, 1, 0, 7, 2, 0, 0];
    let page = take(Batch { words: &words, string_units: &[6], strings: "secret\0", forgets_strings: false })
        .unwrap();
    assert_eq!(page.text(NodeId(2)).unwrap().as_ref(), "••••••");
}

#[test]
fn cut_batches_are_refused() {
    let words = [2, 1, 0, 2, 2, 0, 0];
    for end in 1..words.len() {
        let batch =
            Batch { words: &words[..end], string_units: &[1], strings: "a\0", forgets_strings: false };
        assert!(take(batch).is_err(), "{end} words");
    }
}

/// Hands the words of batches without strings to one recorder's intake, and its payloads to a decoder.
struct Pair {
    intake: Intake,
    page: Page,
    encoder: Encoder,
    decoder: Decoder,
    replica: Page,
}

impl Pair {
    fn new() -> Self {
        Self {
            intake: Intake::default(),
            page: Page::new(),
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            replica: Page::new(),
        }
    }

    fn take(&mut self, words: &[u32]) {
        let batch = Batch { words, string_units: &[1], strings: "a\0", forgets_strings: true };
        self.intake.take(batch, &mut self.page, &mut self.encoder).unwrap();
        let payload = self.encoder.take_payload();
        self.decoder.apply(&payload, &mut self.replica, &mut Vec::new()).unwrap();
        assert_eq!(self.replica.len(), self.page.len());
    }

    fn has(&self, node_id: u32) -> bool {
        assert_eq!(self.replica.node(NodeId(node_id)).is_some(), self.page.node(NodeId(node_id)).is_some());
        self.page.node(NodeId(node_id)).is_some()
    }
}

const PLACE: u32 = 2;
const MANY: u32 = limit::DEPTH_MAX as u32;

/// The words of elements inside one another, from `first_id` on, as the only child of `parent_id`.
fn nested(parent_id: u32, first_id: u32, count: u32) -> Vec<u32> {
    let mut words = vec![PLACE, parent_id, 0];
    for node_id in first_id..first_id + count {
        words.extend([node::ELEMENT | 0x40, node_id, 0]);
    }
    words.resize(words.len() + count as usize + 1, node::END);
    words
}

#[test]
fn what_stands_too_deep_is_left_out_and_what_is_said_of_it_passed_over() {
    let mut pair = Pair::new();
    pair.take(&nested(1, 2, MANY + 100));
    let (last, first_out) = (MANY + 1, MANY + 2);
    assert_eq!(pair.page.len(), limit::DEPTH_MAX + 1);
    assert!(pair.has(last) && !pair.has(first_out));
    pair.take(&[Op::Attribute.to_number(), first_out, 0, 0]);
    pair.take(&[Op::Field.to_number(), first_out, field::SECRET]);
    pair.take(&[Op::Scroll.to_number(), first_out, 1, 1]);
    pair.take(&[Op::AdoptedSheet.to_number(), first_out, 0, 0, 0]);
    pair.take(&[Op::AdoptedCount.to_number(), first_out, 0]);
    pair.take(&[Op::Focus.to_number(), first_out]);
    assert_eq!(pair.replica.focus, NodeId::NONE);
    pair.take(&[PLACE, first_out, first_out + 1, node::TEXT, 5_000, 0, node::END]);
    pair.take(&[PLACE, last, first_out, node::TEXT, 5_001, 0, node::END]);
    pair.take(&[Op::Text.to_number(), 5_000, 0, 0]);
    assert!(!pair.has(5_000) && !pair.has(5_001));
    pair.take(&[Op::Remove.to_number(), first_out]);
    pair.take(&[PLACE, 1, 2, node::TEXT, 5_002, 0, node::END]);
    assert!(pair.has(5_002));
}

#[test]
fn node_that_is_left_out_stays_so_wherever_it_is_moved() {
    let mut pair = Pair::new();
    pair.take(&nested(1, 2, MANY + 1));
    let out = MANY + 2;
    pair.take(&[Op::Detach.to_number(), out]);
    pair.take(&[PLACE, 1, 2, node::MOVED, out, node::TEXT, 5_000, 0, node::END]);
    pair.take(&[PLACE, 1, out, node::TEXT, 5_001, 0, node::END]);
    assert!(!pair.has(out) && pair.has(5_000) && pair.has(5_001));
    assert_eq!(pair.replica.children(NodeId(1)).last(), Some(NodeId(5_001)));
}

#[test]
fn subtree_is_left_out_when_it_is_moved_too_deep() {
    let mut pair = Pair::new();
    pair.take(&nested(1, 2, MANY - 2));
    pair.take(&[PLACE, 1, 2, node::ELEMENT | 0x40, 5_000, 0, node::END, node::END]);
    pair.take(&nested(5_000, 5_001, 2));
    pair.take(&[Op::Detach.to_number(), 5_000]);
    pair.take(&[PLACE, MANY - 1, 0, node::MOVED, 5_000, node::TEXT, 6_000, 0, node::END]);
    assert!(!pair.has(5_000) && !pair.has(5_002) && pair.has(6_000));
    pair.take(&[Op::Scroll.to_number(), 5_002, 1, 1]);
}

#[test]
fn adopted_sheets_past_the_limit_are_left_out() {
    let mut pair = Pair::new();
    for index in [0, limit::SHEETS_ADOPTED_MAX - 1, limit::SHEETS_ADOPTED_MAX] {
        pair.take(&[Op::AdoptedSheet.to_number(), 1, index, 0, 0]);
    }
    assert_eq!(pair.replica.sheets.adopted(NodeId(1)).count(), 2);
}
