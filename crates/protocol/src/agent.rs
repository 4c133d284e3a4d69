//! The agent socket, `/api/v1/socket`: what a console sends and what it receives. JSON text frames; the
//! session cookie and `Origin` are checked at the upgrade. Actions that need no speed go over REST.

use serde::{Deserialize, Serialize};

use crate::cobrowse::{CobrowseEnd, CobrowseSession};
use crate::conversation::{
    ConversationEvent, ConversationHead, ConversationStatus, Receipts, Revision, SurveyResult,
};
use crate::id::{AttachmentId, CobrowseId, ConversationId, MessageId, TouchpointId};
use crate::people::{AgentPresence, AgentProfile, CustomerProfile, Team};
use crate::problem::ProblemCode;
use crate::time::UnixMillis;
use crate::visitor::Cursor;

/// A conversation as the inbox shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// Status, head, assignee, receipts.
    #[serde(flatten)]
    pub head: ConversationHead,
    /// The touchpoint it came in by.
    pub touchpoint_id: TouchpointId,
    /// The touchpoint's name.
    pub touchpoint_name: String,
    /// Who writes.
    pub customer: CustomerProfile,
    /// The last message, shortened to 140 characters.
    pub last_message: Option<LastMessage>,
    /// Messages of the customer that no agent has read.
    pub unread_count: u32,
    /// The survey's answers, once there are any.
    pub survey: Option<SurveyResult>,
    /// A co-browse session that is asked for or live, without a ticket.
    pub cobrowse: Option<CobrowseSession>,
    /// Whether the touchpoint allows co-browsing.
    pub may_cobrowse: bool,
    /// Whether the visitor offers to show their page; asking for it takes the offer up.
    #[serde(default)]
    pub is_page_offered: bool,
    /// When it began.
    pub created_at: UnixMillis,
    /// Since when it waits for an agent; none while somebody has it, or it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<UnixMillis>,
    /// When the last event was stored.
    pub updated_at: UnixMillis,
}

/// The last message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// `customer`, `agent` or `system`.
    pub side: String,
    /// The beginning of the text; empty beside files, or when it was taken back.
    pub text: String,
    /// Whether it still is what was written first.
    #[serde(default, skip_serializing_if = "Revision::is_original")]
    pub revision: Revision,
    /// When it was stored.
    pub at: UnixMillis,
}

/// What a console sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentCommand {
    /// The first frame; within 10 s.
    Hello {
        /// The protocol version of the client.
        protocol: u32,
        /// What the client has of the conversations it watches.
        cursors: Vec<Cursor>,
    },
    /// Sends this conversation's events from now on, beginning with those after the cursor.
    Watch {
        /// The conversation and the last seq the client has.
        cursor: Cursor,
    },
    /// Ends `watch`.
    Unwatch {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// Stores a message once per id. An unassigned conversation becomes the sender's.
    Send {
        /// The conversation.
        conversation_id: ConversationId,
        /// The message, made by the client.
        message_id: MessageId,
        /// The text, at most 4000 characters; empty only beside attachments.
        text: String,
        /// Files that were uploaded whole by the sender and belong to no message yet, at most 10.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentId>,
    },
    /// The agent is writing, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// Whether they are writing.
        is_typing: bool,
    },
    /// How far the agent has received and read.
    Receipt {
        /// The conversation.
        conversation_id: ConversationId,
        /// Everything up to here is in the console.
        delivered_seq: u64,
        /// Everything up to here was on the screen.
        read_seq: u64,
    },
    /// The answer to a ping, or a probe of the client's own: the server answers a probe with a ping.
    Pong {
        /// Whether the client wants a ping back at once.
        #[serde(default)]
        is_probe: bool,
    },
}

/// What a console receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentEvent {
    /// The hello was accepted: the whole inbox follows in this frame.
    Welcome {
        /// The agent.
        agent: AgentProfile,
        /// The server's clock.
        server_time: UnixMillis,
        /// Every agent.
        agents: Vec<AgentPresence>,
        /// Every team.
        #[serde(default)]
        teams: Vec<Team>,
        /// Conversations that are not DONE, and the newest 50 that are; newest change first.
        conversations: Vec<ConversationSummary>,
    },
    /// Conversations are new or changed, each at most once.
    Conversations {
        /// As they stand now.
        conversations: Vec<ConversationSummary>,
    },
    /// Events of a watched conversation in order of seq, new or missed.
    Events {
        /// The conversation.
        conversation_id: ConversationId,
        /// The events, at least one.
        events: Vec<ConversationEvent>,
    },
    /// Too much was missed: read it over HTTP from `after_seq`.
    Reset {
        /// The conversation.
        conversation_id: ConversationId,
        /// The last seq the server believes the client has.
        after_seq: u64,
    },
    /// The message is stored for ever.
    Ack {
        /// The conversation.
        conversation_id: ConversationId,
        /// The message.
        message_id: MessageId,
        /// Its place.
        seq: u64,
        /// When it was stored.
        at: UnixMillis,
    },
    /// The message was not stored.
    Refused {
        /// The message.
        message_id: MessageId,
        /// Why.
        code: ProblemCode,
        /// Try again after this time; none means that trying again is of no use.
        retry_after_ms: Option<u32>,
    },
    /// How far each side has received and read, of a watched conversation.
    Receipts {
        /// The conversation.
        conversation_id: ConversationId,
        /// The positions.
        receipts: Receipts,
    },
    /// The customer is writing, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// Whether they are writing.
        is_typing: bool,
    },
    /// An agent's presence changed.
    Agents {
        /// Every agent.
        agents: Vec<AgentPresence>,
    },
    /// Conversations were erased for good.
    Erased {
        /// Which.
        conversation_ids: Vec<ConversationId>,
    },
    /// The teams changed.
    Teams {
        /// Every team.
        teams: Vec<Team>,
    },
    /// A session this agent asked for became live; with the agent's ticket.
    Cobrowse {
        /// The session.
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
    /// Heartbeat; the client answers from the message handler.
    Ping {
        /// The server's clock.
        server_time: UnixMillis,
        /// The last seq of each watched conversation.
        heads: Vec<Cursor>,
    },
    /// The server goes down for a moment: connect again after this time.
    Moving {
        /// Wait this long, then connect again.
        reconnect_after_ms: u32,
    },
    /// A command could not be carried out.
    Error {
        /// Why.
        code: ProblemCode,
        /// What was wrong, in words for developers.
        detail: String,
    },
}

/// Whether a conversation in this state stands in the inbox's open part.
#[must_use]
pub fn is_open(status: ConversationStatus) -> bool {
    status != ConversationStatus::Done
}
