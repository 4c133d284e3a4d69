//! What the console shows: read only.

use protocol::agent::ConversationSummary;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::Author;
use protocol::id::ConversationId;
use protocol::people::{AgentPresence, AgentProfile, Team};

use super::AgentChat;
use crate::entry::Entry;
use crate::link::Connection;
use crate::outbox::ComposeFault;

impl AgentChat {
    /// Where the connection stands.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.link.connection()
    }

    /// Who is logged in, once the server has said so.
    #[must_use]
    pub fn agent(&self) -> Option<&AgentProfile> {
        self.agent.as_ref()
    }

    /// Every agent with their presence.
    #[must_use]
    pub fn agents(&self) -> &[AgentPresence] {
        &self.agents
    }

    /// Every team.
    #[must_use]
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    /// Every conversation known, newest change first.
    #[must_use]
    pub fn inbox(&self) -> Vec<&ConversationSummary> {
        let mut rows: Vec<&ConversationSummary> = self.inbox.values().collect();
        rows.sort_by_key(|summary| std::cmp::Reverse(summary.updated_at));
        rows
    }

    /// One conversation of the inbox.
    #[must_use]
    pub fn summary(&self, conversation_id: &ConversationId) -> Option<&ConversationSummary> {
        self.inbox.get(conversation_id)
    }

    /// The log of a watched conversation, oldest first.
    #[must_use]
    pub fn entries(&self, conversation_id: &ConversationId) -> Vec<Entry> {
        let author = match &self.agent {
            Some(agent) => Author::Agent { agent_id: agent.agent_id.clone(), name: agent.name.clone() },
            None => Author::System,
        };
        self.threads
            .get(conversation_id)
            .map(|thread| thread.entries(&self.outbox, &self.uploads, &author))
            .unwrap_or_default()
    }

    /// Whether the log of a watched conversation has everything the inbox knows of.
    #[must_use]
    pub fn is_loaded(&self, conversation_id: &ConversationId) -> bool {
        let head_seq = self.summary(conversation_id).map_or(0, |summary| summary.head.head_seq);
        self.threads.get(conversation_id).is_some_and(|thread| thread.timeline.contiguous_seq() >= head_seq)
    }

    /// Whether the customer writes at the moment.
    #[must_use]
    pub fn customer_typing(&self, conversation_id: &ConversationId) -> bool {
        self.typing.get(conversation_id).is_some_and(|shown| shown.name().is_some())
    }

    /// A live co-browse session of ours in this conversation, with our ticket.
    #[must_use]
    pub fn cobrowse(&self, conversation_id: &ConversationId) -> Option<&CobrowseSession> {
        self.cobrowse.as_ref().filter(|session| session.conversation_id == *conversation_id)
    }

    /// Why a text would not be taken, or none when it would.
    #[must_use]
    pub fn compose_fault(&self, text: &str, file_count: usize) -> Option<ComposeFault> {
        self.outbox.fault(text, file_count)
    }

    /// The server's clock minus this browser's, in milliseconds.
    #[must_use]
    pub fn clock_offset_ms(&self) -> i64 {
        self.clock_offset_ms
    }
}
