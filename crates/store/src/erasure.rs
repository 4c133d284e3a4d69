//! Forgetting for good, and giving out what is known.

use protocol::id::{AttachmentId, ConversationId, CustomerId, RecordingId, TouchpointId};
use protocol::time::UnixMillis;

use crate::{Conversation, Customer, StoreError};

/// What is known of a customer, but for the events of their conversations, which are read page by page.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRecord {
    /// Name, address, labels, notes, page.
    pub customer: Customer,
    /// All their conversations, oldest first.
    pub conversations: Vec<Conversation>,
}

/// What was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erased {
    /// The conversations that are gone.
    pub conversation_ids: Vec<ConversationId>,
    /// How many customers are gone.
    pub customers: usize,
    /// The files that are gone: their bytes are to be removed.
    pub attachment_ids: Vec<AttachmentId>,
    /// The recordings that are gone: their bytes are to be removed as well.
    pub recording_ids: Vec<RecordingId>,
    /// Whether bytes of it are still in a file of the store: see [`Erasure::finish_erasure`].
    pub is_scrub_due: bool,
}

/// Forgetting for good, and giving out what is known.
#[async_trait::async_trait]
pub trait Erasure: Send + Sync {
    /// Returns what is known of a customer.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn customer_record(&self, customer_id: &CustomerId) -> Result<Option<CustomerRecord>, StoreError>;

    /// Erases a customer with all that belongs to them: conversations, events, surveys, files, sessions. When it
    /// comes back, no byte of it is left in any file of the store, unless the answer says that this is still due.
    ///
    /// # Errors
    /// [`StoreError::NoCustomer`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn erase_customer(&self, customer_id: &CustomerId) -> Result<Erased, StoreError>;

    /// Erases conversations of a touchpoint that were closed and not changed since `before`, at most `limit`, and the
    /// customers that have none left and were last seen before, at most `limit` as well. Their bytes are removed by
    /// [`Erasure::finish_erasure`], once for as many calls as there were, or by the next start.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn erase_closed_before(
        &self,
        touchpoint_id: &TouchpointId,
        before: UnixMillis,
        limit: usize,
    ) -> Result<Erased, StoreError>;

    /// Removes the bytes of what was erased before, if some are left.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while somebody else reads in the files, a backup say; [`StoreError::Broken`].
    async fn finish_erasure(&self) -> Result<(), StoreError>;
}
