//! What the log of a conversation shows, on either side.

use protocol::attachment::Attachment;
use protocol::conversation::{Author, ConversationEvent, EventKind, Receipts, Revision, Side};
use protocol::id::{AttachmentId, MessageId};
use protocol::time::UnixMillis;

use crate::outbox::{OutboxFile, Waiting};
use crate::uploads::Uploads;

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
        /// Its text; empty beside files, or when it was taken back.
        text: String,
        /// Its files.
        files: Vec<EntryFile>,
        /// Whether it still is what was written first.
        revision: Revision,
        /// How far it came; none for messages of the other side.
        state: Option<MessageState>,
    },
    /// Something that happened: a status, an assignment, an answered survey.
    Notice(EventKind),
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// The server's name for it, once it has it whole.
    pub attachment_id: Option<AttachmentId>,
    /// Its name in the shell's storage, while its message waits.
    pub file_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Bytes the server has of it; none while its upload has not begun, or after.
    pub sent_bytes: Option<u64>,
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
            EventKind::Message { message_id, text, attachments, revision } => EntryKind::Message {
                message_id: message_id.clone(),
                text: text.clone(),
                files: attachments.iter().map(EntryFile::stored).collect(),
                revision: *revision,
                state: is_own(&event.author, side).then(|| state_of(event.seq, side, receipts)),
            },
            EventKind::Edited { .. }
            | EventKind::Deleted { .. }
            | EventKind::Status { .. }
            | EventKind::Assigned { .. }
            | EventKind::SurveyAnswered
            | EventKind::Unknown => EntryKind::Notice(event.what.clone()),
        };
        Self { seq: Some(event.seq), at: event.at, author: event.author.clone(), kind }
    }

    pub(crate) fn from_waiting(waiting: &Waiting<'_>, author: Author, uploads: &Uploads) -> Self {
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
        let files = message.files.iter().map(|file| EntryFile::waiting(file, uploads)).collect();
        let kind =
            EntryKind::Message { message_id, text, files, revision: Revision::Original, state: Some(state) };
        Self { seq, at, author, kind }
    }
}

impl EntryFile {
    fn stored(attachment: &Attachment) -> Self {
        Self {
            attachment_id: Some(attachment.attachment_id.clone()),
            file_id: None,
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            bytes: attachment.bytes,
            sent_bytes: None,
        }
    }

    fn waiting(file: &OutboxFile, uploads: &Uploads) -> Self {
        Self {
            attachment_id: file.attachment_id.clone(),
            file_id: Some(file.file_id.clone()),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            sent_bytes: uploads.sent_bytes(&file.file_id),
        }
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
