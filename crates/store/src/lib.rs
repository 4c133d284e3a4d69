//! Stored models, the traits to reach them, and the test suite every store passes. Nothing here opens a database.
//!
//! Writes are answered after they are on disk, never before. Where a method gives back events, they are the ones
//! this call stored, with the places they got; an empty list means that nothing changed.

mod agents;
mod cobrowse;
mod conversations;
mod customers;
mod error;
mod secret;
mod sessions;
#[cfg(feature = "suite")]
pub mod suite;
mod touchpoints;

pub use agents::{Agents, NewAgent, StoredAgent};
pub use cobrowse::{CobrowseAudit, CobrowseAudits};
pub use conversations::{
    Appended, Changed, Conversation, ConversationFilter, Conversations, MessageAuthor, MovedReceipts,
    NewMessage, PageStart, SurveyToStore,
};
pub use customers::{Customer, Customers, NewCustomer};
pub use error::StoreError;
pub use secret::SecretHash;
pub use sessions::{Caller, NewApiToken, NewSession, Sessions};
pub use touchpoints::{Purpose, Touchpoints};

/// Everything a server keeps.
#[async_trait::async_trait]
pub trait Store: Touchpoints + Agents + Sessions + Customers + Conversations + CobrowseAudits {
    /// Comes back when everything that was asked for before is on disk.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the disk refuses.
    async fn flush(&self) -> Result<(), StoreError>;
}
