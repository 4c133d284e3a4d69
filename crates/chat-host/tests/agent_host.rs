//! What an agent's connection promises, whatever happens while it is greeted or while its client reads slowly.

use std::sync::Arc;

use chat_host::{
    AgentAnswer, AgentGreeting, AgentHost, AgentRead, Frame, Heard, Host as _, HostInput, HostOutput,
    HostTiming, OpenedConversation, Outgoing, SteadyMs,
};
use protocol::PROTOCOL_VERSION;
use protocol::agent::{AgentCommand, AgentEvent, ConversationSummary};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts, Revision,
};
use protocol::id::{AgentId, ConversationId, CustomerId, MessageId, TouchpointId};
use protocol::limit::{SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX};
use protocol::notice::Notice;
use protocol::people::{AgentProfile, CustomerProfile, Identity, Page, Role};
use protocol::time::UnixMillis;
use protocol::visitor::Cursor;

const NOW: SteadyMs = SteadyMs(0);

fn agent_id() -> AgentId {
    AgentId("agt_1".to_owned())
}

fn conversation(number: usize) -> ConversationId {
    ConversationId(format!("cnv_{number}"))
}

fn greeting() -> HostInput<AgentCommand, AgentAnswer> {
    let (name, email) = ("Ana".to_owned(), "ana@test".to_owned());
    let greeting = AgentGreeting {
        server_time: UnixMillis(0),
        agent: AgentProfile { agent_id: agent_id(), name, email, role: Role::Agent, max_concurrent: 5 },
        agents: Vec::new(),
        teams: Vec::new(),
        conversations: Vec::new(),
        sessions: Vec::new(),
    };
    HostInput::Read(AgentAnswer::Greeted(Ok(Box::new(greeting))))
}

/// A connection that has said hello and has this much of one conversation.
fn host(cursors: Vec<Cursor>) -> AgentHost {
    let mut host = AgentHost::new((agent_id(), "Ana".to_owned()), None, HostTiming::default(), 1, NOW);
    let hello = AgentCommand::Hello { protocol: PROTOCOL_VERSION, cursors };
    host.handle(HostInput::Frame(Frame { bytes: 100, heard: Heard::Command(hello) }), NOW);
    host
}

fn frames(host: &mut AgentHost) -> Vec<Outgoing<AgentEvent>> {
    std::iter::from_fn(|| host.poll_frame(NOW)).collect()
}

fn long_message(seq: u64) -> ConversationEvent {
    let what = EventKind::Message {
        message_id: MessageId(format!("msg_{seq}")),
        text: "x".repeat(16 * 1024),
        attachments: Vec::new(),
        revision: Revision::Original,
    };
    ConversationEvent { seq, at: UnixMillis(0), author: Author::Customer, what }
}

fn summary(number: usize, head_seq: u64) -> Arc<Notice> {
    let head = ConversationHead {
        conversation_id: conversation(number),
        status: ConversationStatus::Unread,
        head_seq,
        assignee: None,
        team: None,
        receipts: Receipts::default(),
        is_survey_done: false,
    };
    let customer = CustomerProfile {
        customer_id: CustomerId("cus_1".to_owned()),
        identity: Identity::default(),
        notes: String::new(),
        page: Page::default(),
        is_online: true,
        created_at: UnixMillis(0),
    };
    let summary = ConversationSummary {
        head,
        touchpoint_id: TouchpointId("tp_a".to_owned()),
        touchpoint_name: String::new(),
        customer,
        last_message: None,
        unread_count: 0,
        survey: None,
        cobrowse: None,
        may_cobrowse: false,
        created_at: UnixMillis(0),
        waiting_since: None,
        updated_at: UnixMillis(0),
    };
    Arc::new(Notice::Conversation { summary: Box::new(summary) })
}

#[test]
fn a_client_that_watches_what_was_erased_while_it_was_away_is_told() {
    let mut host = host(vec![Cursor { conversation_id: conversation(1), seq: 7 }]);
    host.handle(greeting(), NOW);
    host.handle(HostInput::Read(AgentAnswer::Opened(Ok(None))), NOW);
    let erased = AgentEvent::Erased { conversation_ids: vec![conversation(1)] };
    assert_eq!(frames(&mut host).last(), Some(&Outgoing::Event(erased)));
}

#[test]
fn much_that_happens_during_the_greeting_is_told_after_it_the_newest_of_each_conversation() {
    let mut host = host(Vec::new());
    let count = 3 * SOCKET_QUEUE_FRAMES_MAX;
    for head_seq in 1..=2 {
        for number in 0..count {
            host.handle(HostInput::Notice(summary(number, head_seq)), NOW);
        }
    }
    host.handle(greeting(), NOW);
    let told = frames(&mut host);
    assert!(matches!(told[0], Outgoing::Event(AgentEvent::Welcome { .. })));
    let heads = told.iter().filter_map(|frame| match frame {
        Outgoing::Event(AgentEvent::Conversation { summary }) => Some(summary.head.head_seq),
        Outgoing::Event(_) | Outgoing::Close(_) => None,
    });
    assert_eq!(heads.collect::<Vec<u64>>(), vec![2; count]);
}

#[test]
fn a_slow_reader_holds_little_and_gets_the_rest_from_the_store() {
    let mut host = host(vec![Cursor { conversation_id: conversation(1), seq: 0 }]);
    host.handle(greeting(), NOW);
    let found = OpenedConversation { customer_id: CustomerId("cus_1".to_owned()), head_seq: 0 };
    host.handle(HostInput::Read(AgentAnswer::Opened(Ok(Some(found)))), NOW);
    while host.poll_output().is_some() {}
    for seq in 1..=100 {
        let events = vec![long_message(seq)];
        let notice = Notice::Events { conversation_id: conversation(1), events };
        host.handle(HostInput::Notice(Arc::new(notice)), NOW);
        assert!(host.load().1 < SOCKET_QUEUE_BYTES_MAX * 3 / 4, "{:?}", host.load());
    }
    let told = frames(&mut host);
    let seqs = told.iter().flat_map(|frame| match frame {
        Outgoing::Event(AgentEvent::Events { events, .. }) => events.iter().map(|event| event.seq).collect(),
        Outgoing::Event(_) | Outgoing::Close(_) => Vec::new(),
    });
    let seqs: Vec<u64> = seqs.collect();
    let last = *seqs.last().unwrap();
    assert_eq!(seqs, (1..=last).collect::<Vec<u64>>());
    let wanted = std::iter::from_fn(|| host.poll_output()).last();
    assert!(
        matches!(wanted, Some(HostOutput::Read(AgentRead::Events { after_seq, .. })) if after_seq == last),
        "{wanted:?}"
    );
}
