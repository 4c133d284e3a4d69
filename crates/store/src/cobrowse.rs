//! The record of who asked to see a page, whether it was allowed, and how it ended.

use protocol::cobrowse::CobrowseEnd;
use protocol::id::{CobrowseId, ConversationId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;

use crate::StoreError;

/// One co-browse session as it is kept. It holds nothing of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CobrowseAudit {
    /// The session.
    pub cobrowse_id: CobrowseId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Who asked.
    pub agent: AgentRef,
    /// When they asked.
    pub asked_at: UnixMillis,
    /// When the visitor allowed it.
    pub granted_at: Option<UnixMillis>,
    /// Whether it was recorded.
    pub is_recorded: bool,
    /// When it was over, and how.
    pub ended: Option<(UnixMillis, CobrowseEnd)>,
}

/// Something that was asked, given or done in a session. It holds nothing of the page and nothing that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CobrowseStep {
    /// The agent it is about.
    pub agent: AgentRef,
    /// When it was done, or first of several times.
    pub at: UnixMillis,
    /// What: `offer`, `code`, `ask`, `grant`, `release`, `revoke`, `watch`, or the name of an action, as `click`.
    pub what: String,
    /// What came of it: of an action its outcome, as `done`; else the scopes it was about.
    pub outcome: String,
    /// How many times in a row.
    pub times: u32,
}

/// The record of co-browse sessions.
#[async_trait::async_trait]
pub trait CobrowseAudits: Send + Sync {
    /// Records that an agent asked.
    ///
    /// # Errors
    /// [`StoreError::NoConversation`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn cobrowse_asked(
        &self,
        cobrowse_id: &CobrowseId,
        conversation_id: &ConversationId,
        agent: AgentRef,
        at: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Records that the visitor allowed it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn cobrowse_granted(&self, cobrowse_id: &CobrowseId, at: UnixMillis) -> Result<(), StoreError>;

    /// Records that it is over; the first end stays.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn cobrowse_ended(
        &self,
        cobrowse_id: &CobrowseId,
        end: CobrowseEnd,
        at: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Records a step of a session.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`], which is also a session that is not there.
    async fn cobrowse_step(&self, cobrowse_id: &CobrowseId, step: CobrowseStep) -> Result<(), StoreError>;

    /// Returns the steps of a session in their order.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn cobrowse_steps(&self, cobrowse_id: &CobrowseId) -> Result<Vec<CobrowseStep>, StoreError>;

    /// Returns the sessions of a conversation in the order they were asked for.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn cobrowse_audits(
        &self,
        conversation_id: &ConversationId,
    ) -> Result<Vec<CobrowseAudit>, StoreError>;
}
