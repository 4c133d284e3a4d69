//! What an agent's connection asks for, and the answers.

use protocol::agent::ConversationSummary;
use protocol::close::CloseCode;
use protocol::cobrowse::CobrowseSession;
use protocol::conversation::ConversationEvent;
use protocol::id::{CobrowseId, ConversationId, CustomerId};
use protocol::people::{AgentPresence, AgentProfile, Team};
use protocol::time::UnixMillis;
use protocol::visitor::Cursor;

use crate::written::{NewText, Refusal};

/// What has to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentRead {
    /// What the welcome holds.
    Greet,
    /// Whose a conversation is, and how far it goes.
    Open {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// Events of a conversation.
    Events {
        /// The conversation.
        conversation_id: ConversationId,
        /// Those after this place.
        after_seq: u64,
        /// At most so many.
        limit: usize,
    },
    /// The heads of conversations, and whether the log-in still holds.
    Beat {
        /// Of these; may be none.
        conversation_ids: Vec<ConversationId>,
    },
    /// Conversations as the inbox shows them.
    Summaries {
        /// Which.
        conversation_ids: Vec<ConversationId>,
    },
    /// The agent's ticket of a session that is live.
    Ticket {
        /// The session.
        cobrowse_id: CobrowseId,
    },
}

/// What was found out, for the question of the same name.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentAnswer {
    /// What the welcome holds, or how the connection ends.
    Greeted(Result<Box<AgentGreeting>, CloseCode>),
    /// The conversation if it is there, or how the connection ends.
    Opened(Result<Option<OpenedConversation>, CloseCode>),
    /// The events in order, or how the connection ends.
    Events(Result<Vec<ConversationEvent>, CloseCode>),
    /// What a heartbeat says.
    Beat(Result<AgentBeat, Refusal>),
    /// Those that are there, in any order; or how the connection ends.
    Summaries(Result<Vec<ConversationSummary>, CloseCode>),
    /// The session with the ticket; none when it is over.
    Ticket(Option<CobrowseSession>),
}

/// What a welcome holds.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentGreeting {
    /// The server's clock.
    pub server_time: UnixMillis,
    /// The agent.
    pub agent: AgentProfile,
    /// Every agent.
    pub agents: Vec<AgentPresence>,
    /// Every team.
    pub teams: Vec<Team>,
    /// The inbox, newest change first.
    pub conversations: Vec<ConversationSummary>,
    /// Sessions this agent asked for, with the agent's tickets.
    pub sessions: Vec<CobrowseSession>,
}

/// A conversation that may be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedConversation {
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The last seq given.
    pub head_seq: u64,
}

/// What a heartbeat says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentBeat {
    /// The server's clock.
    pub server_time: UnixMillis,
    /// The heads of the conversations that were asked for; those that are gone are left out.
    pub heads: Vec<Cursor>,
    /// The heads of the conversations that were changed last, newest change first.
    pub newest: Vec<Cursor>,
    /// Whether the log-in still holds.
    pub is_logged_in: bool,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentWrite {
    /// Store a message.
    Send(NewText),
    /// Keep how far the agent has received and read.
    Receipt {
        /// The conversation.
        conversation_id: ConversationId,
        /// Everything up to here is in the console.
        delivered_seq: u64,
        /// Everything up to here was on the screen.
        read_seq: u64,
    },
}
