//! What the log of a conversation shows, on either side.

use protocol::conversation::{Author, ConversationEvent, EventKind, Receipts, Side};
use protocol::id::MessageId;
use protocol::time::UnixMillis;

use crate::outbox::Waiting;

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place; none while the server has not given one.
    pub seq: Option<u64>,
    /// When it was stored, or written.
    pub at: UnixMillis,
    /// Who caused it.
    pub author: Author,
    /// What it is.
    pub kind: EntryKind,
}

/// What a line of the log is.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// A message.
    Message {
        /// The message.
        message_id: MessageId,
        /// Its text.
        text: String,
        /// How far it came; none for messages of the other side.
        state: Option<MessageState>,
    },
    /// Something that happened: a status, an assignment, an answered survey.
    Notice(EventKind),
}

/// How far a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageState {
    /// Refused for good, until it is tried again.
    Failed,
    /// On its way.
    Sending,
    /// Stored for ever.
    Sent,
    /// In the other side's browser.
    Delivered,
    /// On the other side's screen.
    Read,
}

impl Entry {
    pub(crate) fn from_event(event: &ConversationEvent, side: Side, receipts: &Receipts) -> Self {
        let kind = match &event.what {
            EventKind::Message { message_id, text } => EntryKind::Message {
                message_id: message_id.clone(),
                text: text.clone(),
                state: is_own(&event.author, side).then(|| state_of(event.seq, side, receipts)),
            },
            EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => EntryKind::Notice(event.what.clone()),
        };
        Self { seq: Some(event.seq), at: event.at, author: event.author.clone(), kind }
    }

    pub(crate) fn from_waiting(waiting: &Waiting<'_>, author: Author) -> Self {
        let message = waiting.message;
        let state = if message.is_failed {
            MessageState::Failed
        } else if waiting.stored.is_some() {
            MessageState::Sent
        } else {
            MessageState::Sending
        };
        let (seq, at) = match waiting.stored {
            Some((seq, at)) => (Some(seq), at),
            None => (None, message.created_at),
        };
        let (message_id, text) = (message.message_id.clone(), message.text.clone());
        Self { seq, at, author, kind: EntryKind::Message { message_id, text, state: Some(state) } }
    }
}

fn is_own(author: &Author, side: Side) -> bool {
    match side {
        Side::Customer => matches!(author, Author::Customer),
        Side::Agent => matches!(author, Author::Agent { .. }),
    }
}

fn state_of(seq: u64, side: Side, receipts: &Receipts) -> MessageState {
    let (delivered_seq, read_seq) = match side {
        Side::Customer => (receipts.agent_delivered_seq, receipts.agent_read_seq),
        Side::Agent => (receipts.customer_delivered_seq, receipts.customer_read_seq),
    };
    if seq <= read_seq {
        MessageState::Read
    } else if seq <= delivered_seq {
        MessageState::Delivered
    } else {
        MessageState::Sent
    }
}
