//! What lets an agent or a program in: log-in sessions and API tokens, by the hash of their secret.

use protocol::id::AgentId;
use protocol::time::UnixMillis;

use crate::{SecretHash, StoreError, StoredAgent};

/// A log-in to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The hash of the cookie's secret.
    pub secret: SecretHash,
    /// Who logged in.
    pub agent_id: AgentId,
    /// When.
    pub created_at: UnixMillis,
    /// The first moment it is no longer accepted.
    pub expires_at: UnixMillis,
}

/// An API token to be kept. What is done with it is done in the name of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiToken {
    /// The hash of the token.
    pub secret: SecretHash,
    /// What the owner calls it.
    pub name: String,
    /// In whose name it acts.
    pub agent_id: AgentId,
    /// When it was made.
    pub created_at: UnixMillis,
}

/// Who stands behind a secret that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The agent, with the role they have at this moment.
    pub agent: StoredAgent,
}

/// What lets an agent or a program in.
#[async_trait::async_trait]
pub trait Sessions: Send + Sync {
    /// Keeps a log-in; sessions that have expired by `created_at` are removed on the way.
    ///
    /// # Errors
    /// [`StoreError::NoAgent`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn create_session(&self, session: NewSession) -> Result<(), StoreError>;

    /// Returns who logged in with this secret, unless the session has expired by `now`.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn session(&self, secret: &SecretHash, now: UnixMillis) -> Result<Option<Caller>, StoreError>;

    /// Ends a session; ending it again is fine.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn end_session(&self, secret: &SecretHash) -> Result<(), StoreError>;

    /// Keeps an API token; keeping the same one again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoAgent`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn create_api_token(&self, token: NewApiToken) -> Result<(), StoreError>;

    /// Returns in whose name this token acts.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn api_token(&self, secret: &SecretHash) -> Result<Option<Caller>, StoreError>;
}
