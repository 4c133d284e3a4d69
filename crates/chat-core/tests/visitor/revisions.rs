//! Edits and deletions change the message they name, whichever way and in whatever state it comes.

use chat_core::{EntryKind, VisitorInput, VisitorOutput};
use protocol::attachment::Attachment;
use protocol::conversation::{ConversationEvent, ConversationStatus, EventKind, Revision};
use protocol::id::{AttachmentId, MessageId};
use protocol::rest::EventsPage;

use crate::tab::{Tab, cnv, event, events, head, message, returning};

fn online() -> Tab {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    tab
}

fn edited(seq: u64, of: u64, text: &str) -> ConversationEvent {
    let message_id = MessageId(format!("msg_{of}"));
    event(seq, EventKind::Edited { message_id, text: text.to_owned() })
}

fn deleted(seq: u64, of: u64) -> ConversationEvent {
    event(seq, EventKind::Deleted { message_id: MessageId(format!("msg_{of}")) })
}

/// The message as the server gives it once it was changed.
fn changed(seq: u64, new_text: &str, new_revision: Revision) -> ConversationEvent {
    let mut event = message(seq);
    if let EventKind::Message { text, revision, .. } = &mut event.what {
        new_text.clone_into(text);
        *revision = new_revision;
    }
    event
}

fn shown(tab: &Tab) -> Vec<(String, usize, Revision)> {
    let entries = tab.chat.conversation().map(|view| view.entries).unwrap_or_default();
    let message = |kind| match kind {
        EntryKind::Message { text, files, revision, .. } => (text, files.len(), revision),
        EntryKind::Notice(notice) => panic!("a revision is no line of its own: {notice:?}"),
    };
    entries.into_iter().map(|entry| message(entry.kind)).collect()
}

fn word(text: &str, revision: Revision) -> (String, usize, Revision) {
    (text.to_owned(), 0, revision)
}

#[test]
fn an_edit_shows_at_the_place_of_the_message() {
    let mut tab = online();
    tab.receive(events(vec![message(1), message(2)]));
    tab.receive(events(vec![edited(3, 1, "better")]));
    assert_eq!(shown(&tab), [word("better", Revision::Edited), word("word 2", Revision::Original)]);
}

#[test]
fn a_message_that_is_taken_back_loses_text_and_files_and_keeps_its_place() {
    let mut tab = online();
    let mut first = message(1);
    if let EventKind::Message { attachments, .. } = &mut first.what {
        attachments.push(Attachment {
            attachment_id: AttachmentId("att_1".to_owned()),
            name: "plan.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: 1,
        });
    }
    tab.receive(events(vec![first, message(2)]));
    assert_eq!(shown(&tab)[0].1, 1);
    tab.receive(events(vec![deleted(3, 1)]));
    assert_eq!(shown(&tab), [word("", Revision::Deleted), word("word 2", Revision::Original)]);
}

#[test]
fn the_last_of_several_edits_counts() {
    let mut tab = online();
    tab.receive(events(vec![message(1), edited(2, 1, "better"), edited(3, 1, "best")]));
    assert_eq!(shown(&tab), [word("best", Revision::Edited)]);
}

#[test]
fn a_resume_brings_the_message_as_it_stands_and_edits_that_lost_their_text_change_nothing() {
    let mut tab = online();
    tab.receive(events(vec![changed(1, "best", Revision::Edited), edited(2, 1, ""), edited(3, 1, "best")]));
    assert_eq!(shown(&tab), [word("best", Revision::Edited)]);
    tab.receive(events(vec![changed(4, "", Revision::Deleted), edited(5, 4, ""), deleted(6, 4)]));
    assert_eq!(shown(&tab)[1], word("", Revision::Deleted));
}

#[test]
fn an_edit_beyond_a_gap_waits_for_the_gap_to_be_fetched() {
    let mut tab = online();
    tab.receive(events(vec![message(1)]));
    let outputs = tab.receive(events(vec![edited(3, 2, "better")]));
    assert!(outputs.contains(&VisitorOutput::FetchEvents { conversation_id: cnv(), after_seq: 1 }));
    assert_eq!(shown(&tab), [word("word 1", Revision::Original)]);
    let page = EventsPage {
        events: vec![changed(2, "better", Revision::Edited), edited(3, 2, "better")],
        head_seq: 3,
    };
    tab.give(VisitorInput::EventsFetched { conversation_id: cnv(), page });
    assert_eq!(shown(&tab)[1], word("better", Revision::Edited));
}

#[test]
fn a_message_that_was_edited_between_two_pages_ends_as_the_last_page_says() {
    let mut tab = online();
    let page = |events, head_seq| VisitorInput::EventsFetched {
        conversation_id: cnv(),
        page: EventsPage { events, head_seq },
    };
    tab.give(page(vec![message(1)], 3));
    tab.give(page(vec![edited(2, 1, ""), deleted(3, 1)], 3));
    assert_eq!(shown(&tab), [word("", Revision::Deleted)]);
}

#[test]
fn a_message_that_was_taken_back_before_it_was_seen_is_neither_unread_nor_news() {
    let mut tab = online();
    let arrivals = |outputs: &[VisitorOutput]| {
        outputs.iter().filter(|output| matches!(output, VisitorOutput::MessageArrived { .. })).count()
    };
    assert_eq!(arrivals(&tab.receive(events(vec![message(1)]))), 1);
    assert_eq!(tab.chat.unread_count(), 1);
    assert_eq!(arrivals(&tab.receive(events(vec![deleted(2, 1)]))), 0);
    assert_eq!(tab.chat.unread_count(), 0);
    let outputs = tab.receive(events(vec![changed(3, "", Revision::Deleted), deleted(4, 3)]));
    assert_eq!((arrivals(&outputs), tab.chat.unread_count()), (0, 0));
}
