//! What became of something that a client wanted to be stored.

use protocol::conversation::ConversationEvent;
use protocol::id::{AttachmentId, ConversationId, MessageId};
use protocol::problem::ProblemCode;
use protocol::time::UnixMillis;

/// A message to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The id its sender made.
    pub message_id: MessageId,
    /// The text.
    pub text: String,
    /// Its files.
    pub attachments: Vec<AttachmentId>,
}

/// The answer to a write. It comes after the commit, never before.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// A message is stored for ever.
    Stored {
        /// Its place, now or from the first time it came in.
        seq: u64,
        /// When it was stored first.
        at: UnixMillis,
        /// The events stored by this write, the message among them; empty when it was there already.
        events: Vec<ConversationEvent>,
    },
    /// Something else is done.
    Done,
    /// Nothing was stored.
    Refused(Refusal),
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ProblemCode,
    /// In words for developers.
    pub detail: String,
    /// When to try again, as far as anybody knows.
    pub retry_after_ms: Option<u32>,
}

/// A passing refusal without a time of its own is tried again after this.
const RETRY_AFTER_MS: u32 = 1_000;

impl Refusal {
    pub(crate) fn new(code: ProblemCode, detail: &str) -> Self {
        Self { code, detail: detail.to_owned(), retry_after_ms: None }
    }

    /// When the client may try again; none when trying again is of no use.
    pub(crate) fn retry_after_ms(&self) -> Option<u32> {
        let is_passing = matches!(self.code, ProblemCode::Busy | ProblemCode::Internal);
        is_passing.then(|| self.retry_after_ms.unwrap_or(RETRY_AFTER_MS))
    }
}
