//! What the server's parts tell each other once something was stored: what is carried by a broker, and to whom.

use std::sync::{Arc, OnceLock};

use crate::agent::{AgentEvent, ConversationSummary};
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
    /// Conversations are new or changed.
    Conversations {
        /// As they stand: [`AgentEvent::Conversations`].
        frame: Arc<Shared<AgentEvent>>,
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
            Self::Conversations { frame } => frame.weight_bytes(),
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

/// A frame that goes out over many connections and is put into words once for all of them.
#[derive(Debug)]
pub struct Shared<E> {
    event: E,
    weight_bytes: usize,
    text: OnceLock<String>,
}

impl<E> Shared<E> {
    /// Shares an event of about this weight.
    #[must_use]
    pub fn new(event: E, weight_bytes: usize) -> Self {
        Self { event, weight_bytes, text: OnceLock::new() }
    }

    /// What is shared.
    #[must_use]
    pub fn event(&self) -> &E {
        &self.event
    }

    /// A close guess of its bytes.
    #[must_use]
    pub fn weight_bytes(&self) -> usize {
        self.weight_bytes
    }

    /// Returns it in words; the first who asks puts it into them.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn text<X>(&self, write: impl FnOnce(&E) -> Result<String, X>) -> Result<&str, X> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let text = write(&self.event)?;
        Ok(self.text.get_or_init(|| text))
    }
}

impl<E: PartialEq> PartialEq for Shared<E> {
    fn eq(&self, other: &Self) -> bool {
        self.event == other.event
    }
}

/// Conversations in one frame, at most.
const FRAME_SUMMARIES_MAX: usize = 50;
/// Bytes of conversations in one frame, unless one alone has more.
const FRAME_SUMMARIES_BYTES_MAX: usize = 64 * 1024;

/// Puts conversations into frames of a handy size, in their order.
pub fn conversation_frames(
    summaries: Vec<ConversationSummary>,
) -> impl Iterator<Item = Arc<Shared<AgentEvent>>> {
    let mut rest = summaries.into_iter().peekable();
    std::iter::from_fn(move || {
        let first = rest.next()?;
        let mut weight_bytes = summary_weight_bytes(&first);
        let mut conversations = vec![first];
        while let Some(next) = rest.next_if(|next| {
            conversations.len() < FRAME_SUMMARIES_MAX
                && weight_bytes + summary_weight_bytes(next) <= FRAME_SUMMARIES_BYTES_MAX
        }) {
            weight_bytes += summary_weight_bytes(&next);
            conversations.push(next);
        }
        Some(Arc::new(Shared::new(AgentEvent::Conversations { conversations }, weight_bytes)))
    })
}

/// Returns the conversations that a frame of them holds.
#[must_use]
pub fn conversations_in(event: &AgentEvent) -> &[ConversationSummary] {
    if let AgentEvent::Conversations { conversations } = event { conversations } else { &[] }
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
