//! Recordings: listed, looked at, fetched piece by piece, deleted.

use browser::fetch::{request, request_bytes, request_empty};
use browser::{FetchError, Method};
use js_sys::ArrayBuffer;
use protocol::id::{ConversationId, RecordingId};
use protocol::recording::{RecordingDetail, RecordingsPage};

const RECORDINGS: &str = "/api/v1/recordings";

/// Returns a page of recordings, of one conversation or of all, newest first.
pub(crate) async fn list(
    conversation_id: Option<&ConversationId>,
    cursor: Option<&str>,
) -> Result<RecordingsPage, FetchError> {
    // Ids and cursors come from the server and hold nothing that needs escaping.
    let of = conversation_id.map(|id| format!("&conversation_id={id}")).unwrap_or_default();
    let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    request(Method::Get, &format!("{RECORDINGS}?limit=50{of}{after}"), None, None).await
}

/// Returns one recording with what a player has to know.
pub(crate) async fn show(recording_id: &RecordingId) -> Result<RecordingDetail, FetchError> {
    request(Method::Get, &format!("{RECORDINGS}/{recording_id}"), None, None).await
}

/// Returns a piece of its file from this byte on.
pub(crate) async fn piece(recording_id: &RecordingId, from: u64) -> Result<ArrayBuffer, FetchError> {
    request_bytes(&format!("{RECORDINGS}/{recording_id}/frames?from={from}&limit=262144")).await
}

/// Deletes it.
pub(crate) async fn delete(recording_id: &RecordingId) -> Result<(), FetchError> {
    request_empty(Method::Delete, &format!("{RECORDINGS}/{recording_id}"), None, None).await
}
