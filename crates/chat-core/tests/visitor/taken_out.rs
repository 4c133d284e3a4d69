//! What is taken out of a message in one tab stays out of it, whatever another tab still has of the message.

use std::collections::VecDeque;

use chat_core::{
    EntryKind, MessageState, OutboxFile, OutboxMessage, SavedVisitor, VisitorInput, VisitorOutput,
};
use protocol::conversation::ConversationStatus;
use protocol::id::{AttachmentId, MessageId};
use protocol::limit::{OUTBOX_AGE_MAX_MS, OUTBOX_MESSAGES_MAX, TAB_MESSAGE_MS};

use crate::tab::{NOW, Tab, cnv, head, returning, sent, session};

fn kept(text: &str, file_ids: &[&str]) -> OutboxMessage {
    let file = |file_id: &&str| OutboxFile {
        file_id: (*file_id).to_owned(),
        name: format!("{file_id}.png"),
        media_type: "image/png".to_owned(),
        bytes: 1_000,
        attachment_id: None,
    };
    OutboxMessage {
        message_id: MessageId("msg_a".to_owned()),
        conversation_id: cnv(),
        text: text.to_owned(),
        files: file_ids.iter().map(file).collect(),
        created_at: NOW,
        is_failed: false,
    }
}

fn of_storage(message: OutboxMessage) -> Tab {
    let saved = SavedVisitor { session: Some(session()), outbox: vec![message], cobrowse_stop: None };
    let mut tab = Tab::new(saved);
    tab.give(VisitorInput::Start);
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    tab
}

/// A tab that has heard of the message from another one.
fn adopted(message: OutboxMessage) -> Tab {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    found(&mut tab, message);
    tab
}

fn found(tab: &mut Tab, message: OutboxMessage) -> Vec<OutboxMessage> {
    saved(&tab.give(VisitorInput::MessageFound(message)))
}

fn remove(tab: &mut Tab, file_id: &str) -> OutboxMessage {
    let outputs = tab.give(VisitorInput::RemoveFile { file_id: file_id.to_owned() });
    saved(&outputs).pop().unwrap_or_else(|| panic!("{outputs:?}"))
}

fn saved(outputs: &[VisitorOutput]) -> Vec<OutboxMessage> {
    let mut messages = Vec::new();
    for output in outputs {
        if let VisitorOutput::SaveMessage(message) = output {
            messages.push(message.clone());
        }
    }
    messages
}

/// The files a tab shows, with the server's names of those that are uploaded.
fn shown(tab: &Tab) -> Vec<(String, Option<AttachmentId>)> {
    let mut files = Vec::new();
    for entry in tab.chat.conversation().map(|view| view.entries).unwrap_or_default() {
        if let EntryKind::Message { files: own, .. } = entry.kind {
            files.extend(own.into_iter().map(|file| (file.name, file.attachment_id)));
        }
    }
    files
}

fn state(tab: &Tab) -> Option<MessageState> {
    tab.states().first().and_then(|(_, state)| *state)
}

#[test]
fn a_file_that_is_taken_out_in_one_tab_goes_out_of_the_message_in_another() {
    let mut other = adopted(kept("look", &["a", "b"]));
    found(&mut other, kept("look", &["b"]));
    assert_eq!(shown(&other), [("b.png".to_owned(), None)]);
    // Its bytes are gone with it.
    let gone = VisitorInput::UploadFailed { file_id: "a".to_owned(), is_final: true };
    let outputs = other.give(gone);
    assert_eq!((saved(&outputs), state(&other)), (vec![], Some(MessageState::Sending)));
}

#[test]
fn an_older_copy_in_another_tab_brings_no_file_back_and_no_failure_for_it() {
    let mut tab = of_storage(kept("look", &["a", "b"]));
    remove(&mut tab, "a");
    let mut older = kept("look", &["a", "b"]);
    older.files[1].attachment_id = Some(AttachmentId("att_b".to_owned()));
    older.is_failed = true;
    let left = found(&mut tab, older.clone()).remove(0);
    assert_eq!(state(&tab), Some(MessageState::Sending));
    assert_eq!(shown(&tab), [("b.png".to_owned(), Some(AttachmentId("att_b".to_owned())))]);
    // What the other tab has put into the storage is put right, and the other tab hears of it.
    assert_eq!((left.files.as_slice(), left.is_failed), (&older.files[1..], false));
    let mut other = adopted(older);
    assert_eq!(found(&mut other, left), []);
    assert_eq!((shown(&other), state(&other)), (shown(&tab), Some(MessageState::Sending)));
}

#[test]
fn a_message_of_which_nothing_is_left_is_gone_in_every_tab_and_sent_by_none() {
    let mut tab = of_storage(kept("", &["a"]));
    let mut other = adopted(kept("", &["a"]));
    let nothing = remove(&mut tab, "a");
    assert_eq!(found(&mut other, nothing.clone()), []);
    let mut uploaded = kept("", &["a"]);
    uploaded.files[0].attachment_id = Some(AttachmentId("att_a".to_owned()));
    assert_eq!(found(&mut tab, uploaded), [nothing]);
    for tab in [&mut tab, &mut other] {
        tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
        assert_eq!(sent(&tab.give(VisitorInput::Tick)), []);
        assert_eq!(tab.states(), []);
    }
}

#[test]
fn a_message_of_which_nothing_is_left_stays_gone_over_a_reload_until_every_copy_is_old() {
    let mut tab = of_storage(kept("", &["a"]));
    tab.now = tab.now.plus_ms(OUTBOX_AGE_MAX_MS / 2);
    let nothing = remove(&mut tab, "a");
    let mut reloaded = Tab::new(SavedVisitor { outbox: vec![nothing.clone()], ..SavedVisitor::default() });
    reloaded.now = tab.now;
    assert_eq!(reloaded.give(VisitorInput::Start), [], "there is nothing to become a customer for");
    assert_eq!(found(&mut reloaded, kept("", &["a"])), std::slice::from_ref(&nothing));
    assert_eq!((reloaded.states(), reloaded.chat.deadline()), (vec![], None));
    reloaded.now = tab.now.plus_ms(OUTBOX_AGE_MAX_MS);
    assert_eq!(reloaded.give(VisitorInput::WakeUp), []);
    reloaded.now = reloaded.now.plus_ms(1);
    let forgotten = VisitorOutput::ForgetMessage(nothing.message_id);
    assert_eq!(reloaded.give(VisitorInput::WakeUp), [forgotten]);
}

#[test]
fn no_more_messages_of_which_nothing_is_left_are_known_than_may_wait() {
    let nothing =
        |number: usize| OutboxMessage { message_id: MessageId(format!("msg_{number}")), ..kept("", &[]) };
    let outbox = (0..OUTBOX_MESSAGES_MAX + 2).map(nothing).collect();
    let mut tab = Tab::new(SavedVisitor { outbox, ..SavedVisitor::default() });
    let forgotten = |number| VisitorOutput::ForgetMessage(nothing(number).message_id);
    assert_eq!(tab.give(VisitorInput::Start), [forgotten(0), forgotten(1)]);
}

#[test]
fn white_space_beside_a_file_is_nothing_once_the_file_is_out() {
    let mut tab = of_storage(kept(" \n", &["a"]));
    assert!(remove(&mut tab, "a").is_taken_back());
    assert_eq!(tab.states(), []);
}

/// Two tabs of one browser that both know a message: what either keeps, the other hears of.
struct Browser {
    tabs: [Tab; 2],
    words: [VecDeque<OutboxMessage>; 2],
    storage: OutboxMessage,
}

impl Browser {
    fn keeping(message: OutboxMessage) -> Self {
        let tabs = [of_storage(message.clone()), adopted(message.clone())];
        Self { tabs, words: Default::default(), storage: message }
    }

    fn give(&mut self, number: usize, input: VisitorInput) {
        for message in saved(&self.tabs[number].give(input)) {
            self.storage = message.clone();
            self.words[1 - number].push_back(message);
        }
    }

    fn settle(&mut self) {
        let mut heard_count = 0;
        while let Some(number) = (0..2).find(|number| !self.words[*number].is_empty()) {
            let word = self.words[number].pop_front().expect("a word");
            self.give(number, VisitorInput::MessageFound(word));
            heard_count += 1;
            assert!(heard_count < 20, "the tabs talk without end");
        }
    }
}

#[test]
fn tabs_that_change_a_message_at_once_agree_on_what_both_know_of_and_so_does_the_storage() {
    let remove = |file_id: &str| VisitorInput::RemoveFile { file_id: file_id.to_owned() };
    let lose = |file_id: &str| VisitorInput::UploadFailed { file_id: file_id.to_owned(), is_final: true };
    let upload = |file_id: &str| VisitorInput::Uploaded {
        file_id: file_id.to_owned(),
        attachment_id: AttachmentId(format!("att_{file_id}")),
    };
    let cases: [(&str, [VisitorInput; 2], &[&str]); 6] = [
        ("look", [remove("a"), lose("a")], &["b.png", "c.png"]),
        ("look", [lose("a"), remove("a")], &["b.png", "c.png"]),
        ("look", [remove("a"), upload("b")], &["b.png", "c.png"]),
        ("look", [upload("a"), remove("a")], &["b.png", "c.png"]),
        ("look", [remove("a"), remove("c")], &["b.png"]),
        ("", [remove("a"), remove("a")], &["b.png", "c.png"]),
    ];
    for (text, inputs, wanted) in cases {
        let mut browser = Browser::keeping(kept(text, &["a", "b", "c"]));
        for (number, input) in inputs.iter().enumerate() {
            browser.give(number, input.clone());
        }
        browser.settle();
        let names = |files: Vec<(String, Option<AttachmentId>)>| -> Vec<String> {
            files.into_iter().map(|(name, _)| name).collect()
        };
        let stored: Vec<&str> = browser.storage.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!((stored, browser.storage.is_failed), (wanted.to_vec(), false), "{inputs:?}");
        for tab in &browser.tabs {
            assert_eq!(names(shown(tab)), wanted, "{inputs:?}");
            assert_eq!(state(tab), Some(MessageState::Sending), "{inputs:?}");
        }
    }
}

#[test]
fn tabs_that_take_the_last_two_files_out_at_once_leave_nothing() {
    let mut browser = Browser::keeping(kept("", &["a", "b"]));
    browser.give(0, VisitorInput::RemoveFile { file_id: "a".to_owned() });
    browser.give(1, VisitorInput::RemoveFile { file_id: "b".to_owned() });
    browser.settle();
    assert!(browser.storage.is_taken_back());
    assert_eq!(browser.tabs.map(|tab| tab.states()), [vec![], vec![]]);
}
