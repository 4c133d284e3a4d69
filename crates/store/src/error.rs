//! Why a store did not do what it was asked for.

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// More is waiting to be written than the queue may hold; nothing was stored.
    #[error("the writer is busy")]
    Busy,
    /// The conversation is not there, or belongs to another customer.
    #[error("no such conversation")]
    NoConversation,
    /// The customer is not there.
    #[error("no such customer")]
    NoCustomer,
    /// The agent is not there.
    #[error("no such agent")]
    NoAgent,
    /// The team is not there.
    #[error("no such team")]
    NoTeam,
    /// The message is not there, or was taken back.
    #[error("no such message")]
    NoMessage,
    /// The recording is not there.
    #[error("no such recording")]
    NoRecording,
    /// The file is not there, not whole, or not for this.
    #[error("no such attachment")]
    NoAttachment,
    /// It is there, and not for the one who asks.
    #[error("forbidden")]
    Forbidden,
    /// The sender has as many unfinished uploads as one may have.
    #[error("too many uploads")]
    TooManyUploads,
    /// The sender has as many bytes of unsent files as one may have.
    #[error("too many bytes of unsent files")]
    TooManyUnsentBytes,
    /// The sender has as many bytes of files as one may have.
    #[error("too many bytes of files")]
    TooManyBytes,
    /// The disk is full or cannot be written; nothing was stored, and the same can be tried again later.
    #[error("the disk cannot be written")]
    Unwritable,
    /// The touchpoint is not there.
    #[error("no such touchpoint")]
    NoTouchpoint,
    /// The customer has as many open conversations as one may have.
    #[error("too many open conversations")]
    TooManyConversations,
    /// The same id with another content, or a state that has moved on.
    #[error("conflict")]
    Conflict,
    /// The database or the disk refused; nothing was stored. The text is for logs, not for clients.
    #[error("store broken: {0}")]
    Broken(String),
}
