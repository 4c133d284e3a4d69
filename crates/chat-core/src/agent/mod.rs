//! The agent's chat: the inbox, the conversations that are watched, and what is written in them.

mod input;
mod received;
mod view;

pub use input::{AgentInput, AgentOutput};

use std::collections::{BTreeMap, VecDeque};

use protocol::PROTOCOL_VERSION;
use protocol::agent::{AgentCommand, ConversationSummary};
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::Side;
use protocol::id::{ConversationId, Entropy, MessageId};
use protocol::people::{AgentPresence, AgentProfile, Team};
use protocol::time::UnixMillis;
use protocol::visitor::Cursor;

use crate::fetching::Fetching;
use crate::link::{Link, LinkAction};
use crate::outbox::{Outbox, OutboxFile, OutboxMessage};
use crate::thread::{Thread, earliest};
use crate::typing::TypingShown;
use crate::uploads::Uploads;

/// The chat client of one agent, in one tab.
#[derive(Debug)]
pub struct AgentChat {
    agent: Option<AgentProfile>,
    agents: Vec<AgentPresence>,
    teams: Vec<Team>,
    inbox: BTreeMap<ConversationId, ConversationSummary>,
    threads: BTreeMap<ConversationId, Thread>,
    /// Customers who type, in any conversation.
    typing: BTreeMap<ConversationId, TypingShown>,
    outbox: Outbox,
    uploads: Uploads,
    cobrowse: Option<CobrowseSession>,
    link: Link,
    clock_offset_ms: i64,
    outputs: VecDeque<AgentOutput>,
}

impl AgentChat {
    /// Begins with the messages that storage held. Nothing is sent before `Start`.
    #[must_use]
    pub fn new(jitter_seed: u64, outbox: Vec<OutboxMessage>) -> Self {
        Self {
            agent: None,
            agents: Vec::new(),
            teams: Vec::new(),
            inbox: BTreeMap::new(),
            threads: BTreeMap::new(),
            typing: BTreeMap::new(),
            outbox: Outbox::new(outbox),
            uploads: Uploads::new(jitter_seed.rotate_left(32)),
            cobrowse: None,
            link: Link::by_socket(jitter_seed),
            clock_offset_ms: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input; outputs follow from `poll_output`.
    pub fn handle(&mut self, input: AgentInput, now: UnixMillis) {
        match input {
            AgentInput::Start => self.link.want(now),
            AgentInput::Stop => self.link.rest(),
            AgentInput::Watch { conversation_id } => self.watch(conversation_id),
            AgentInput::Unwatch { conversation_id } => {
                self.threads.remove(&conversation_id);
                self.send_if_online(AgentCommand::Unwatch { conversation_id });
            }
            AgentInput::Compose { conversation_id, text, files, message_entropy } => {
                self.compose(conversation_id, text, files, message_entropy, now);
            }
            AgentInput::Retry { message_id } => {
                if let Some(message) = self.outbox.retry(&message_id, now) {
                    self.outputs.push_back(AgentOutput::SaveMessage(message));
                }
            }
            AgentInput::Discard { message_id } => {
                if self.outbox.discard(&message_id) {
                    self.outputs.push_back(AgentOutput::ForgetMessage(message_id));
                }
            }
            AgentInput::UploadProgressed { file_id, sent_bytes } => {
                self.uploads.progressed(&file_id, sent_bytes);
            }
            AgentInput::Uploaded { file_id, attachment_id } => {
                self.uploads.ended(&file_id);
                let kept = self.outbox.uploaded(&file_id, attachment_id);
                self.outputs.extend(kept.map(AgentOutput::SaveMessage));
            }
            AgentInput::UploadFailed { file_id, is_final } => self.upload_failed(&file_id, is_final, now),
            AgentInput::Typing { conversation_id, is_typing } => {
                let thread = self.threads.get_mut(&conversation_id);
                if thread.is_some_and(|thread| thread.typing_sender.shall_send(is_typing, now)) {
                    self.send_if_online(AgentCommand::Typing { conversation_id, is_typing });
                }
            }
            AgentInput::Seen { conversation_id } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.see();
                }
            }
            AgentInput::SocketOpened => self.link.opened(now),
            AgentInput::Received(event) => self.receive(event, now),
            AgentInput::SocketClosed { code } => {
                self.link.closed(code, now);
                self.connection_lost();
            }
            AgentInput::EventsFetched { conversation_id, page } => self.fetched(&conversation_id, page, now),
            AgentInput::FetchFailed { conversation_id } => {
                if let Some(thread) = self.threads.get_mut(&conversation_id) {
                    thread.fetching = Fetching::failed(now);
                }
            }
            AgentInput::WakeUp => {
                self.link.wake_up(now);
                self.uploads.wake_up();
            }
            AgentInput::Sleep => self.link.sleep(),
            AgentInput::Tick => {}
        }
        self.advance(now);
        self.outputs.push_back(AgentOutput::Changed);
    }

    /// The next thing for the shell to do, oldest first; `Changed` once, and last.
    pub fn poll_output(&mut self) -> Option<AgentOutput> {
        let output = self.outputs.pop_front()?;
        if output == AgentOutput::Changed {
            self.outputs.retain(|later| *later != AgentOutput::Changed);
            if let Some(next) = self.outputs.pop_front() {
                self.outputs.push_back(AgentOutput::Changed);
                return Some(next);
            }
        }
        Some(output)
    }

    /// When `Tick` is due.
    #[must_use]
    pub fn deadline(&self) -> Option<UnixMillis> {
        let outbox = if self.link.is_online() { self.outbox.deadline() } else { None };
        earliest(
            [self.link.deadline(), outbox, self.uploads.deadline(&self.outbox)]
                .into_iter()
                .chain(self.threads.values().map(Thread::deadline)),
        )
    }

    fn watch(&mut self, conversation_id: ConversationId) {
        let new = || Thread::new(conversation_id.clone(), Side::Agent);
        let thread = self.threads.entry(conversation_id.clone()).or_insert_with(new);
        // The inbox knows how far each side was; the server tells only what changes from now on.
        if let Some(summary) = self.inbox.get(&conversation_id) {
            thread.merge_receipts(&summary.head.receipts);
        }
        let seq = thread.timeline.contiguous_seq();
        self.send_if_online(AgentCommand::Watch { cursor: Cursor { conversation_id, seq } });
    }

    fn compose(
        &mut self,
        conversation_id: ConversationId,
        text: String,
        files: Vec<OutboxFile>,
        entropy: Entropy,
        now: UnixMillis,
    ) {
        if self.outbox.fault(&text, files.len()).is_some() {
            return;
        }
        if let Some(thread) = self.threads.get_mut(&conversation_id) {
            thread.typing_sender.reset();
        }
        let message = OutboxMessage {
            message_id: MessageId::new(now, entropy),
            conversation_id,
            text,
            files,
            created_at: self.outbox.written_at(now),
            is_failed: false,
        };
        self.outputs.push_back(AgentOutput::SaveMessage(message.clone()));
        self.outbox.push(message);
    }

    fn upload_failed(&mut self, file_id: &str, is_final: bool, now: UnixMillis) {
        if is_final {
            self.uploads.ended(file_id);
            let failed = self.outbox.upload_refused(file_id);
            self.outputs.extend(failed.map(AgentOutput::SaveMessage));
        } else {
            self.uploads.cut(now);
        }
    }

    fn connection_lost(&mut self) {
        self.outbox.connection_lost();
        self.typing.clear();
        for thread in self.threads.values_mut() {
            thread.connection_lost();
        }
    }

    fn advance(&mut self, now: UnixMillis) {
        if self.outbox.is_overdue(now) {
            self.link.doubt(now);
        }
        self.link.tick(now);
        while let Some(action) = self.link.poll_action() {
            match action {
                LinkAction::Open(_) => self.outputs.push_back(AgentOutput::OpenSocket),
                LinkAction::Close => {
                    self.connection_lost();
                    self.outputs.push_back(AgentOutput::CloseSocket);
                }
                LinkAction::Probe => {
                    self.outputs.push_back(AgentOutput::Send(AgentCommand::Pong { is_probe: true }))
                }
                LinkAction::Greet => {
                    let hello = AgentCommand::Hello { protocol: PROTOCOL_VERSION, cursors: self.cursors() };
                    self.outputs.push_back(AgentOutput::Send(hello));
                }
            }
        }
        self.typing.retain(|_, shown| !shown.tick(now));
        let is_online = self.link.is_online();
        for (conversation_id, thread) in &mut self.threads {
            if let Some(after_seq) = thread.take_fetch(now) {
                let conversation_id = conversation_id.clone();
                self.outputs.push_back(AgentOutput::FetchEvents { conversation_id, after_seq });
            }
            if is_online && let Some((delivered_seq, read_seq)) = thread.take_receipt() {
                let conversation_id = conversation_id.clone();
                let receipt = AgentCommand::Receipt { conversation_id, delivered_seq, read_seq };
                self.outputs.push_back(AgentOutput::Send(receipt));
            }
        }
        if let Some(file) = self.uploads.take_due(&self.outbox, now) {
            self.outputs.push_back(AgentOutput::Upload(file));
        }
        while is_online && let Some(message) = self.outbox.take_due(now) {
            let attachments = message.attachment_ids();
            let OutboxMessage { conversation_id, message_id, text, .. } = message;
            self.outputs.push_back(AgentOutput::Send(AgentCommand::Send {
                conversation_id,
                message_id,
                text,
                attachments,
            }));
        }
    }

    fn cursors(&self) -> Vec<Cursor> {
        let cursor = |thread: &Thread| Cursor {
            conversation_id: thread.conversation_id.clone(),
            seq: thread.timeline.contiguous_seq(),
        };
        self.threads.values().map(cursor).collect()
    }

    fn send_if_online(&mut self, command: AgentCommand) {
        if self.link.is_online() {
            self.outputs.push_back(AgentOutput::Send(command));
        }
    }
}
