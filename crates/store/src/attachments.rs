//! Files of messages: what is known of them. Their bytes are kept elsewhere.

use protocol::attachment::Attachment;
use protocol::id::{AgentId, AttachmentId, ConversationId, CustomerId};
use protocol::time::UnixMillis;

use crate::StoreError;

/// Who sends a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uploader {
    /// A customer.
    Customer(CustomerId),
    /// An agent.
    Agent(AgentId),
}

/// How many bytes of files a customer may have; none means no limit. What was announced counts, whether it is here or
/// not. Agents have no quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UploadQuota {
    /// Of files that belong to no message yet.
    pub unsent_bytes: Option<u64>,
    /// Of all.
    pub all_bytes: Option<u64>,
}

/// A file as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAttachment {
    /// Id, name, media type, size.
    pub attachment: Attachment,
    /// Who sends it.
    pub uploader: Uploader,
    /// Whether its bytes are kept, all of them.
    pub is_whole: bool,
    /// The conversation of the message it belongs to; none before that.
    pub conversation_id: Option<ConversationId>,
    /// Whose conversation that is.
    pub customer_id: Option<CustomerId>,
    /// When its upload began.
    pub created_at: UnixMillis,
}

/// Files of messages: what is known of them.
#[async_trait::async_trait]
pub trait Attachments: Send + Sync {
    /// Notes that an upload begins.
    ///
    /// # Errors
    /// [`StoreError::TooManyUploads`] when the uploader has `UPLOADS_OPEN_MAX` that belong to no message;
    /// [`StoreError::TooManyUnsentBytes`] and [`StoreError::TooManyBytes`] when a customer would be over the quota;
    /// [`StoreError::NoCustomer`], [`StoreError::NoAgent`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn begin_upload(
        &self,
        attachment: Attachment,
        uploader: Uploader,
        quota: UploadQuota,
        at: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Notes that the bytes are kept, with the media type they turned out to have. Again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoAttachment`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn finish_upload(&self, attachment_id: &AttachmentId, media_type: String)
    -> Result<(), StoreError>;

    /// Returns one file.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn attachment(&self, attachment_id: &AttachmentId) -> Result<Option<StoredAttachment>, StoreError>;

    /// Forgets a file that belongs to no message; its bytes are to be removed.
    ///
    /// # Errors
    /// [`StoreError::NoAttachment`] when it is not there or belongs to a message; [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn forget_upload(&self, attachment_id: &AttachmentId) -> Result<(), StoreError>;

    /// Returns files that belong to no message and were begun before `before`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn stale_uploads(&self, before: UnixMillis, limit: usize) -> Result<Vec<AttachmentId>, StoreError>;

    /// Returns, of these, those the store knows nothing of: what is kept for them can go.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn unknown_attachments(&self, ids: Vec<AttachmentId>) -> Result<Vec<AttachmentId>, StoreError>;
}
