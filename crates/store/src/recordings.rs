//! The record of recordings: which session each is of, how large it is, who watched it and who deleted it. The frames
//! themselves are files, and not a store's.

use protocol::id::{CobrowseId, ConversationId, RecordingId, TouchpointId};
use protocol::people::AgentRef;
use protocol::recording::{Recording, RecordingEnded};
use protocol::time::UnixMillis;

use crate::StoreError;

/// How large a recording has become when nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingSize {
    /// The size of its file.
    pub bytes: u64,
    /// From its first frame to its end.
    pub duration_ms: u64,
}

/// Where a page of recordings begins: behind this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingsStart {
    /// When it began.
    pub begun_at: UnixMillis,
    /// The recording.
    pub recording_id: RecordingId,
}

/// What somebody did with a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingDeed {
    /// They watched it.
    Viewed,
    /// They deleted it.
    Deleted,
}

/// One entry of the record of who did what with a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingAct {
    /// What was done.
    pub deed: RecordingDeed,
    /// By whom.
    pub agent: AgentRef,
    /// When.
    pub at: UnixMillis,
}

/// The record of recordings.
#[async_trait::async_trait]
pub trait Recordings: Send + Sync {
    /// Notes a recording of a session before its first frame is kept, and with the session that it was recorded.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the session is not there or has one already; [`StoreError::Busy`] and
    /// [`StoreError::Broken`].
    async fn begin_recording(
        &self,
        recording_id: &RecordingId,
        cobrowse_id: &CobrowseId,
        at: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Notes that nothing more comes; the first end stays. A recording that is gone meanwhile is none to note.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn end_recording(
        &self,
        recording_id: &RecordingId,
        ended: RecordingEnded,
        size: RecordingSize,
    ) -> Result<(), StoreError>;

    /// Returns one recording.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn recording(&self, recording_id: &RecordingId) -> Result<Option<Recording>, StoreError>;

    /// Returns recordings, of one conversation or of all, newest first.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn recordings(
        &self,
        conversation_id: Option<ConversationId>,
        start: Option<RecordingsStart>,
        limit: usize,
    ) -> Result<Vec<Recording>, StoreError>;

    /// Returns the recordings whose end was never noted, as the process ended before.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn unended_recordings(&self) -> Result<Vec<RecordingId>, StoreError>;

    /// Returns those of the ids that no recording has.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn unknown_recordings(&self, ids: Vec<RecordingId>) -> Result<Vec<RecordingId>, StoreError>;

    /// Returns ended recordings of a touchpoint that began before, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn recordings_before(
        &self,
        touchpoint_id: &TouchpointId,
        before: UnixMillis,
        limit: usize,
    ) -> Result<Vec<RecordingId>, StoreError>;

    /// Notes that somebody watches a recording, unless they began to after `since` already.
    ///
    /// # Errors
    /// [`StoreError::NoRecording`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn note_recording_view(
        &self,
        recording_id: &RecordingId,
        agent: AgentRef,
        at: UnixMillis,
        since: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Forgets a recording; who deleted it is noted, if it was somebody. What was done with it stays on record as long
    /// as its conversation.
    ///
    /// # Errors
    /// [`StoreError::NoRecording`], [`StoreError::Busy`] and [`StoreError::Broken`].
    async fn delete_recording(
        &self,
        recording_id: &RecordingId,
        by: Option<AgentRef>,
        at: UnixMillis,
    ) -> Result<(), StoreError>;

    /// Returns what was done with a recording, the last first, also when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Broken`].
    async fn recording_acts(
        &self,
        recording_id: &RecordingId,
        limit: usize,
    ) -> Result<Vec<RecordingAct>, StoreError>;
}
