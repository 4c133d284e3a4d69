//! What a tab makes of what another tab of the browser keeps: messages that wait, and who the visitor is.

use chat_core::{
    MessageState, OutboxFile, OutboxMessage, SavedSession, SavedVisitor, VisitorInput, VisitorOutput,
};
use protocol::conversation::{Author, ConversationEvent, ConversationStatus};
use protocol::id::{AttachmentId, ConversationId, CustomerId, MessageId};
use protocol::limit::{ACK_TIMEOUT_MS, OUTBOX_AGE_MAX_MS, TAB_MESSAGE_MS};
use protocol::problem::ProblemCode;
use protocol::rest::{CustomerToken, EventsPage};
use protocol::visitor::{VisitorCommand, VisitorEvent};

use crate::tab::{NOW, OPEN, Tab, cnv, event, events, head, returning, sent, session, text_of};

fn kept(name: &str) -> OutboxMessage {
    OutboxMessage {
        message_id: MessageId(format!("msg_{name}")),
        conversation_id: cnv(),
        text: name.to_owned(),
        files: Vec::new(),
        created_at: NOW,
        is_failed: false,
    }
}

fn found(tab: &mut Tab, message: OutboxMessage) -> Vec<VisitorOutput> {
    tab.give(VisitorInput::MessageFound(message))
}

fn own(seq: u64, name: &str) -> ConversationEvent {
    let what = text_of(MessageId(format!("msg_{name}")), name);
    ConversationEvent { author: Author::Customer, ..event(seq, what) }
}

fn online() -> Tab {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    tab
}

#[test]
fn a_message_of_another_tab_is_shown_at_once_and_left_to_that_tab() {
    let mut tab = online();
    assert_eq!(sent(&found(&mut tab, kept("a"))), []);
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Sending))]);
    let outputs = tab.receive(events(vec![own(1, "a")]));
    assert!(outputs.contains(&VisitorOutput::ForgetMessage(MessageId("msg_a".to_owned()))));
    tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
    assert_eq!(sent(&tab.give(VisitorInput::Tick)), []);
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Sent))]);
}

#[test]
fn a_message_that_its_tab_does_not_send_is_sent_by_another_before_anything_written_later() {
    let mut tab = online();
    found(&mut tab, kept("a"));
    assert_eq!(sent(&tab.compose("later")), []);
    tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
    let outputs = tab.give(VisitorInput::Tick);
    assert_eq!(sent(&outputs), [(MessageId("msg_a".to_owned()), "a".to_owned())]);
    let message_id = MessageId("msg_a".to_owned());
    let ack = VisitorEvent::Ack { conversation_id: cnv(), message_id, seq: 1, at: NOW };
    assert_eq!(sent(&tab.receive(ack)).remove(0).1, "later");
}

#[test]
fn after_a_cut_the_tab_that_wrote_it_is_first_again() {
    let mut tab = online();
    found(&mut tab, kept("a"));
    tab.now = tab.now.plus_ms(60_000);
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.give(VisitorInput::WakeUp);
    assert_eq!(sent(&tab.welcome(vec![head(ConversationStatus::Unread)])), []);
    tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
    assert_eq!(sent(&tab.give(VisitorInput::Tick)).len(), 1);
}

#[test]
fn the_event_of_a_message_may_be_quicker_than_the_word_of_its_tab() {
    let mut tab = online();
    tab.receive(events(vec![own(1, "a")]));
    let forgotten = VisitorOutput::ForgetMessage(MessageId("msg_a".to_owned()));
    assert_eq!(found(&mut tab, kept("a")), [forgotten], "its tab may be gone before it hears of it");
    tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
    assert_eq!(sent(&tab.give(VisitorInput::Tick)), []);
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Sent))]);
}

#[test]
fn a_message_that_failed_in_its_tab_or_is_tried_again_there_does_the_same_here() {
    let mut tab = online();
    found(&mut tab, kept("a"));
    found(&mut tab, OutboxMessage { is_failed: true, ..kept("a") });
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Failed))]);
    found(&mut tab, OutboxMessage { created_at: NOW.plus_ms(9), ..kept("a") });
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Sending))]);
}

#[test]
fn what_another_tab_has_uploaded_is_not_uploaded_here() {
    let mut tab = online();
    let with = |attachment_id| {
        let file = OutboxFile {
            file_id: "f".to_owned(),
            name: "f.png".to_owned(),
            media_type: String::new(),
            bytes: 1,
            attachment_id,
        };
        OutboxMessage { files: vec![file], ..kept("a") }
    };
    found(&mut tab, with(None));
    found(&mut tab, with(Some(AttachmentId("att_f".to_owned()))));
    tab.now = tab.now.plus_ms(TAB_MESSAGE_MS);
    let outputs = tab.give(VisitorInput::Tick);
    assert!(outputs.iter().any(|output| matches!(
        output,
        VisitorOutput::Send(VisitorCommand::Send { attachments, .. }) if attachments.len() == 1
    )));
}

#[test]
fn the_first_message_of_a_tab_that_is_gone_makes_a_customer_after_a_while() {
    let mut tab = Tab::new(SavedVisitor::default());
    tab.give(VisitorInput::Start);
    assert_eq!(found(&mut tab, kept("a")), []);
    assert_eq!(tab.states().len(), 1);
    tab.now = tab.now.plus_ms(ACK_TIMEOUT_MS);
    let outputs = tab.give(VisitorInput::Tick);
    assert!(matches!(outputs[..], [VisitorOutput::CreateCustomer(_)]), "{outputs:?}");
}

#[test]
fn the_first_message_of_a_tab_that_lives_makes_no_second_customer() {
    let mut tab = Tab::new(SavedVisitor::default());
    tab.give(VisitorInput::Start);
    found(&mut tab, kept("a"));
    assert_eq!(tab.give(VisitorInput::SessionFound(session())), [OPEN]);
    tab.now = tab.now.plus_ms(ACK_TIMEOUT_MS);
    let outputs = tab.give(VisitorInput::Tick);
    assert!(!outputs.iter().any(|output| matches!(output, VisitorOutput::CreateCustomer(_))));
}

#[test]
fn of_two_tabs_that_become_customers_at_once_the_second_is_who_the_first_became() {
    let mut second = Tab::new(SavedVisitor::default());
    second.compose("hello");
    let token = CustomerToken { customer_id: CustomerId("cus_2".to_owned()), token: "other".to_owned() };
    let outputs = second.give(VisitorInput::CustomerCreated(token.clone()));
    assert!(matches!(outputs[..], [VisitorOutput::ClaimSession(_)]), "{outputs:?}");
    assert_eq!(second.give(VisitorInput::SessionFound(session())), [OPEN]);
    assert_eq!(second.chat.session(), Some(&session()));
    assert_eq!(second.give(VisitorInput::CustomerCreated(token)), []);
    assert_eq!(second.chat.session(), Some(&session()));
}

#[test]
fn messages_of_two_tabs_that_wait_are_sent_one_after_the_other_and_no_deadline_stays_behind() {
    let mut tab = online();
    found(&mut tab, kept("a"));
    tab.now = tab.now.plus_ms(900);
    found(&mut tab, OutboxMessage { created_at: NOW.plus_ms(5), ..kept("b") });
    for name in ["a", "b"] {
        let due_at = tab.chat.deadline().expect("a message waits");
        assert!(due_at > tab.now);
        tab.now = due_at;
        assert_eq!(
            sent(&tab.give(VisitorInput::Tick)),
            [(MessageId(format!("msg_{name}")), name.to_owned())]
        );
        assert!(tab.chat.deadline().is_some_and(|next| next > tab.now));
        tab.receive(events(vec![own(if name == "a" { 1 } else { 2 }, name)]));
    }
}

#[test]
fn a_message_that_another_tab_sent_with_its_own_uploads_counts_as_stored() {
    let mut tab = online();
    let message_id = sent(&tab.compose("with files")).remove(0).0;
    let code = ProblemCode::Conflict;
    let conflict = VisitorEvent::Refused { message_id: message_id.clone(), code, retry_after_ms: None };
    assert_eq!(tab.receive(conflict), [VisitorOutput::ForgetMessage(message_id)]);
    assert_eq!(tab.states(), [("with files".to_owned(), Some(MessageState::Sending))]);
    assert!(tab.chat.deadline().is_none_or(|next| next > tab.now.plus_ms(ACK_TIMEOUT_MS)));
}

#[test]
fn what_is_written_after_the_clock_was_set_back_stays_behind_what_waits_over_a_reload() {
    let mut tab = returning();
    let later = OutboxMessage { created_at: NOW.plus_ms(3_600_000), ..kept("before") };
    found(&mut tab, later.clone());
    let outputs = tab.compose("after");
    let VisitorOutput::SaveMessage(after) = &outputs[0] else { panic!("{outputs:?}") };
    assert!(after.created_at > later.created_at);
}

#[test]
fn a_conversation_that_another_tab_began_is_shown_here_unless_something_waits_in_the_old_one() {
    let begun = ConversationId("cnv_2".to_owned());
    let found = || SavedSession { conversation_id: Some(ConversationId("cnv_2".to_owned())), ..session() };
    let mut tab = online();
    assert_eq!(tab.give(VisitorInput::SessionFound(found())), []);
    assert_eq!(tab.chat.conversation().map(|view| view.conversation_id), Some(begun));
    let mut busy = online();
    busy.compose("still on its way");
    busy.give(VisitorInput::SessionFound(found()));
    assert_eq!(busy.chat.conversation().map(|view| view.conversation_id), Some(cnv()));
}

#[test]
fn a_tab_becomes_the_customer_that_another_one_became() {
    let mut tab = online();
    tab.receive(events(vec![own(1, "a")]));
    let other = SavedSession { customer_id: CustomerId("cus_2".to_owned()), ..session() };
    assert_eq!(tab.give(VisitorInput::SessionFound(other)), [VisitorOutput::CloseSocket, OPEN]);
    assert_eq!(tab.chat.conversation(), None);
}

#[test]
fn a_tab_whose_token_is_refused_goes_on_as_whom_another_tab_has_become() {
    let mut tab = online();
    tab.compose("still here");
    let outputs = tab.give(VisitorInput::SocketClosed { code: 4401 });
    // The token says who is to be forgotten: by now the browser may keep another one.
    assert!(outputs.contains(&VisitorOutput::ForgetSession(session().token)), "{outputs:?}");
    let customer_id = CustomerId("cus_2".to_owned());
    let newer = SavedSession { customer_id, token: "newer".to_owned(), conversation_id: Some(cnv()) };
    assert_eq!(tab.give(VisitorInput::SessionFound(newer.clone())), [OPEN]);
    assert_eq!(tab.chat.session(), Some(&newer));
    assert_eq!(sent(&tab.welcome(Vec::new())).remove(0).1, "still here");
    tab.now = tab.now.plus_ms(60_000);
    let outputs = tab.give(VisitorInput::Tick);
    assert!(!outputs.iter().any(|output| matches!(output, VisitorOutput::CreateCustomer(_))), "{outputs:?}");
}

#[test]
fn a_tab_whose_claim_meets_what_cannot_be_read_asks_again_after_a_pause() {
    let mut tab = Tab::new(SavedVisitor::default());
    tab.compose("hello");
    let token = CustomerToken { customer_id: CustomerId("cus_1".to_owned()), token: "first".to_owned() };
    let outputs = tab.give(VisitorInput::CustomerCreated(token));
    assert!(matches!(outputs[..], [VisitorOutput::ClaimSession(_)]), "{outputs:?}");
    assert_eq!(tab.give(VisitorInput::CustomerRefused { is_final: false }), []);
    tab.now = tab.chat.deadline().expect("a pause");
    let outputs = tab.give(VisitorInput::Tick);
    assert!(matches!(outputs[..], [VisitorOutput::CreateCustomer(_)]), "{outputs:?}");
    assert_eq!(tab.becomes("cus_1"), [OPEN]);
    assert_eq!(sent(&tab.welcome(Vec::new())).remove(0).1, "hello");
}

#[test]
fn a_tab_that_lives_puts_its_session_into_the_place_of_what_cannot_be_read() {
    let mut tab = online();
    let spoilt = VisitorInput::CustomerRefused { is_final: false };
    assert_eq!(tab.give(spoilt), [VisitorOutput::ClaimSession(session())]);
    assert_eq!(tab.give(VisitorInput::SessionFound(session())), []);
}

#[test]
fn a_message_that_waited_for_a_week_is_shown_as_not_sent_and_can_be_tried_again() {
    let saved = SavedVisitor { session: Some(session()), outbox: vec![kept("a")], cobrowse_stop: None };
    let mut tab = Tab::new(saved);
    tab.now = NOW.plus_ms(OUTBOX_AGE_MAX_MS + 1);
    let outputs = tab.give(VisitorInput::Start);
    assert!(matches!(&outputs[0], VisitorOutput::SaveMessage(message) if message.is_failed), "{outputs:?}");
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Failed))]);
    assert_eq!(sent(&tab.welcome(vec![head(ConversationStatus::Unread)])), []);
    let outputs = tab.give(VisitorInput::Retry { message_id: MessageId("msg_a".to_owned()) });
    assert_eq!(sent(&outputs).len(), 1);
}

#[test]
fn a_tab_that_stood_still_for_a_week_fails_its_old_messages_when_it_wakes_up() {
    let mut tab = returning();
    tab.compose("a");
    tab.give(VisitorInput::Sleep);
    tab.now = tab.now.plus_ms(OUTBOX_AGE_MAX_MS + 1);
    tab.give(VisitorInput::WakeUp);
    assert_eq!(tab.states(), [("a".to_owned(), Some(MessageState::Failed))]);
}

#[test]
fn a_message_without_an_answer_makes_the_tab_doubt_its_connection() {
    let mut tab = online();
    tab.compose("one");
    tab.now = tab.now.plus_ms(ACK_TIMEOUT_MS);
    let outputs = tab.give(VisitorInput::Tick);
    assert!(outputs.contains(&VisitorOutput::Send(VisitorCommand::Pong { is_probe: true })), "{outputs:?}");
    tab.now = tab.chat.deadline().expect("the probe is due");
    assert!(tab.now.since_ms(NOW) < 20_000);
    assert!(tab.give(VisitorInput::Tick).contains(&VisitorOutput::CloseSocket));
}

#[test]
fn an_answer_for_the_customer_of_before_shows_nothing_to_the_next() {
    let mut tab = online();
    tab.receive(events(vec![own(1, "a")]));
    let other =
        SavedSession { customer_id: CustomerId("cus_2".to_owned()), conversation_id: None, ..session() };
    tab.give(VisitorInput::SessionFound(other));
    let page = EventsPage { events: vec![own(1, "a"), own(2, "b")], head_seq: 2 };
    tab.give(VisitorInput::EventsFetched { conversation_id: cnv(), page });
    tab.welcome(Vec::new());
    assert_eq!((tab.states(), tab.chat.conversation().map(|view| view.conversation_id)), (Vec::new(), None));
}
