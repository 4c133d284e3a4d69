//! The product's own client machines behind one face, so that one shell can run both.

use chat_core::{
    AgentChat, AgentInput, AgentOutput, Compose, Connection, Entry, EntryKind, OutboxMessage, SavedSession,
    SavedVisitor, Transport, VisitorChat, VisitorConfig, VisitorInput, VisitorOutput,
};
use protocol::agent::AgentEvent;
use protocol::conversation::{ConversationEvent, EventKind};
use protocol::id::{ConversationId, MessageId, TouchpointId};
use protocol::notice::conversations_in;
use protocol::people::Page;
use protocol::rest::{CustomerToken, EventsPage, NewCustomer};
use protocol::time::UnixMillis;
use protocol::visitor::VisitorEvent;

use super::Storage;
use crate::checker::{Line, Placed};
use crate::random::Random;

/// What a machine wants done.
#[derive(Debug)]
pub(super) enum Wish {
    Open(Transport),
    Close,
    Send(String),
    Fetch { conversation_id: ConversationId, after_seq: u64 },
    CreateCustomer(NewCustomer),
    SaveSession(SavedSession),
    ClaimSession(SavedSession),
    ForgetSession,
    SaveMessage(OutboxMessage),
    ForgetMessage(MessageId),
    Nothing,
}

/// What a frame promised: own messages that are stored, and messages at their places.
#[derive(Debug, Default)]
pub(super) struct Promises {
    pub(super) acknowledged: Vec<Placed>,
    pub(super) seen: Vec<Placed>,
    /// Messages refused for now or for good.
    pub(super) refusals: usize,
}

/// A client machine.
#[derive(Debug)]
pub(super) enum Machine {
    Visitor(Box<VisitorChat>),
    Agent(Box<AgentBrain>),
}

/// An agent's machine with the conversations it takes part in.
#[derive(Debug)]
pub(super) struct AgentBrain {
    chat: AgentChat,
    /// This agent is number `.0` of `.1`.
    place: (usize, usize),
    watched: Vec<ConversationId>,
}

impl Machine {
    /// Loads a visitor's page.
    pub(super) fn visitor(storage: &Storage, random: &mut Random) -> Self {
        let config = VisitorConfig {
            touchpoint_id: TouchpointId("tp_demo".to_owned()),
            jitter_seed: random.next(),
            page: Page { url: format!("{}/", super::http::ORIGIN), ..Page::default() },
            page_key: String::new(),
        };
        let saved = SavedVisitor {
            session: storage.session.clone(),
            outbox: storage.outbox.values().cloned().collect(),
            cobrowse_stop: None,
        };
        Self::Visitor(Box::new(VisitorChat::new(config, saved)))
    }

    /// Loads an agent's console.
    pub(super) fn agent(storage: &Storage, place: (usize, usize), random: &mut Random) -> Self {
        let chat = AgentChat::new(random.next(), storage.outbox.values().cloned().collect());
        Self::Agent(Box::new(AgentBrain { chat, place, watched: Vec::new() }))
    }

    pub(super) fn start(&mut self, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::Start, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::Start, now),
        }
    }

    pub(super) fn opened(&mut self, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::SocketOpened, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::SocketOpened, now),
        }
    }

    pub(super) fn closed(&mut self, code: u16, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::SocketClosed { code }, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::SocketClosed { code }, now),
        }
    }

    pub(super) fn tick(&mut self, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::Tick, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::Tick, now),
        }
    }

    pub(super) fn wake_up(&mut self, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::WakeUp, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::WakeUp, now),
        }
    }

    /// Everything in the log was on the screen.
    pub(super) fn see(&mut self, random: &mut Random, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::Seen, now),
            Self::Agent(brain) => {
                if let Some(conversation_id) = brain.any_conversation(random) {
                    brain.chat.handle(AgentInput::Seen { conversation_id }, now);
                }
            }
        }
    }

    /// Presses send. An agent without a conversation has nobody to write to.
    pub(super) fn compose(&mut self, text: String, random: &mut Random, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => {
                let compose = Compose {
                    text,
                    files: Vec::new(),
                    conversation_entropy: random.entropy(),
                    message_entropy: random.entropy(),
                };
                chat.handle(VisitorInput::Compose(compose), now);
            }
            Self::Agent(brain) => {
                if let Some(conversation_id) = brain.any_conversation(random) {
                    let message_entropy = random.entropy();
                    let files = Vec::new();
                    brain
                        .chat
                        .handle(AgentInput::Compose { conversation_id, text, files, message_entropy }, now);
                }
            }
        }
    }

    /// Takes a frame in. A frame that cannot be read is `None`.
    pub(super) fn received(&mut self, text: &str, now: UnixMillis) -> Option<Promises> {
        let mut promises = Promises::default();
        match self {
            Self::Visitor(chat) => {
                let event: VisitorEvent = serde_json::from_str(text).ok()?;
                if let VisitorEvent::Ack { conversation_id, message_id, seq, .. } = &event {
                    promises.acknowledge(conversation_id, message_id, *seq);
                } else if let VisitorEvent::Events { conversation_id, events } = &event {
                    promises.see(conversation_id, events);
                } else if let VisitorEvent::Refused { .. } = &event {
                    promises.refusals += 1;
                }
                chat.handle(VisitorInput::Received(event), now);
            }
            Self::Agent(brain) => {
                let event: AgentEvent = serde_json::from_str(text).ok()?;
                if let AgentEvent::Ack { conversation_id, message_id, seq, .. } = &event {
                    promises.acknowledge(conversation_id, message_id, *seq);
                } else if let AgentEvent::Events { conversation_id, events } = &event {
                    promises.see(conversation_id, events);
                } else if let AgentEvent::Refused { .. } = &event {
                    promises.refusals += 1;
                }
                brain.receive(event, now);
            }
        }
        Some(promises)
    }

    pub(super) fn fetched(
        &mut self,
        conversation_id: ConversationId,
        page: EventsPage,
        now: UnixMillis,
    ) -> Promises {
        let mut promises = Promises::default();
        promises.see(&conversation_id, &page.events);
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::EventsFetched { conversation_id, page }, now),
            Self::Agent(brain) => {
                brain.chat.handle(AgentInput::EventsFetched { conversation_id, page }, now);
            }
        }
        promises
    }

    pub(super) fn fetch_failed(&mut self, conversation_id: ConversationId, now: UnixMillis) {
        match self {
            Self::Visitor(chat) => chat.handle(VisitorInput::FetchFailed { conversation_id }, now),
            Self::Agent(brain) => brain.chat.handle(AgentInput::FetchFailed { conversation_id }, now),
        }
    }

    pub(super) fn session_claimed(&mut self, session: SavedSession, now: UnixMillis) {
        if let Self::Visitor(chat) = self {
            chat.handle(VisitorInput::SessionFound(session), now);
        }
    }

    pub(super) fn customer_created(&mut self, token: CustomerToken, now: UnixMillis) {
        if let Self::Visitor(chat) = self {
            chat.handle(VisitorInput::CustomerCreated(token), now);
        }
    }

    pub(super) fn customer_refused(&mut self, is_final: bool, now: UnixMillis) {
        if let Self::Visitor(chat) = self {
            chat.handle(VisitorInput::CustomerRefused { is_final }, now);
        }
    }

    pub(super) fn deadline(&self) -> Option<UnixMillis> {
        match self {
            Self::Visitor(chat) => chat.deadline(),
            Self::Agent(brain) => brain.chat.deadline(),
        }
    }

    pub(super) fn is_online(&self) -> bool {
        let connection = match self {
            Self::Visitor(chat) => chat.connection(),
            Self::Agent(brain) => brain.chat.connection(),
        };
        matches!(connection, Connection::Online { .. })
    }

    pub(super) fn next_wish(&mut self) -> Option<Wish> {
        match self {
            Self::Visitor(chat) => chat.poll_output().map(of_visitor),
            Self::Agent(brain) => brain.chat.poll_output().map(of_agent),
        }
    }

    /// What the windows show: the stored messages of each conversation.
    pub(super) fn shown(&self) -> Vec<(ConversationId, Vec<Line>)> {
        match self {
            Self::Visitor(chat) => chat
                .conversation()
                .map(|view| (view.conversation_id, lines(&view.entries)))
                .into_iter()
                .collect(),
            Self::Agent(brain) => {
                let shown = |id: &ConversationId| (id.clone(), lines(&brain.chat.entries(id)));
                brain.watched.iter().map(shown).collect()
            }
        }
    }
}

impl Promises {
    fn acknowledge(&mut self, conversation_id: &ConversationId, message_id: &MessageId, seq: u64) {
        let (conversation_id, message_id) = (conversation_id.clone(), message_id.clone());
        self.acknowledged.push(Placed { conversation_id, seq, message_id });
    }

    fn see(&mut self, conversation_id: &ConversationId, events: &[ConversationEvent]) {
        for event in events {
            if let EventKind::Message { message_id, .. } = &event.what {
                self.seen.push(Placed {
                    conversation_id: conversation_id.clone(),
                    seq: event.seq,
                    message_id: message_id.clone(),
                });
            }
        }
    }
}

impl AgentBrain {
    fn receive(&mut self, event: AgentEvent, now: UnixMillis) {
        let named: Vec<ConversationId> = if let AgentEvent::Welcome { conversations, .. } = &event {
            conversations.iter().map(|summary| summary.head.conversation_id.clone()).collect()
        } else {
            conversations_in(&event).iter().map(|summary| summary.head.conversation_id.clone()).collect()
        };
        self.chat.handle(AgentInput::Received(event), now);
        for conversation_id in named {
            if self.is_mine(&conversation_id) && !self.watched.contains(&conversation_id) {
                self.watched.push(conversation_id.clone());
                self.chat.handle(AgentInput::Watch { conversation_id }, now);
            }
        }
    }

    /// Conversations are divided among the agents by their last digits, which are random.
    fn is_mine(&self, conversation_id: &ConversationId) -> bool {
        let id = conversation_id.as_str();
        let digits = u64::from_str_radix(&id[id.len().saturating_sub(8)..], 16).unwrap_or(0);
        let (number, count) = self.place;
        digits % count as u64 == number as u64 && self.watched.len() < protocol::limit::CURSORS_MAX
    }

    fn any_conversation(&self, random: &mut Random) -> Option<ConversationId> {
        let count = u64::try_from(self.watched.len()).ok().filter(|count| *count > 0)?;
        self.watched.get(usize::try_from(random.below(count)).ok()?).cloned()
    }
}

fn lines(entries: &[Entry]) -> Vec<Line> {
    let line = |entry: &Entry| {
        let seq = entry.seq?;
        let EntryKind::Message { message_id, text, .. } = &entry.kind else { return None };
        Some(Line { seq, message: Some((message_id.clone(), text.clone())) })
    };
    entries.iter().filter_map(line).collect()
}

fn frame(command: &impl serde::Serialize) -> Wish {
    serde_json::to_string(command).map_or(Wish::Nothing, Wish::Send)
}

fn of_visitor(output: VisitorOutput) -> Wish {
    match output {
        VisitorOutput::CreateCustomer(new) => Wish::CreateCustomer(new),
        VisitorOutput::OpenSocket { transport } => Wish::Open(transport),
        VisitorOutput::CloseSocket => Wish::Close,
        VisitorOutput::Send(command) => frame(&command),
        VisitorOutput::FetchEvents { conversation_id, after_seq } => {
            Wish::Fetch { conversation_id, after_seq }
        }
        VisitorOutput::SaveSession(session) => Wish::SaveSession(session),
        VisitorOutput::ClaimSession(session) => Wish::ClaimSession(session),
        VisitorOutput::ForgetSession(_) => Wish::ForgetSession,
        VisitorOutput::SaveMessage(message) => Wish::SaveMessage(message),
        VisitorOutput::ForgetMessage(message_id) => Wish::ForgetMessage(message_id),
        VisitorOutput::Upload(_)
        | VisitorOutput::SaveCobrowseStop(_)
        | VisitorOutput::ForgetCobrowseStop
        | VisitorOutput::MessageArrived { .. }
        | VisitorOutput::Changed => Wish::Nothing,
    }
}

fn of_agent(output: AgentOutput) -> Wish {
    match output {
        AgentOutput::OpenSocket => Wish::Open(Transport::Socket),
        AgentOutput::CloseSocket => Wish::Close,
        AgentOutput::Send(command) => frame(&command),
        AgentOutput::FetchEvents { conversation_id, after_seq } => Wish::Fetch { conversation_id, after_seq },
        AgentOutput::SaveMessage(message) => Wish::SaveMessage(message),
        AgentOutput::ForgetMessage(message_id) => Wish::ForgetMessage(message_id),
        AgentOutput::Upload(_) | AgentOutput::MessageArrived { .. } | AgentOutput::Changed => Wish::Nothing,
    }
}
