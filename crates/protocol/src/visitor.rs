//! The visitor socket, `/client/v1/socket`: what a widget sends and what it receives. JSON text frames.

use serde::{Deserialize, Serialize};

use crate::cobrowse::{CobrowseEnd, CobrowseSession};
use crate::conversation::{ConversationEvent, ConversationHead, Receipts};
use crate::id::{AttachmentId, CobrowseId, ConversationId, CustomerId, MessageId, TouchpointId};
use crate::people::{Identity, Page};
use crate::problem::ProblemCode;
use crate::survey::SurveyAnswers;
use crate::time::UnixMillis;

/// The last seq a client has of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The last seq without a gap before it; 0 for none.
    pub seq: u64,
}

/// What a widget sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorCommand {
    /// The first frame; at most 32 KiB, within 10 s.
    Hello {
        /// The protocol version of the client.
        protocol: u32,
        /// The touchpoint.
        touchpoint_id: TouchpointId,
        /// The visitor's token.
        token: String,
        /// What the client has; the server sends what comes after.
        cursors: Vec<Cursor>,
        /// The page the visitor is on; texts that are too long are cut.
        page: Page,
        /// Names the tab across reloads: random, made by the page, at most 64 characters; empty means none.
        #[serde(default)]
        page_key: String,
    },
    /// Stores a message once per id; makes the conversation if the id is new.
    Send {
        /// The conversation, made by the client.
        conversation_id: ConversationId,
        /// The message, made by the client.
        message_id: MessageId,
        /// The text, at most 4000 characters; empty only beside attachments.
        text: String,
        /// Files that were uploaded whole by the sender and belong to no message yet, at most 10.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentId>,
    },
    /// The visitor is writing, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// Whether they are writing.
        is_typing: bool,
    },
    /// How far the visitor has received and read.
    Receipt {
        /// The conversation.
        conversation_id: ConversationId,
        /// Everything up to here is in the browser.
        delivered_seq: u64,
        /// Everything up to here was on the screen.
        read_seq: u64,
    },
    /// The visitor is on another page.
    Page {
        /// The page.
        page: Page,
    },
    /// The site says who the visitor is; unsigned, shown as such.
    Identify {
        /// What it says.
        identity: Identity,
    },
    /// The visitor ends the chat.
    End {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// The answers of the survey; stored once, the same again is fine. Empty answers mean it was skipped.
    Survey {
        /// The conversation.
        conversation_id: ConversationId,
        /// The answers.
        answers: SurveyAnswers,
    },
    /// The visitor agreed to share the page, or not.
    CobrowseConsent {
        /// The session that was asked for.
        cobrowse_id: CobrowseId,
        /// Whether they agreed.
        is_allowed: bool,
    },
    /// The visitor ends the sharing.
    CobrowseStop {
        /// The session.
        cobrowse_id: CobrowseId,
    },
    /// The answer to a ping, or a probe of the client's own: the server answers a probe with a ping.
    Pong {
        /// Whether the client wants a ping back at once.
        #[serde(default)]
        is_probe: bool,
    },
}

/// What a widget receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorEvent {
    /// The hello was accepted. What the client missed follows as `events`.
    Welcome {
        /// The customer.
        customer_id: CustomerId,
        /// The server's clock.
        server_time: UnixMillis,
        /// The customer's conversations at this touchpoint, newest first, at most 50.
        conversations: Vec<ConversationHead>,
        /// A co-browse session that is asked for or live.
        cobrowse: Option<CobrowseSession>,
    },
    /// Events of one conversation in order of seq, new or missed.
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
    /// How far each side has received and read.
    Receipts {
        /// The conversation.
        conversation_id: ConversationId,
        /// The positions.
        receipts: Receipts,
    },
    /// The agent is writing, or stopped.
    Typing {
        /// The conversation.
        conversation_id: ConversationId,
        /// The agent's name.
        name: String,
        /// Whether they are writing.
        is_typing: bool,
    },
    /// The answers are stored.
    SurveyStored {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// A co-browse session was asked for, or is live now; with the visitor's ticket when live.
    Cobrowse {
        /// The session.
        session: CobrowseSession,
    },
    /// A co-browse session is over.
    CobrowseEnded {
        /// The session.
        cobrowse_id: CobrowseId,
        /// How it ended.
        end: CobrowseEnd,
    },
    /// Heartbeat; the client answers from the message handler.
    Ping {
        /// The server's clock.
        server_time: UnixMillis,
        /// The last seq of each conversation, so that a lost event shows.
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
