//! Touchpoints, and what the data folder is for.

use protocol::id::TouchpointId;
use protocol::touchpoint::Touchpoint;

use crate::StoreError;

/// What the data in a store is for; set once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody's own data.
    Real,
    /// The demo's.
    Demo,
}

/// Touchpoints, and what the data folder is for.
#[async_trait::async_trait]
pub trait Touchpoints: Send + Sync {
    /// Sets the purpose of a store that has none and gives back the one it has now.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn claim(&self, purpose: Purpose) -> Result<Purpose, StoreError>;

    /// Returns every touchpoint, ordered by id.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn touchpoints(&self) -> Result<Vec<Touchpoint>, StoreError>;

    /// Returns one touchpoint.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn touchpoint(&self, touchpoint_id: &TouchpointId) -> Result<Option<Touchpoint>, StoreError>;

    /// Makes the touchpoint, or replaces it if its `config_version` is the one stored. Gives it back with the
    /// next version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was changed meanwhile, or is there already and the version is 0;
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn put_touchpoint(&self, touchpoint: Touchpoint) -> Result<Touchpoint, StoreError>;
}
