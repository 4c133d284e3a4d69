//! Recordings of co-browse sessions as supervisors and admins see them. The frames themselves are the `cobrowse` crate's.

use serde::{Deserialize, Serialize};

use crate::id::{CobrowseId, ConversationId, CustomerId, RecordingId};
use crate::people::AgentRef;
use crate::time::UnixMillis;

/// Why nothing more was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingEnd {
    /// The session was over.
    Session,
    /// It is as large, or as long, as one recording may be; the session went on.
    Limit,
    /// The disk had no room, or could not be written; the session went on.
    Disk,
    /// The server was stopped in the middle; what had come until then is there.
    Server,
}

/// One recording, without its frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The recording.
    pub recording_id: RecordingId,
    /// The session it is of.
    pub cobrowse_id: CobrowseId,
    /// The conversation the session belonged to.
    pub conversation_id: ConversationId,
    /// Whose page it shows.
    pub customer_id: CustomerId,
    /// What they are called.
    pub customer_name: String,
    /// Who saw the page.
    pub agent: AgentRef,
    /// When the visitor allowed it.
    pub begun_at: UnixMillis,
    /// When nothing more was recorded, and why; none while it goes on.
    pub ended: Option<RecordingEnded>,
    /// The size of its file in bytes; 0 while it goes on.
    pub bytes: u64,
    /// From its first frame to its end, in milliseconds; 0 while it goes on.
    pub duration_ms: u64,
}

/// The end of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingEnded {
    /// When.
    pub at: UnixMillis,
    /// Why.
    pub by: RecordingEnd,
}

/// A page of recordings: `GET /api/v1/recordings?conversation_id=…&cursor=…&limit=…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingsPage {
    /// Recordings, newest first.
    pub recordings: Vec<Recording>,
    /// Where the next page begins; none on the last.
    pub next_cursor: Option<String>,
}

/// One recording with what a player has to know of its frames: `GET /api/v1/recordings/{recording_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingDetail {
    /// The recording. Of one that goes on, size and duration are those of the moment.
    pub recording: Recording,
    /// Where playing can begin, in order of time.
    pub keyframes: Vec<KeyframeMark>,
    /// Stretches in which nothing happened, in order of time; they do not overlap.
    pub quiet: Vec<Quiet>,
    /// Who watched it, the last first, at most 20.
    pub views: Vec<RecordingView>,
    /// Where its player asks for files of other sites: the beginning of an address, which the file's own follows,
    /// percent-encoded. None when the server does not fetch them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets: Option<String>,
}

/// A place where playing can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyframeMark {
    /// From when on the page can be shown, in milliseconds from the first frame.
    pub at_ms: u64,
    /// Where its first frame stands in the file, in bytes.
    pub offset: u64,
}

/// A stretch in which nothing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// Its begin, in milliseconds from the first frame.
    pub from_ms: u64,
    /// Its end.
    pub to_ms: u64,
    /// Whether the page was hidden.
    pub is_paused: bool,
}

/// Somebody watched a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingView {
    /// Who.
    pub agent: AgentRef,
    /// When they began to.
    pub at: UnixMillis,
}
