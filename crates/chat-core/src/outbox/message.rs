//! A message that waits, as storage keeps it.

use protocol::id::{AttachmentId, ConversationId, MessageId};
use protocol::time::UnixMillis;
use serde::{Deserialize, Serialize};

/// A message that the server may not have yet; the shell keeps it in storage under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMessage {
    /// The message.
    pub message_id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationId,
    /// The text.
    pub text: String,
    /// Its files, at most 10; the message is sent when all of them are uploaded.
    #[serde(default)]
    pub files: Vec<OutboxFile>,
    /// When send was pressed.
    pub created_at: UnixMillis,
    /// Refused for good; it stays until the visitor tries again.
    #[serde(default)]
    pub is_failed: bool,
}

/// A file of a message that waits. Its bytes are with the shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxFile {
    /// Names it in the shell's storage; unique in this browser.
    pub file_id: String,
    /// Its name.
    pub name: String,
    /// Its media type as the browser knows it; may be empty.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// The server's name for it, once it is uploaded whole.
    #[serde(default)]
    pub attachment_id: Option<AttachmentId>,
}

impl OutboxMessage {
    /// Whether nothing is left of it: the visitor took its only file out. It is kept for a while, so that no copy in
    /// another tab takes its place.
    #[must_use]
    pub fn is_taken_back(&self) -> bool {
        self.files.is_empty() && self.text.trim().is_empty()
    }

    /// Whether all of its files are uploaded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.files.iter().all(|file| file.attachment_id.is_some())
    }

    /// What the server calls its files, in order, as far as they are uploaded.
    #[must_use]
    pub fn attachment_ids(&self) -> Vec<AttachmentId> {
        self.files.iter().filter_map(|file| file.attachment_id.clone()).collect()
    }
}
