//! Those who answer.

use std::collections::BTreeMap;

use protocol::id::AgentId;
use protocol::people::AgentProfile;
use protocol::time::UnixMillis;

use crate::StoreError;

/// An agent as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAgent {
    /// Name, log-in, role.
    pub profile: AgentProfile,
    /// The Argon2id hash of the password, in PHC format.
    pub password_hash: String,
    /// Whether they asked for no new chats.
    pub is_away: bool,
}

/// An agent to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgent {
    /// Name, log-in, role. The log-in is in lower case and unique.
    pub profile: AgentProfile,
    /// The Argon2id hash of the password, in PHC format.
    pub password_hash: String,
    /// When they are made.
    pub created_at: UnixMillis,
}

/// Those who answer.
#[async_trait::async_trait]
pub trait Agents: Send + Sync {
    /// Stores a new agent.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the log-in is taken; [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn create_agent(&self, agent: NewAgent) -> Result<(), StoreError>;

    /// Returns every agent, ordered by name.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn agents(&self) -> Result<Vec<StoredAgent>, StoreError>;

    /// Returns one agent.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn agent(&self, agent_id: &AgentId) -> Result<Option<StoredAgent>, StoreError>;

    /// Returns the agent with this log-in, which is compared in lower case.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn agent_by_email(&self, email: &str) -> Result<Option<StoredAgent>, StoreError>;

    /// Keeps whether an agent asked for no new chats.
    ///
    /// # Errors
    /// [`StoreError::NoAgent`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn set_away(&self, agent_id: &AgentId, is_away: bool) -> Result<(), StoreError>;

    /// Returns how many conversations that are not DONE each agent has; agents without one are left out.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn open_chats(&self) -> Result<BTreeMap<AgentId, u32>, StoreError>;
}
