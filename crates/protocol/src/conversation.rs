//! Conversations: their events in order, their states, and what both sides see of them.

use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::id::{AgentId, ConversationId, MessageId};
use crate::people::{AgentRef, TeamRef};
use crate::survey::SurveyAnswers;
use crate::time::UnixMillis;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConversationStatus {
    /// Nobody has answered the last customer message.
    Unread,
    /// It is being worked on.
    Unresolved,
    /// It is closed.
    Done,
}

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    /// The customer of the conversation.
    Customer,
    /// An agent, with the name that was shown at the time.
    Agent {
        /// The agent's id.
        agent_id: AgentId,
        /// The name as shown to the visitor.
        name: String,
    },
    /// Tandem itself.
    System,
}

impl Author {
    /// The side as tests and styles know it: `customer`, `agent` or `system`.
    #[must_use]
    pub fn side(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent { .. } => "agent",
            Self::System => "system",
        }
    }
}

/// One thing that happened in a conversation, at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationEvent {
    /// The place: 1, 2, 3 … without gaps, given by the server.
    pub seq: u64,
    /// When the server stored it.
    pub at: UnixMillis,
    /// Who caused it.
    pub author: Author,
    /// What happened.
    pub what: EventKind,
}

/// What happened in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// A message was written.
    Message {
        /// The id its sender made.
        message_id: MessageId,
        /// The text as it stands, at most 4000 characters; the Markdown subset of `chat-core`'s markup. Empty only
        /// beside attachments, or when the message was deleted.
        text: String,
        /// Its files, at most 10; none once it was deleted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// Whether it still is what was written first.
        #[serde(default, skip_serializing_if = "Revision::is_original")]
        revision: Revision,
    },
    /// A message got another text. The message's own event carries that text from then on.
    Edited {
        /// The message.
        message_id: MessageId,
        /// The new text; empty once the message was edited again or deleted.
        text: String,
    },
    /// A message was taken back: its text and files are gone, its place stays.
    Deleted {
        /// The message.
        message_id: MessageId,
    },
    /// The status changed.
    Status {
        /// The new status.
        status: ConversationStatus,
    },
    /// The conversation was given to an agent, to a team, or to nobody.
    Assigned {
        /// Who answers now; none when it waits.
        agent: Option<AgentRef>,
        /// The team that answers it, or whose queue it waits in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamRef>,
        /// What whoever gave it away had to say. For agents only: visitors never receive it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The survey of the conversation was answered. The answers themselves are not part of the event.
    SurveyAnswered,
    /// A kind this build does not know; it keeps its place in the order and is not shown.
    #[serde(other)]
    Unknown,
}

/// Whether a message still is what was written first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// As it was written.
    #[default]
    Original,
    /// An agent gave it another text.
    Edited,
    /// An agent took it back.
    Deleted,
}

impl Revision {
    /// Whether it is as it was written.
    #[must_use]
    pub fn is_original(&self) -> bool {
        *self == Self::Original
    }
}

impl ConversationEvent {
    /// Returns the event as this side may see it.
    #[must_use]
    pub fn seen_by(mut self, side: Side) -> Self {
        if side == Side::Customer
            && let EventKind::Assigned { note, .. } = &mut self.what
        {
            *note = None;
        }
        self
    }
}

/// How far each side has received and read, by seq. `read_seq` is never above `delivered_seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipts {
    /// The customer's browser has everything up to here.
    pub customer_delivered_seq: u64,
    /// The customer has read up to here.
    pub customer_read_seq: u64,
    /// An agent's console has everything up to here.
    pub agent_delivered_seq: u64,
    /// An agent has read up to here.
    pub agent_read_seq: u64,
}

impl Receipts {
    /// What a side says of itself. What was read was delivered.
    #[must_use]
    pub fn of(side: Side, delivered_seq: u64, read_seq: u64) -> Self {
        let delivered_seq = delivered_seq.max(read_seq);
        match side {
            Side::Customer => {
                Self { customer_delivered_seq: delivered_seq, customer_read_seq: read_seq, ..Self::default() }
            }
            Side::Agent => {
                Self { agent_delivered_seq: delivered_seq, agent_read_seq: read_seq, ..Self::default() }
            }
        }
    }

    /// Moves forward to what others say. Returns whether anything moved.
    pub fn merge(&mut self, news: &Self) -> bool {
        let merged = Self {
            customer_delivered_seq: self.customer_delivered_seq.max(news.customer_delivered_seq),
            customer_read_seq: self.customer_read_seq.max(news.customer_read_seq),
            agent_delivered_seq: self.agent_delivered_seq.max(news.agent_delivered_seq),
            agent_read_seq: self.agent_read_seq.max(news.agent_read_seq),
        };
        let has_moved = merged != *self;
        *self = merged;
        has_moved
    }
}

/// A side of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The customer.
    Customer,
    /// The agents.
    Agent,
}

/// What a client needs to know of a conversation besides its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationHead {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Where it stands.
    pub status: ConversationStatus,
    /// The last seq given; 0 when nothing happened yet.
    pub head_seq: u64,
    /// Who answers it.
    pub assignee: Option<AgentRef>,
    /// The team that answers it, or whose queue it waits in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamRef>,
    /// How far each side has received and read.
    pub receipts: Receipts,
    /// Whether its survey was answered or skipped.
    pub is_survey_done: bool,
}

/// The survey's answers as stored beside a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurveyResult {
    /// When they were stored.
    pub at: UnixMillis,
    /// The answers, in the order of the questions, with the questions' labels as they were shown.
    pub answers: SurveyAnswers,
}
