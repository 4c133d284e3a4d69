//! From the first word to the survey: one behaviour of the chat at a time.

use chat_core::{
    ComposeFault, Connection, MessageState, SavedSession, SavedVisitor, VisitorInput, VisitorOutput,
};
use protocol::cobrowse::{CobrowseScope, CobrowseSession, CobrowseStage};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts,
};
use protocol::id::{AgentId, CobrowseId, CustomerId};
use protocol::people::{AgentRef, Identity};
use protocol::problem::ProblemCode;
use protocol::rest::EventsPage;
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

use crate::tab::{NOW, OPEN, Tab, cnv, event, events, head, message, returning, sent, session, text_of};

#[test]
fn a_visitor_who_did_nothing_opens_no_socket_and_makes_no_customer() {
    let mut tab = Tab::new(SavedVisitor::default());
    assert_eq!(tab.give(VisitorInput::Start), []);
    assert_eq!((tab.chat.connection(), tab.chat.deadline()), (Connection::Idle, None));
}

#[test]
fn the_first_word_is_kept_before_a_customer_is_made_and_sent_after_the_welcome() {
    let mut tab = Tab::new(SavedVisitor::default());
    let outputs = tab.compose("hello");
    assert!(matches!(outputs[0], VisitorOutput::SaveMessage(_)), "{outputs:?}");
    assert!(matches!(outputs[1], VisitorOutput::CreateCustomer(_)), "{outputs:?}");
    assert_eq!(outputs.len(), 2);
    assert_eq!(tab.becomes("cus_1"), [OPEN]);
    assert_eq!(sent(&tab.welcome(Vec::new())).len(), 1);
    assert_eq!(tab.states(), [("hello".to_owned(), Some(MessageState::Sending))]);
}

#[test]
fn a_message_waits_until_the_one_before_it_is_stored_even_when_the_server_is_busy() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let first = sent(&tab.compose("one")).remove(0).0;
    assert_eq!(sent(&tab.compose("two")), []);
    let busy = VisitorEvent::Refused {
        message_id: first.clone(),
        code: ProblemCode::Busy,
        retry_after_ms: Some(700),
    };
    assert_eq!(sent(&tab.receive(busy)), []);
    tab.now = tab.now.plus_ms(700);
    assert_eq!(sent(&tab.give(VisitorInput::Tick)), [(first.clone(), "one".to_owned())]);
    let ack = VisitorEvent::Ack { conversation_id: cnv(), message_id: first, seq: 1, at: NOW };
    assert_eq!(sent(&tab.receive(ack)).remove(0).1, "two");
}

#[test]
fn a_message_that_is_refused_for_good_stays_visible_and_lets_the_next_one_pass() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let first = sent(&tab.compose("one")).remove(0).0;
    tab.compose("two");
    let refused =
        VisitorEvent::Refused { message_id: first.clone(), code: ProblemCode::Invalid, retry_after_ms: None };
    let outputs = tab.receive(refused);
    assert!(
        outputs.iter().any(|output| matches!(output, VisitorOutput::SaveMessage(kept) if kept.is_failed))
    );
    assert_eq!(sent(&outputs).remove(0).1, "two");
    assert_eq!(tab.states()[0].1, Some(MessageState::Failed));
    tab.give(VisitorInput::Retry { message_id: first });
    assert_eq!(tab.states()[1], ("one".to_owned(), Some(MessageState::Sending)));
}

#[test]
fn states_follow_the_receipts_of_the_other_side() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let message_id = sent(&tab.compose("one")).remove(0).0;
    let own = ConversationEvent { author: Author::Customer, ..event(1, text_of(message_id.clone(), "one")) };
    let outputs = tab.receive(events(vec![own]));
    assert!(outputs.contains(&VisitorOutput::ForgetMessage(message_id)));
    let check = |tab: &Tab, state| assert_eq!(tab.states(), [("one".to_owned(), Some(state))]);
    check(&tab, MessageState::Sent);
    let receipts = |agent_delivered_seq, agent_read_seq| VisitorEvent::Receipts {
        conversation_id: cnv(),
        receipts: Receipts { agent_delivered_seq, agent_read_seq, ..Receipts::default() },
    };
    tab.receive(receipts(1, 0));
    check(&tab, MessageState::Delivered);
    tab.receive(receipts(1, 1));
    tab.receive(receipts(1, 0));
    check(&tab, MessageState::Read);
}

#[test]
fn an_event_beyond_a_gap_is_not_shown_until_the_gap_is_fetched() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    tab.receive(events(vec![message(1)]));
    let outputs = tab.receive(events(vec![message(3)]));
    assert!(
        outputs.contains(&VisitorOutput::FetchEvents { conversation_id: cnv(), after_seq: 1 }),
        "{outputs:?}"
    );
    assert_eq!(tab.states().len(), 1);
    let page = EventsPage { events: vec![message(2), message(3)], head_seq: 3 };
    tab.give(VisitorInput::EventsFetched { conversation_id: cnv(), page });
    assert_eq!(tab.states().len(), 3);
}

#[test]
fn a_lost_event_shows_at_the_next_heartbeat() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    let heads = vec![Cursor { conversation_id: cnv(), seq: 2 }];
    let outputs = tab.receive(VisitorEvent::Ping { server_time: NOW, heads });
    assert!(outputs.contains(&VisitorOutput::Send(VisitorCommand::Pong { is_probe: false })));
    assert!(outputs.contains(&VisitorOutput::FetchEvents { conversation_id: cnv(), after_seq: 0 }));
}

#[test]
fn unread_counts_what_was_not_seen_and_receipts_tell_the_server() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    let outputs = tab.receive(events(vec![message(1), message(2)]));
    let receipt = |delivered_seq, read_seq| {
        VisitorOutput::Send(VisitorCommand::Receipt { conversation_id: cnv(), delivered_seq, read_seq })
    };
    assert!(outputs.contains(&receipt(2, 0)), "{outputs:?}");
    assert_eq!(tab.chat.unread_count(), 2);
    assert_eq!(tab.give(VisitorInput::Seen), [receipt(2, 2)]);
    assert_eq!(tab.chat.unread_count(), 0);
}

#[test]
fn a_token_that_is_refused_is_forgotten_and_what_waits_is_sent_as_somebody_new() {
    let mut tab = returning();
    tab.compose("still here");
    let outputs = tab.give(VisitorInput::SocketClosed { code: 4401 });
    assert!(outputs.contains(&VisitorOutput::ForgetSession(session().token)));
    tab.now = tab.chat.deadline().expect("a pause");
    let outputs = tab.give(VisitorInput::Tick);
    assert!(matches!(outputs[..], [VisitorOutput::CreateCustomer(_)]), "{outputs:?}");
    assert_eq!(tab.states().len(), 1);
}

#[test]
fn a_closed_conversation_asks_for_its_survey_until_the_answers_are_stored() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    tab.receive(events(vec![message(1), event(2, EventKind::Status { status: ConversationStatus::Done })]));
    assert_eq!(tab.chat.survey_due(), Some(&cnv()));
    let is_survey = |outputs: &[VisitorOutput]| {
        outputs.iter().any(|output| matches!(output, VisitorOutput::Send(VisitorCommand::Survey { .. })))
    };
    assert!(is_survey(&tab.give(VisitorInput::AnswerSurvey(Vec::new()))));
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.give(VisitorInput::WakeUp);
    assert!(
        is_survey(&tab.welcome(vec![head(ConversationStatus::Done)])),
        "sent again on the next connection"
    );
    tab.receive(VisitorEvent::SurveyStored { conversation_id: cnv() });
    assert_eq!((tab.chat.survey_due(), tab.chat.is_survey_sending()), (None, false));
}

#[test]
fn a_word_after_the_end_begins_a_new_conversation() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Done)]);
    tab.compose("again");
    let view = tab.chat.conversation().expect("a conversation");
    assert_ne!(view.conversation_id, cnv());
    assert_eq!(view.entries.len(), 1);
}

#[test]
fn texts_that_cannot_be_sent_are_named_and_not_taken() {
    let mut tab = returning();
    let check = |tab: &mut Tab, text: &str, fault| {
        assert_eq!(tab.chat.compose_fault(text, 0), Some(fault));
        assert_eq!(sent(&tab.compose(text)), []);
        assert!(tab.chat.conversation().is_none());
    };
    check(&mut tab, " \n ", ComposeFault::Empty);
    check(&mut tab, &"x".repeat(4001), ComposeFault::TooLong);
    for _ in 0..100 {
        tab.compose("waiting");
    }
    assert_eq!(tab.chat.compose_fault("one more", 0), Some(ComposeFault::OutboxFull));
}

#[test]
fn what_was_stored_for_a_customer_who_is_gone_keeps_no_tab_from_resting() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let message_id = sent(&tab.compose("hello")).remove(0).0;
    tab.receive(VisitorEvent::Ack { conversation_id: cnv(), message_id, seq: 9, at: NOW });
    assert_eq!(
        tab.give(VisitorInput::SocketClosed { code: 4401 }),
        [VisitorOutput::ForgetSession(session().token)]
    );
    assert_eq!((tab.states(), tab.chat.deadline()), (Vec::new(), None));
}

#[test]
fn what_is_read_from_the_past_does_not_change_how_a_conversation_stands() {
    let mut tab = returning();
    tab.welcome(vec![ConversationHead { head_seq: 3, ..head(ConversationStatus::Done) }]);
    let opened = EventKind::Status { status: ConversationStatus::Unresolved };
    tab.receive(events(vec![message(1), event(2, opened.clone())]));
    let status = |tab: &Tab| tab.chat.conversation().map(|view| view.status);
    assert_eq!(status(&tab), Some(ConversationStatus::Done));
    tab.receive(events(vec![message(3), event(4, opened)]));
    assert_eq!(status(&tab), Some(ConversationStatus::Unresolved));
}

#[test]
fn a_welcome_that_is_older_than_the_events_here_takes_nothing_back() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let closed = EventKind::Status { status: ConversationStatus::Done };
    tab.receive(events(vec![message(1), event(2, closed)]));
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.now = tab.now.plus_ms(30_000);
    tab.give(VisitorInput::Tick);
    tab.welcome(vec![ConversationHead { head_seq: 1, ..head(ConversationStatus::Unread) }]);
    assert_eq!(tab.chat.conversation().map(|view| view.status), Some(ConversationStatus::Done));
}

#[test]
fn an_answer_after_an_acknowledged_word_is_shown() {
    let mut tab = Tab::new(SavedVisitor::default());
    tab.compose("hello");
    tab.becomes("cus_1");
    let message_id = sent(&tab.welcome(Vec::new())).remove(0).0;
    let conversation_id = tab.chat.conversation().expect("a conversation").conversation_id;
    tab.receive(VisitorEvent::Ack {
        conversation_id: conversation_id.clone(),
        message_id: message_id.clone(),
        seq: 1,
        at: NOW,
    });
    let own = ConversationEvent { author: Author::Customer, ..event(1, text_of(message_id, "hello")) };
    let outputs =
        tab.receive(VisitorEvent::Events { conversation_id: conversation_id.clone(), events: vec![own] });
    assert!(
        outputs.iter().any(|output| matches!(output, VisitorOutput::Send(VisitorCommand::Receipt { .. }))),
        "{outputs:?}"
    );
    tab.receive(VisitorEvent::Events { conversation_id, events: vec![message(2)] });
    assert_eq!(tab.states().len(), 2);
}

fn shared(stage: CobrowseStage) -> CobrowseSession {
    CobrowseSession {
        cobrowse_id: CobrowseId("cob_1".to_owned()),
        conversation_id: cnv(),
        agent: AgentRef { agent_id: AgentId("agt_1".to_owned()), name: "Ana".to_owned() },
        scopes: vec![CobrowseScope::View],
        stage,
        ticket: None,
        offer_id: None,
    }
}

fn welcome_with(cobrowse: Option<CobrowseSession>) -> VisitorEvent {
    let customer_id = CustomerId("cus_1".to_owned());
    VisitorEvent::Welcome { customer_id, server_time: NOW, conversations: Vec::new(), cobrowse }
}

fn reconnect(tab: &mut Tab, cobrowse: Option<CobrowseSession>) -> Vec<VisitorOutput> {
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.give(VisitorInput::WakeUp);
    tab.give(VisitorInput::SocketOpened);
    tab.receive(welcome_with(cobrowse))
}

#[test]
fn a_sharing_that_was_stopped_stays_stopped_until_the_server_knows() {
    let mut tab = returning();
    tab.give(VisitorInput::SocketOpened);
    tab.receive(welcome_with(Some(shared(CobrowseStage::Live))));
    let cobrowse_id = CobrowseId("cob_1".to_owned());
    let stop = VisitorOutput::Send(VisitorCommand::CobrowseStop { cobrowse_id: cobrowse_id.clone() });
    let outputs = tab.give(VisitorInput::StopCobrowse);
    assert!(
        outputs.contains(&stop) && outputs.contains(&VisitorOutput::SaveCobrowseStop(cobrowse_id.clone()))
    );
    let outputs = reconnect(&mut tab, Some(shared(CobrowseStage::Live)));
    assert!(outputs.contains(&stop), "the frame may have been lost with the connection: {outputs:?}");
    assert_eq!(tab.chat.cobrowse(), None);
    let saved =
        SavedVisitor { session: Some(session()), outbox: Vec::new(), cobrowse_stop: Some(cobrowse_id) };
    let mut reloaded = Tab::new(saved);
    reloaded.give(VisitorInput::Start);
    reloaded.give(VisitorInput::SocketOpened);
    assert!(reloaded.receive(welcome_with(Some(shared(CobrowseStage::Live)))).contains(&stop));
    assert_eq!(reloaded.chat.cobrowse(), None);
    assert!(reconnect(&mut reloaded, None).contains(&VisitorOutput::ForgetCobrowseStop));
}

#[test]
fn an_answer_to_the_question_for_consent_survives_a_lost_connection() {
    let mut tab = returning();
    tab.give(VisitorInput::SocketOpened);
    tab.receive(welcome_with(Some(shared(CobrowseStage::Asked))));
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    let cobrowse_id = CobrowseId("cob_1".to_owned());
    tab.give(VisitorInput::Consent { cobrowse_id: cobrowse_id.clone(), is_allowed: true });
    assert_eq!(tab.chat.consent_given(), Some(&cobrowse_id));
    tab.give(VisitorInput::WakeUp);
    tab.give(VisitorInput::SocketOpened);
    let outputs = tab.receive(welcome_with(Some(shared(CobrowseStage::Asked))));
    let consent = VisitorCommand::CobrowseConsent { cobrowse_id, is_allowed: true };
    assert!(outputs.contains(&VisitorOutput::Send(consent)), "{outputs:?}");
    tab.receive(VisitorEvent::Cobrowse { session: shared(CobrowseStage::Live) });
    assert_eq!(tab.chat.consent_given(), None);
}

#[test]
fn a_message_that_failed_does_not_hold_up_the_end_of_the_chat() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    let message_id = sent(&tab.compose("one")).remove(0).0;
    tab.receive(VisitorEvent::Refused { message_id, code: ProblemCode::Invalid, retry_after_ms: None });
    let outputs = tab.give(VisitorInput::End);
    assert!(
        outputs.contains(&VisitorOutput::Send(VisitorCommand::End { conversation_id: cnv() })),
        "{outputs:?}"
    );
}

#[test]
fn the_end_and_who_the_visitor_is_are_said_again_after_a_cut_until_the_server_has_them() {
    let end = VisitorOutput::Send(VisitorCommand::End { conversation_id: cnv() });
    let identity = Identity { email: Some("jane@example.com".to_owned()), ..Identity::default() };
    let identify = VisitorOutput::Send(VisitorCommand::Identify { identity: identity.clone() });
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unread)]);
    assert!(tab.give(VisitorInput::Identify(identity)).contains(&identify));
    assert!(tab.give(VisitorInput::End).contains(&end));
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.give(VisitorInput::Reconnect);
    let again = tab.welcome(vec![head(ConversationStatus::Unread)]);
    assert!(again.contains(&end) && again.contains(&identify), "{again:?}");
    tab.receive(VisitorEvent::Ping { server_time: NOW, heads: Vec::new() });
    tab.give(VisitorInput::SocketClosed { code: 1006 });
    tab.give(VisitorInput::Reconnect);
    let done = tab.welcome(vec![head(ConversationStatus::Done)]);
    assert!(!done.contains(&end) && !done.contains(&identify), "{done:?}");
}

#[test]
fn a_tab_takes_the_session_of_another_and_goes_on_in_its_conversation() {
    let mut tab = Tab::new(SavedVisitor::default());
    tab.give(VisitorInput::Start);
    let found = SavedSession { conversation_id: Some(cnv()), ..session() };
    assert_eq!(tab.give(VisitorInput::SessionFound(found)), [OPEN]);
    tab.compose("here");
    assert_eq!(tab.chat.conversation().map(|view| view.conversation_id), Some(cnv()));
}

#[test]
fn a_gap_that_filled_itself_leaves_no_deadline_in_the_past() {
    let mut tab = returning();
    tab.welcome(vec![head(ConversationStatus::Unresolved)]);
    tab.receive(VisitorEvent::Ping {
        server_time: NOW,
        heads: vec![Cursor { conversation_id: cnv(), seq: 1 }],
    });
    tab.receive(events(vec![message(1)]));
    tab.give(VisitorInput::FetchFailed { conversation_id: cnv() });
    tab.now = tab.now.plus_ms(10_000);
    tab.give(VisitorInput::Tick);
    assert!(tab.chat.deadline().is_some_and(|deadline| deadline > tab.now));
}
