//! The agent's chat, one behaviour at a time.

use chat_core::{AgentChat, AgentInput, AgentOutput, Connection, EntryKind, MessageState};
use protocol::agent::{AgentCommand, AgentEvent, ConversationSummary};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::people::{AgentProfile, CustomerProfile, Identity, Page, Role};
use protocol::time::UnixMillis;
use protocol::visitor::Cursor;

const NOW: UnixMillis = UnixMillis(1_795_414_200_000);

fn cnv(name: &str) -> ConversationId {
    ConversationId(format!("cnv_{name}"))
}

fn profile() -> AgentProfile {
    AgentProfile {
        agent_id: AgentId("agt_1".to_owned()),
        name: "Ana".to_owned(),
        email: "ana@example.com".to_owned(),
        role: Role::Agent,
        max_concurrent: 5,
    }
}

fn summary(name: &str, changed_ms: i64, receipts: Receipts) -> ConversationSummary {
    ConversationSummary {
        head: ConversationHead {
            conversation_id: cnv(name),
            status: ConversationStatus::Unread,
            head_seq: 1,
            assignee: None,
            team: None,
            receipts,
            is_survey_done: false,
        },
        touchpoint_id: TouchpointId("tp_test".to_owned()),
        touchpoint_name: "Test".to_owned(),
        customer: CustomerProfile {
            customer_id: CustomerId("cus_1".to_owned()),
            identity: Identity::default(),
            notes: String::new(),
            page: Page::default(),
            is_online: true,
            created_at: NOW,
        },
        last_message: None,
        unread_count: 1,
        survey: None,
        cobrowse: None,
        may_cobrowse: true,
        is_page_offered: false,
        created_at: NOW,
        waiting_since: None,
        updated_at: NOW.plus_ms(changed_ms),
    }
}

fn give(chat: &mut AgentChat, input: AgentInput) -> Vec<AgentOutput> {
    chat.handle(input, NOW);
    std::iter::from_fn(|| chat.poll_output()).filter(|output| *output != AgentOutput::Changed).collect()
}

fn online(conversations: Vec<ConversationSummary>) -> AgentChat {
    let mut chat = AgentChat::new(1, Vec::new());
    give(&mut chat, AgentInput::Start);
    give(&mut chat, AgentInput::SocketOpened);
    let welcome = AgentEvent::Welcome {
        agent: profile(),
        server_time: NOW,
        agents: Vec::new(),
        teams: Vec::new(),
        conversations,
    };
    give(&mut chat, AgentInput::Received(welcome));
    assert_eq!(chat.connection(), Connection::Online { since: NOW });
    chat
}

fn message(seq: u64, author: Author) -> ConversationEvent {
    let what = EventKind::Message {
        message_id: MessageId(format!("msg_{seq}")),
        text: format!("word {seq}"),
        attachments: Vec::new(),
        revision: Revision::Original,
    };
    ConversationEvent { seq, at: NOW, author, what }
}

fn ana() -> Author {
    Author::Agent { agent_id: profile().agent_id, name: profile().name }
}

fn events(name: &str, events: Vec<ConversationEvent>) -> AgentInput {
    AgentInput::Received(AgentEvent::Events { conversation_id: cnv(name), events })
}

#[test]
fn the_inbox_stands_in_the_order_of_the_last_change() {
    let mut chat =
        online(vec![summary("old", 0, Receipts::default()), summary("new", 5, Receipts::default())]);
    let order = |chat: &AgentChat| -> Vec<String> {
        chat.inbox().iter().map(|row| row.head.conversation_id.to_string()).collect()
    };
    assert_eq!(order(&chat), ["cnv_new", "cnv_old"]);
    let conversations = vec![summary("old", 9, Receipts::default())];
    give(&mut chat, AgentInput::Received(AgentEvent::Conversations { conversations }));
    assert_eq!(order(&chat), ["cnv_old", "cnv_new"]);
}

#[test]
fn a_watched_conversation_knows_from_the_inbox_what_was_read() {
    let read = Receipts { customer_delivered_seq: 1, customer_read_seq: 1, ..Receipts::default() };
    let mut chat = online(vec![summary("a", 0, read)]);
    let cursor = Cursor { conversation_id: cnv("a"), seq: 0 };
    let outputs = give(&mut chat, AgentInput::Watch { conversation_id: cnv("a") });
    assert!(outputs.contains(&AgentOutput::Send(AgentCommand::Watch { cursor })));
    give(&mut chat, events("a", vec![message(1, ana())]));
    let entries = chat.entries(&cnv("a"));
    assert!(
        matches!(entries[0].kind, EntryKind::Message { state: Some(MessageState::Read), .. }),
        "{entries:?}"
    );
}

#[test]
fn watched_conversations_are_asked_for_again_after_a_cut() {
    let mut chat = online(vec![summary("a", 0, Receipts::default())]);
    give(&mut chat, AgentInput::Watch { conversation_id: cnv("a") });
    give(&mut chat, events("a", vec![message(1, Author::Customer)]));
    give(&mut chat, AgentInput::SocketClosed { code: 1006 });
    give(&mut chat, AgentInput::WakeUp);
    let outputs = give(&mut chat, AgentInput::SocketOpened);
    let cursors = vec![Cursor { conversation_id: cnv("a"), seq: 1 }];
    assert_eq!(outputs, [AgentOutput::Send(AgentCommand::Hello { protocol: 1, cursors })]);
}

#[test]
fn a_conversation_that_is_not_watched_takes_no_events() {
    let mut chat = online(vec![summary("a", 0, Receipts::default())]);
    give(&mut chat, events("a", vec![message(1, Author::Customer)]));
    assert!(chat.entries(&cnv("a")).is_empty());
}

#[test]
fn the_sign_of_a_customer_who_types_goes_out_by_itself() {
    let mut chat = online(vec![summary("a", 0, Receipts::default())]);
    let typing = AgentEvent::Typing { conversation_id: cnv("a"), is_typing: true };
    give(&mut chat, AgentInput::Received(typing));
    assert!(chat.customer_typing(&cnv("a")));
    let until = chat.deadline().expect("a deadline");
    chat.handle(AgentInput::Tick, until);
    assert!(!chat.customer_typing(&cnv("a")));
}
