//! What an agent's connection promises, whatever happens while it is greeted or while its client reads slowly.

use std::collections::BTreeSet;
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
use protocol::limit::{SOCKET_QUEUE_BYTES_MAX, SOCKET_QUEUE_FRAMES_MAX, SOCKET_SUMMARIES_BYTES_MAX};
use protocol::notice::{Notice, conversation_frames, conversations_in, summary_weight_bytes};
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

fn number_of(conversation_id: &ConversationId) -> usize {
    conversation_id.as_str().trim_start_matches("cnv_").parse().expect("ids are made of numbers here")
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

fn summary(number: usize, head_seq: u64) -> ConversationSummary {
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
    ConversationSummary {
        head,
        touchpoint_id: TouchpointId("tp_a".to_owned()),
        touchpoint_name: String::new(),
        customer,
        last_message: None,
        unread_count: 0,
        survey: None,
        cobrowse: None,
        may_cobrowse: false,
        is_page_offered: false,
        created_at: UnixMillis(0),
        waiting_since: None,
        updated_at: UnixMillis(0),
    }
}

fn changed(summaries: Vec<ConversationSummary>) -> impl Iterator<Item = Notice> {
    conversation_frames(summaries).map(|frame| Notice::Conversations { frame })
}

fn read_of(host: &mut AgentHost) -> Option<AgentRead> {
    std::iter::from_fn(|| host.poll_output())
        .filter_map(|output| if let HostOutput::Read(read) = output { Some(read) } else { None })
        .last()
}

fn told_heads(frames: &[Outgoing<AgentEvent>]) -> Vec<(String, u64)> {
    let told = frames.iter().flat_map(|frame| match frame {
        Outgoing::Shared(shared) => conversations_in(shared.event()),
        Outgoing::Event(_) | Outgoing::Close(_) => &[],
    });
    told.map(|summary| (summary.head.conversation_id.to_string(), summary.head.head_seq)).collect()
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
fn what_changes_during_the_greeting_is_read_and_told_after_it() {
    let mut host = host(Vec::new());
    let count = 3 * SOCKET_QUEUE_FRAMES_MAX;
    for head_seq in 1..=2 {
        for notice in changed((0..count).map(|number| summary(number, head_seq)).collect()) {
            host.handle(HostInput::Notice(Arc::new(notice)), NOW);
        }
    }
    host.handle(greeting(), NOW);
    assert!(matches!(frames(&mut host)[0], Outgoing::Event(AgentEvent::Welcome { .. })));
    let mut told = Vec::new();
    while let Some(AgentRead::Summaries { conversation_ids }) = read_of(&mut host) {
        let found = conversation_ids.iter().map(|id| summary(number_of(id), 3)).collect();
        host.handle(HostInput::Read(AgentAnswer::Summaries(Ok(found))), NOW);
        told.extend(told_heads(&frames(&mut host)));
    }
    let ids: BTreeSet<&String> = told.iter().map(|(conversation_id, _)| conversation_id).collect();
    assert_eq!((told.len(), ids.len()), (count, count));
}

#[test]
fn what_was_read_for_one_client_never_comes_after_what_all_were_told_meanwhile() {
    let mut host = host(Vec::new());
    for notice in changed(vec![summary(1, 1), summary(2, 1), summary(3, 1)]) {
        host.handle(HostInput::Notice(Arc::new(notice)), NOW);
    }
    host.handle(greeting(), NOW);
    frames(&mut host);
    for notice in changed(vec![summary(1, 2)]) {
        host.handle(HostInput::Notice(Arc::new(notice)), NOW);
    }
    let erased = Notice::Erased { customer_id: None, conversation_ids: vec![conversation(2)] };
    host.handle(HostInput::Notice(Arc::new(erased)), NOW);
    let found = vec![summary(1, 1), summary(2, 1), summary(3, 1)];
    host.handle(HostInput::Read(AgentAnswer::Summaries(Ok(found))), NOW);
    let told = told_heads(&frames(&mut host));
    assert_eq!(told, [(conversation(1).to_string(), 2), (conversation(3).to_string(), 1)]);
}

#[test]
fn a_slow_console_holds_so_many_conversations_and_reads_the_rest_later() {
    let mut host = host(Vec::new());
    host.handle(greeting(), NOW);
    host.handle(HostInput::Presence(Arc::new(Vec::new())), NOW);
    let count = 2 * SOCKET_SUMMARIES_BYTES_MAX / summary_weight_bytes(&summary(1, 1));
    for notice in changed((0..count).map(|number| summary(number, 1)).collect()) {
        host.handle(HostInput::Notice(Arc::new(notice)), NOW);
    }
    let mut told: BTreeSet<(String, u64)> = told_heads(&frames(&mut host)).into_iter().collect();
    assert!(told.len() < count);
    while let Some(AgentRead::Summaries { conversation_ids }) = read_of(&mut host) {
        let found = conversation_ids.iter().map(|id| summary(number_of(id), 1)).collect();
        host.handle(HostInput::Read(AgentAnswer::Summaries(Ok(found))), NOW);
        told.extend(told_heads(&frames(&mut host)));
    }
    assert_eq!(told.len(), count);
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
        Outgoing::Event(_) | Outgoing::Shared(_) | Outgoing::Close(_) => Vec::new(),
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
