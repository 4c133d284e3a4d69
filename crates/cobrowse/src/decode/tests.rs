//! Payloads that a hostile recorder may send and ours never does.

use super::*;
use crate::encode::Encoder;

const MAX: u32 = limit::DEPTH_MAX as u32;
const TOO_LARGE: Result<(), DecodeError> = Err(DecodeError::Page(PageError::TooLarge));

fn element() -> Content {
    Content::Element(Box::new(Element {
        namespace: Namespace::Html,
        tag: "div".into(),
        attributes: Vec::new(),
        field: None,
        scroll: (0, 0),
    }))
}

/// Writes elements inside one another, from `first_id` on, as the first child of `parent_id`.
fn nest(encoder: &mut Encoder, parent_id: u32, first_id: u32, count: u32) {
    encoder.begin_run(NodeId(parent_id), NodeId::NONE);
    for node_id in first_id..first_id + count {
        encoder.node(NodeId(node_id), &element(), true);
    }
    for _ in 0..=count {
        encoder.end();
    }
}

fn apply(encoder: &mut Encoder, page: &mut Page) -> Result<(), DecodeError> {
    Decoder::default().apply(&encoder.take_payload(), page, &mut Vec::new())
}

#[test]
fn tree_is_as_deep_as_allowed_and_no_deeper() {
    for (count, expected) in [(MAX, Ok(())), (MAX + 1, TOO_LARGE), (4_000, TOO_LARGE)] {
        let mut encoder = Encoder::default();
        nest(&mut encoder, 1, 2, count);
        assert_eq!(apply(&mut encoder, &mut Page::new()), expected, "{count}");
    }
}

#[test]
fn depth_counts_from_the_document_however_many_runs_it_takes() {
    for (more, expected) in [(12, Ok(())), (13, TOO_LARGE)] {
        let mut encoder = Encoder::default();
        for step in 0..5 {
            nest(&mut encoder, 1 + step * 100, 2 + step * 100, 100);
        }
        nest(&mut encoder, 501, 502, more);
        assert_eq!(apply(&mut encoder, &mut Page::new()), expected, "{more}");
    }
}

#[test]
fn moved_tree_counts_with_its_height() {
    for (height, expected) in [(0, Ok(())), (1, TOO_LARGE)] {
        let mut encoder = Encoder::default();
        nest(&mut encoder, 1, 2, MAX - 1);
        nest(&mut encoder, 1, 1_000, 1 + height);
        encoder.detach(NodeId(1_000));
        encoder.begin_run(NodeId(MAX), NodeId::NONE);
        encoder.moved(NodeId(1_000));
        encoder.end();
        assert_eq!(apply(&mut encoder, &mut Page::new()), expected, "{height}");
    }
}

#[test]
fn root_adopts_no_more_sheets_than_allowed() {
    for (index, expected) in [(limit::SHEETS_ADOPTED_MAX - 1, Ok(())), (u32::MAX, TOO_LARGE)] {
        let mut encoder = Encoder::default();
        let sheet = Sheet { css: "".into(), base_url: "".into() };
        encoder.sheet(SheetSlot::Adopted(NodeId::DOCUMENT, index), &sheet);
        assert_eq!(apply(&mut encoder, &mut Page::new()), expected, "{index}");
    }
}

#[test]
fn splices_that_make_too_much_text_are_refused_and_never_written() {
    let old: Text = "a".repeat(limit::SPLICED_BYTES_MAX / 4).into();
    let new: Text = format!("{old}b").into();
    let mut page = Page::new();
    page.add(NodeId(2), Content::Text(Text::clone(&old))).unwrap();
    let mut encoder = Encoder::default();
    for _ in 0..3 {
        encoder.text(NodeId(2), &old, &new);
        encoder.text(NodeId(2), &new, &old);
    }
    encoder.text(NodeId(2), &old, &new);
    let payload = encoder.take_payload();
    assert_eq!(Decoder::default().apply(&payload, &mut page, &mut Vec::new()), Ok(()));
    assert_eq!(page.text(NodeId(2)).unwrap(), &new);

    let mut hostile = Encoder::default();
    for _ in 0..8 {
        hostile.splice(NodeId(2), 0, 0, &"b".into());
    }
    assert_eq!(apply(&mut hostile, &mut page), TOO_LARGE);
}
