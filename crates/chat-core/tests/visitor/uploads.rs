//! Files go up one at a time, in order, and hold up nothing but their own message.

use chat_core::{
    Compose, ComposeFault, EntryFile, EntryKind, MessageState, OutboxFile, OutboxMessage, SavedVisitor,
    VisitorInput, VisitorOutput,
};
use protocol::conversation::ConversationStatus;
use protocol::id::AttachmentId;
use protocol::visitor::{VisitorCommand, VisitorEvent};

use crate::tab::{NOW, Tab, cnv, head, returning, sent, session};

fn file(file_id: &str) -> OutboxFile {
    OutboxFile {
        file_id: file_id.to_owned(),
        name: format!("{file_id}.png"),
        media_type: "image/png".to_owned(),
        bytes: 1_000,
        attachment_id: None,
    }
}

fn attachment(file_id: &str) -> AttachmentId {
    AttachmentId(format!("att_{file_id}"))
}

fn online() -> Tab {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    tab
}

fn compose(tab: &mut Tab, text: &str, files: &[&str]) -> Vec<VisitorOutput> {
    tab.now = tab.now.plus_ms(1);
    let entropy = [u8::try_from(tab.now.since_ms(NOW)).expect("few messages"); 10];
    let files = files.iter().map(|file_id| file(file_id)).collect();
    let text = text.to_owned();
    tab.give(VisitorInput::Compose(Compose {
        text,
        files,
        conversation_entropy: entropy,
        message_entropy: entropy,
    }))
}

fn uploaded(tab: &mut Tab, file_id: &str) -> Vec<VisitorOutput> {
    let attachment_id = attachment(file_id);
    tab.give(VisitorInput::Uploaded { file_id: file_id.to_owned(), attachment_id })
}

fn failed(tab: &mut Tab, file_id: &str, is_final: bool) -> Vec<VisitorOutput> {
    tab.give(VisitorInput::UploadFailed { file_id: file_id.to_owned(), is_final })
}

fn uploads(outputs: &[VisitorOutput]) -> Vec<&str> {
    let mut file_ids = Vec::new();
    for output in outputs {
        if let VisitorOutput::Upload(file) = output {
            file_ids.push(file.file_id.as_str());
        }
    }
    file_ids
}

fn saved(outputs: &[VisitorOutput]) -> Vec<&OutboxMessage> {
    let mut messages = Vec::new();
    for output in outputs {
        if let VisitorOutput::SaveMessage(message) = output {
            messages.push(message);
        }
    }
    messages
}

fn shown_files(tab: &Tab) -> Vec<EntryFile> {
    let entries = tab.chat.conversation().map(|view| view.entries).unwrap_or_default();
    let files = |kind| match kind {
        EntryKind::Message { files, .. } => files,
        EntryKind::Notice(_) => Vec::new(),
    };
    entries.into_iter().flat_map(|entry| files(entry.kind)).collect()
}

#[test]
fn files_go_up_one_after_the_other_and_their_message_follows_with_their_names_in_order() {
    let mut tab = online();
    let outputs = compose(&mut tab, "look", &["a", "b"]);
    assert_eq!((uploads(&outputs), sent(&outputs)), (vec!["a"], vec![]));
    let outputs = uploaded(&mut tab, "a");
    assert_eq!((uploads(&outputs), sent(&outputs)), (vec!["b"], vec![]));
    assert_eq!(
        saved(&outputs)[0].files[0].attachment_id,
        Some(attachment("a")),
        "a reload goes on from here"
    );
    let outputs = uploaded(&mut tab, "b");
    let is_with_both = |output: &VisitorOutput| {
        let both = [attachment("a"), attachment("b")];
        matches!(output, VisitorOutput::Send(VisitorCommand::Send { attachments, .. }) if *attachments == both)
    };
    assert!(outputs.iter().any(is_with_both), "{outputs:?}");
}

#[test]
fn files_of_several_messages_go_up_in_the_order_of_the_messages() {
    let mut tab = online();
    assert_eq!(uploads(&compose(&mut tab, "", &["a"])), ["a"]);
    assert_eq!(uploads(&compose(&mut tab, "", &["b"])), [""; 0]);
    let outputs = uploaded(&mut tab, "a");
    assert_eq!((uploads(&outputs), sent(&outputs).len()), (vec!["b"], 1));
}

#[test]
fn a_text_does_not_wait_for_files_before_it() {
    let mut tab = online();
    compose(&mut tab, "a film", &["a"]);
    assert_eq!(sent(&compose(&mut tab, "it takes a while", &[]))[0].1, "it takes a while");
}

#[test]
fn an_upload_that_is_cut_goes_on_after_a_pause_or_when_the_network_is_back() {
    let mut tab = online();
    compose(&mut tab, "", &["a"]);
    assert_eq!(uploads(&failed(&mut tab, "a", false)), [""; 0]);
    tab.now = tab.now.plus_ms(500);
    assert_eq!(uploads(&tab.give(VisitorInput::Tick)), ["a"], "the first pause is half a second at most");
    for _ in 0..8 {
        failed(&mut tab, "a", false);
    }
    assert_eq!(uploads(&tab.give(VisitorInput::WakeUp)), ["a"]);
}

#[test]
fn the_bytes_that_the_server_has_are_shown_until_the_file_is_up() {
    let mut tab = online();
    compose(&mut tab, "", &["a"]);
    assert_eq!(shown_files(&tab)[0].sent_bytes, None);
    tab.give(VisitorInput::UploadProgressed { file_id: "a".to_owned(), sent_bytes: 400 });
    assert_eq!(shown_files(&tab)[0].sent_bytes, Some(400));
    failed(&mut tab, "a", false);
    assert_eq!(shown_files(&tab)[0].sent_bytes, Some(400), "a cut loses nothing of it");
    uploaded(&mut tab, "a");
    let shown = shown_files(&tab).remove(0);
    assert_eq!((shown.sent_bytes, shown.attachment_id), (None, Some(attachment("a"))));
}

#[test]
fn a_file_that_is_refused_fails_its_message_alone_and_trying_again_asks_for_each_file_anew() {
    let mut tab = online();
    compose(&mut tab, "two", &["a", "b"]);
    compose(&mut tab, "", &["c"]);
    uploaded(&mut tab, "a");
    let outputs = failed(&mut tab, "b", true);
    assert!(saved(&outputs)[0].is_failed);
    assert_eq!(uploads(&outputs), ["c"]);
    assert_eq!(tab.states()[0].1, Some(MessageState::Failed));
    assert_eq!(sent(&uploaded(&mut tab, "c")).len(), 1);
    let message_id = saved(&outputs)[0].message_id.clone();
    assert_eq!(
        uploads(&tab.give(VisitorInput::Retry { message_id })),
        ["a"],
        "the server may have let go of it"
    );
    assert_eq!(uploads(&uploaded(&mut tab, "a")), ["b"]);
}

#[test]
fn the_first_file_of_a_visitor_waits_until_they_are_a_customer() {
    let mut tab = Tab::new(SavedVisitor::default());
    assert_eq!(uploads(&compose(&mut tab, "", &["a"])), [""; 0]);
    assert_eq!(uploads(&tab.becomes("cus_1")), ["a"]);
}

#[test]
fn after_a_reload_only_what_is_missing_goes_up() {
    let mut tab = online();
    compose(&mut tab, "", &["a", "b"]);
    let kept = saved(&uploaded(&mut tab, "a"))[0].clone();
    let saved = SavedVisitor { session: Some(session()), outbox: vec![kept], cobrowse_stop: None };
    let mut reloaded = Tab::new(saved);
    assert_eq!(uploads(&reloaded.give(VisitorInput::Start)), ["b"]);
}

#[test]
fn what_was_uploaded_for_a_token_that_is_refused_goes_up_again_as_somebody_new() {
    let mut tab = online();
    compose(&mut tab, "", &["a", "b"]);
    uploaded(&mut tab, "a");
    let outputs = tab.give(VisitorInput::SocketClosed { code: 4401 });
    assert_eq!(saved(&outputs)[0].files[0].attachment_id, None);
    failed(&mut tab, "b", false);
    tab.becomes("cus_2");
    assert_eq!(uploads(&tab.give(VisitorInput::WakeUp)), ["a"]);
}

#[test]
fn more_than_ten_files_are_not_taken_and_files_alone_are_a_message() {
    let mut tab = online();
    assert_eq!(tab.chat.compose_fault("", 0), Some(ComposeFault::Empty));
    assert_eq!(tab.chat.compose_fault("", 10), None);
    assert_eq!(tab.chat.compose_fault("many", 11), Some(ComposeFault::TooManyFiles));
    let outputs = compose(&mut tab, "many", &["a"; 11]);
    assert_eq!((uploads(&outputs), saved(&outputs)), (vec![], vec![]));
}

#[test]
fn a_message_with_files_ends_in_the_timeline_like_any_other() {
    let mut tab = online();
    compose(&mut tab, "", &["a"]);
    let message_id = sent(&uploaded(&mut tab, "a")).remove(0).0;
    let ack = VisitorEvent::Ack { conversation_id: cnv(), message_id: message_id.clone(), seq: 1, at: NOW };
    assert!(tab.receive(ack).contains(&VisitorOutput::ForgetMessage(message_id)));
    assert_eq!(tab.states(), [(String::new(), Some(MessageState::Sent))]);
}

#[test]
fn messages_that_have_their_places_beyond_a_gap_stand_in_that_order() {
    let mut tab = online();
    compose(&mut tab, "a film", &["a"]);
    let text_id = sent(&compose(&mut tab, "it takes a while", &[])).remove(0).0;
    tab.receive(VisitorEvent::Ack { conversation_id: cnv(), message_id: text_id, seq: 7, at: NOW });
    let film_id = sent(&uploaded(&mut tab, "a")).remove(0).0;
    tab.receive(VisitorEvent::Ack { conversation_id: cnv(), message_id: film_id, seq: 8, at: NOW });
    let texts: Vec<String> = tab.states().into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts, ["it takes a while", "a film"]);
}

#[test]
fn a_file_that_is_taken_out_frees_the_way_and_its_message_goes_without_it() {
    let mut tab = online();
    compose(&mut tab, "never mind the film", &["a", "b"]);
    compose(&mut tab, "", &["c"]);
    let outputs = remove(&mut tab, "a");
    assert_eq!((uploads(&outputs), saved(&outputs)[0].files.len()), (vec!["b"], 1));
    assert_eq!(uploads(&remove(&mut tab, "c")), [""; 0], "one that waits stops nobody");
    let outputs = remove(&mut tab, "b");
    assert_eq!(sent(&outputs)[0].1, "never mind the film");
}

#[test]
fn a_message_of_nothing_but_the_file_goes_with_it() {
    let mut tab = online();
    compose(&mut tab, "", &["a"]);
    let outputs = remove(&mut tab, "a");
    assert!(saved(&outputs)[0].is_taken_back(), "{outputs:?}");
    assert_eq!((tab.states(), sent(&outputs)), (vec![], vec![]));
}

#[test]
fn a_message_that_failed_for_its_file_is_sent_once_the_file_is_out() {
    let mut tab = online();
    compose(&mut tab, "look", &["a"]);
    failed(&mut tab, "a", true);
    assert_eq!(sent(&remove(&mut tab, "a"))[0].1, "look");
}

#[test]
fn a_message_that_was_sent_keeps_its_files() {
    let mut tab = online();
    compose(&mut tab, "look", &["a"]);
    uploaded(&mut tab, "a");
    let outputs = remove(&mut tab, "a");
    assert_eq!((saved(&outputs).len(), shown_files(&tab).len()), (0, 1), "{outputs:?}");
}

fn remove(tab: &mut Tab, file_id: &str) -> Vec<VisitorOutput> {
    tab.give(VisitorInput::RemoveFile { file_id: file_id.to_owned() })
}
