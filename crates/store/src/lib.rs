//! Stored models, the traits to reach them, and the test suite every store passes. Nothing here opens a database.
//!
//! Writes are answered after they are on disk, never before. Where a method gives back events, they are the ones
//! this call stored, with the places they got; an empty list means that nothing changed.

mod agents;
mod attachments;
mod cobrowse;
mod conversations;
mod customers;
mod erasure;
mod error;
mod recordings;
mod secret;
mod sessions;
#[cfg(feature = "suite")]
pub mod suite;
mod teams;
mod touchpoints;

pub use agents::{Agents, NewAgent, StoredAgent};
pub use attachments::{Attachments, StoredAttachment, UploadQuota, Uploader};
pub use cobrowse::{CobrowseAudit, CobrowseAudits, CobrowseStep};
pub use conversations::{
    Appended, Assignee, Changed, Conversation, ConversationFilter, Conversations, MessageAuthor,
    MovedReceipts, NewAssignment, NewMessage, PageStart, Reach, SurveyToStore, TakenBack,
    WaitingConversation,
};
pub use customers::{Customer, Customers, NewCustomer};
pub use erasure::{CustomerRecord, Erased, Erasure};
pub use error::StoreError;
pub use recordings::{RecordingAct, RecordingDeed, RecordingSize, Recordings, RecordingsStart};
pub use secret::SecretHash;
pub use sessions::{Caller, NewApiToken, NewSession, Sessions};
pub use teams::Teams;
pub use touchpoints::{Purpose, Touchpoints};

/// Whether a store takes what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Writable,
    /// The disk is full.
    Full,
    /// The disk, or the folder, cannot be written.
    ReadOnly,
}

/// Everything a server keeps.
#[async_trait::async_trait]
pub trait Store:
    Touchpoints
    + Agents
    + Teams
    + Sessions
    + Customers
    + Conversations
    + Attachments
    + Erasure
    + CobrowseAudits
    + Recordings
{
    /// Comes back when everything that was asked for before is on disk.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`] and [`StoreError::Broken`] when the disk refuses.
    async fn flush(&self) -> Result<(), StoreError>;

    /// Whether the last write went through. While it did not, each call tries again with a write of its own, so that
    /// a disk that has room again is noticed without a message.
    async fn health(&self) -> Health;

    /// Writes a copy of everything to a new file while writes go on: as of one moment, whole, and ready to be opened
    /// in place of the original.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the file is there already or cannot be written.
    async fn back_up(&self, file: &std::path::Path) -> Result<(), StoreError>;
}
