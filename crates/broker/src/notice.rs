//! What is carried, and to whom.

use protocol::agent::ConversationSummary;
use protocol::cobrowse::{CobrowseEnd, CobrowseSession};
use protocol::conversation::{ConversationEvent, EventKind, Receipts, Side};
use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId};

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
        const PLAIN: usize = 256;
        match self {
            Self::Events { events, .. } => events.iter().map(|event| PLAIN + text_bytes(&event.what)).sum(),
            Self::Conversation { summary } => {
                let survey_bytes: usize =
                    summary.survey.iter().map(|survey| survey.answers.len() * PLAIN).sum();
                4 * PLAIN + summary.customer.notes.len() + survey_bytes
            }
            Self::Receipts { .. }
            | Self::Typing { .. }
            | Self::Cobrowse { .. }
            | Self::CobrowseEnded { .. }
            | Self::LoggedOut { .. } => PLAIN,
        }
    }
}

fn text_bytes(what: &EventKind) -> usize {
    match what {
        EventKind::Message { text, .. } => text.len(),
        EventKind::Status { .. }
        | EventKind::Assigned { .. }
        | EventKind::SurveyAnswered
        | EventKind::Unknown => 0,
    }
}
