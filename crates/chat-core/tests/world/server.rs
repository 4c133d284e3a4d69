//! The server's side of the protocol as a value: one customer, one conversation, one agent.

use protocol::agent::{AgentCommand, AgentEvent};
use protocol::conversation::{
    Author, ConversationEvent, ConversationHead, ConversationStatus, EventKind, Receipts,
};
use protocol::id::{AgentId, ConversationId, CustomerId, Entropy, MessageId};
use protocol::people::{AgentProfile, Role};
use protocol::rest::{CustomerToken, EventsPage};
use protocol::time::UnixMillis;
use protocol::visitor::{Cursor, VisitorCommand, VisitorEvent};

#[derive(Default)]
pub(crate) struct Server {
    conversation_id: Option<ConversationId>,
    events: Vec<ConversationEvent>,
    receipts: Receipts,
    copies: usize,
    is_visitor_greeted: bool,
    is_agent_greeted: bool,
    is_watched: bool,
    for_visitor: Vec<VisitorEvent>,
    for_agent: Vec<AgentEvent>,
    now: UnixMillis,
}

impl Server {
    pub(crate) fn create_customer(&mut self, now: UnixMillis, entropy: Entropy) -> CustomerToken {
        CustomerToken { customer_id: CustomerId::new(now, entropy), token: "token".to_owned() }
    }

    pub(crate) fn conversation_id(&self) -> Option<ConversationId> {
        self.conversation_id.clone()
    }

    pub(crate) fn copies_received(&self) -> usize {
        self.copies
    }

    pub(crate) fn seqs(&self) -> Vec<u64> {
        self.events.iter().map(|event| event.seq).collect()
    }

    pub(crate) fn messages(&self) -> Vec<(&'static str, String)> {
        let message = |event: &ConversationEvent| match &event.what {
            EventKind::Message { text, .. } => Some((event.author.side(), text.clone())),
            EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => None,
        };
        self.events.iter().filter_map(message).collect()
    }

    pub(crate) fn events_page(&self, after_seq: u64) -> EventsPage {
        let events: Vec<ConversationEvent> = self.after(after_seq).into_iter().take(3).collect();
        EventsPage { events, head_seq: self.head_seq() }
    }

    pub(crate) fn visitor_gone(&mut self) {
        self.is_visitor_greeted = false;
        self.for_visitor.clear();
    }

    pub(crate) fn agent_gone(&mut self) {
        self.is_agent_greeted = false;
        self.is_watched = false;
        self.for_agent.clear();
    }

    pub(crate) fn take_for_visitor(&mut self) -> Vec<VisitorEvent> {
        std::mem::take(&mut self.for_visitor)
    }

    pub(crate) fn take_for_agent(&mut self) -> Vec<AgentEvent> {
        std::mem::take(&mut self.for_agent)
    }

    /// The heartbeat with the heads.
    pub(crate) fn ping(&mut self) {
        let heads: Vec<Cursor> = self
            .conversation_id
            .iter()
            .map(|conversation_id| Cursor { conversation_id: conversation_id.clone(), seq: self.head_seq() })
            .collect();
        if self.is_visitor_greeted {
            self.for_visitor.push(VisitorEvent::Ping { server_time: self.now, heads: heads.clone() });
        }
        if self.is_agent_greeted {
            self.for_agent.push(AgentEvent::Ping { server_time: self.now, heads });
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "commands before the hello, and those without a part here, are ignored"
    )]
    pub(crate) fn visitor_says(&mut self, command: VisitorCommand, now: UnixMillis) {
        self.now = now;
        match command {
            VisitorCommand::Hello { cursors, .. } => {
                self.is_visitor_greeted = true;
                self.for_visitor.push(VisitorEvent::Welcome {
                    customer_id: CustomerId("cus_x".to_owned()),
                    server_time: now,
                    conversations: self.head().into_iter().collect(),
                    cobrowse: None,
                });
                let after_seq = cursors.first().map_or(0, |cursor| cursor.seq);
                self.resume_visitor(after_seq);
            }
            VisitorCommand::Send { conversation_id, message_id, text } if self.is_visitor_greeted => {
                let (seq, at) = self.store(&conversation_id, &message_id, text, Author::Customer, now);
                self.for_visitor.push(VisitorEvent::Ack { conversation_id, message_id, seq, at });
            }
            VisitorCommand::Receipt { delivered_seq, read_seq, .. } => {
                self.receipts.customer_delivered_seq =
                    self.receipts.customer_delivered_seq.max(delivered_seq);
                self.receipts.customer_read_seq = self.receipts.customer_read_seq.max(read_seq);
            }
            _ => {}
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "commands before the hello, and those without a part here, are ignored"
    )]
    pub(crate) fn agent_says(&mut self, command: AgentCommand, now: UnixMillis) {
        self.now = now;
        match command {
            AgentCommand::Hello { cursors, .. } => {
                self.is_agent_greeted = true;
                self.for_agent.push(AgentEvent::Welcome {
                    agent: AgentProfile {
                        agent_id: AgentId("agt_x".to_owned()),
                        name: "Ana".to_owned(),
                        email: String::new(),
                        role: Role::Agent,
                        max_concurrent: 5,
                    },
                    server_time: now,
                    agents: Vec::new(),
                    conversations: Vec::new(),
                });
                for cursor in cursors {
                    self.watch(cursor);
                }
            }
            AgentCommand::Watch { cursor } if self.is_agent_greeted => self.watch(cursor),
            AgentCommand::Send { conversation_id, message_id, text } if self.is_agent_greeted => {
                let author = Author::Agent { agent_id: AgentId("agt_x".to_owned()), name: "Ana".to_owned() };
                let (seq, at) = self.store(&conversation_id, &message_id, text, author, now);
                self.for_agent.push(AgentEvent::Ack { conversation_id, message_id, seq, at });
            }
            _ => {}
        }
    }

    fn watch(&mut self, cursor: Cursor) {
        self.is_watched = true;
        let events = self.after(cursor.seq);
        if !events.is_empty() {
            self.for_agent.push(AgentEvent::Events { conversation_id: cursor.conversation_id, events });
        }
    }

    fn resume_visitor(&mut self, after_seq: u64) {
        let Some(conversation_id) = self.conversation_id.clone() else { return };
        let events = self.after(after_seq);
        if events.len() > 20 {
            self.for_visitor.push(VisitorEvent::Reset { conversation_id, after_seq });
        } else if !events.is_empty() {
            self.for_visitor.push(VisitorEvent::Events { conversation_id, events });
        }
    }

    /// Stores a message once per id and fans it out.
    fn store(
        &mut self,
        conversation_id: &ConversationId,
        message_id: &MessageId,
        text: String,
        author: Author,
        now: UnixMillis,
    ) -> (u64, UnixMillis) {
        assert_eq!(self.conversation_id.get_or_insert_with(|| conversation_id.clone()), conversation_id);
        let is_same = |event: &&ConversationEvent| matches!(&event.what, EventKind::Message { message_id: stored, .. } if stored == message_id);
        if let Some(event) = self.events.iter().find(is_same) {
            self.copies += 1;
            return (event.seq, event.at);
        }
        let what = EventKind::Message { message_id: message_id.clone(), text };
        let event = ConversationEvent { seq: self.head_seq() + 1, at: now, author, what };
        self.events.push(event.clone());
        let seq = event.seq;
        if self.is_visitor_greeted {
            let events = vec![event.clone()];
            self.for_visitor.push(VisitorEvent::Events { conversation_id: conversation_id.clone(), events });
        }
        if self.is_watched {
            self.for_agent
                .push(AgentEvent::Events { conversation_id: conversation_id.clone(), events: vec![event] });
        }
        (seq, now)
    }

    fn after(&self, seq: u64) -> Vec<ConversationEvent> {
        self.events.iter().filter(|event| event.seq > seq).cloned().collect()
    }

    fn head_seq(&self) -> u64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    fn head(&self) -> Option<ConversationHead> {
        Some(ConversationHead {
            conversation_id: self.conversation_id.clone()?,
            status: ConversationStatus::Unresolved,
            head_seq: self.head_seq(),
            assignee: None,
            receipts: self.receipts,
            is_survey_done: false,
        })
    }
}
