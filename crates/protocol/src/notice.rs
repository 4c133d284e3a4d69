//! What the server's parts tell each other once something was stored: what is carried by a broker, and to whom.

use crate::agent::ConversationSummary;
use crate::cobrowse::{CobrowseEnd, CobrowseSession};
use crate::conversation::{ConversationEvent, EventKind, Receipts, Side};
use crate::id::{AgentId, CobrowseId, ConversationId, CustomerId};
use crate::people::Team;

/// Whom a notice concerns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The browsers of one customer.
    Customer(CustomerId),
    /// The consoles that watch one conversation.
    Conversation(ConversationId),
    /// Every console.
    Agents,
    /// The consoles of one agent.
    Agent(AgentId),
}

/// What is carried.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Events that were stored, in order of seq.
    Events {
        /// The conversation.
        conversation_id: ConversationId,
        /// The events, at least one.
        events: Vec<ConversationEvent>,
    },
    /// Receipts that moved.
    Receipts {
        /// The conversation.
        conversation_id: ConversationId,
        /// All of them, as they stand.
        receipts: Receipts,
    },
    /// Somebody is writing, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// Which side.
        side: Side,
        /// The agent's name; empty for the customer.
        name: String,
        /// Whether they are writing.
        is_typing: bool,
    },
    /// A conversation is new or changed.
    Conversation {
        /// As it stands.
        summary: Box<ConversationSummary>,
    },
    /// Conversations were erased for good, and their customer, if one is named: that customer's sockets close.
    Erased {
        /// The customer who is gone.
        customer_id: Option<CustomerId>,
        /// The conversations that are gone.
        conversation_ids: Vec<ConversationId>,
    },
    /// The teams changed.
    Teams {
        /// Every team.
        teams: Vec<Team>,
    },
    /// A co-browse session was asked for, or is live. Tickets are never carried.
    Cobrowse {
        /// The session, without a ticket.
        session: CobrowseSession,
    },
    /// A co-browse session is over.
    CobrowseEnded {
        /// The conversation.
        conversation_id: ConversationId,
        /// The session.
        cobrowse_id: CobrowseId,
        /// How it ended.
        end: CobrowseEnd,
    },
    /// A log-in ended: its sockets close. The text names the session and opens nothing.
    LoggedOut {
        /// The session.
        session_key: String,
    },
}

impl Notice {
    /// A close guess of the bytes it takes while it waits.
    #[must_use]
    pub fn weight_bytes(&self) -> usize {
        match self {
            Self::Events { events, .. } => events.iter().map(event_weight_bytes).sum(),
            Self::Conversation { summary } => summary_weight_bytes(summary),
            Self::Erased { conversation_ids, .. } => PLAIN_BYTES * (1 + conversation_ids.len()),
            Self::Teams { teams } => teams.iter().map(|team| PLAIN_BYTES * (1 + team.agent_ids.len())).sum(),
            Self::Receipts { .. }
            | Self::Typing { .. }
            | Self::Cobrowse { .. }
            | Self::CobrowseEnded { .. }
            | Self::LoggedOut { .. } => PLAIN_BYTES,
        }
    }
}

/// What anything weighs that holds no text of its own, in bytes.
pub const PLAIN_BYTES: usize = 256;

/// A close guess of the bytes an event takes while it waits.
#[must_use]
pub fn event_weight_bytes(event: &ConversationEvent) -> usize {
    PLAIN_BYTES + text_bytes(&event.what)
}

/// A close guess of the bytes a summary takes while it waits.
#[must_use]
pub fn summary_weight_bytes(summary: &ConversationSummary) -> usize {
    let survey_bytes: usize = summary.survey.iter().map(|survey| survey.answers.len() * PLAIN_BYTES).sum();
    4 * PLAIN_BYTES + summary.customer.notes.len() + survey_bytes
}

fn text_bytes(what: &EventKind) -> usize {
    match what {
        EventKind::Message { text, attachments, .. } => text.len() + 256 * attachments.len(),
        EventKind::Edited { text, .. } => text.len(),
        EventKind::Assigned { note, .. } => note.as_ref().map_or(0, String::len),
        EventKind::Deleted { .. }
        | EventKind::Status { .. }
        | EventKind::SurveyAnswered
        | EventKind::Unknown => 0,
    }
}
