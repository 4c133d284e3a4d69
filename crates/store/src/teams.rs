//! Agents who answer together.

use protocol::id::TeamId;
use protocol::people::Team;

use crate::StoreError;

/// Agents who answer together.
#[async_trait::async_trait]
pub trait Teams: Send + Sync {
    /// Returns every team, ordered by name.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn teams(&self) -> Result<Vec<Team>, StoreError>;

    /// Makes a team or replaces the one with this id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another team has the name; [`StoreError::NoAgent`], [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn put_team(&self, team: Team) -> Result<(), StoreError>;

    /// Removes a team. Conversations that wait in its queue wait for everybody.
    ///
    /// # Errors
    /// [`StoreError::NoTeam`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn delete_team(&self, team_id: &TeamId) -> Result<(), StoreError>;
}
