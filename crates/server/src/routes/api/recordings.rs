//! Recordings: listed, looked at, watched, deleted. Each time somebody begins to watch one, that goes on record.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::id::{ConversationId, RecordingId};
use protocol::limit::{PAGE_ROWS_MAX, RECORDING_PIECE_BYTES_MAX};
use protocol::problem::ProblemCode;
use protocol::recording::{KeyframeMark, Quiet, Recording, RecordingDetail, RecordingView, RecordingsPage};
use protocol::time::UnixMillis;
use serde::Deserialize;
use store::{RecordingDeed, RecordingsStart};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::problem::Problem;
use crate::recordings;
use crate::routes::body::Filter;
use crate::routes::pages::touchpoint_of;

/// Views that a recording shows.
const VIEWS_MAX: usize = 20;
/// Pieces within this time are one view.
const ONE_VIEW_MS: i64 = 10 * 60 * 1_000;

/// Which recordings to list.
#[derive(Debug, Deserialize)]
pub(in crate::routes) struct ListFilter {
    conversation_id: Option<ConversationId>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/recordings`
pub(in crate::routes) async fn list(
    State(app): State<Arc<App>>,
    Filter(ListFilter { conversation_id, cursor, limit }): Filter<ListFilter>,
) -> Result<Json<RecordingsPage>, Problem> {
    let limit = limit.unwrap_or(50).clamp(1, PAGE_ROWS_MAX);
    let start = cursor.map(|cursor| read_cursor(&cursor)).transpose()?;
    let recordings = app.store.recordings(conversation_id, start, limit).await?;
    let last = recordings.last().filter(|_| recordings.len() == limit);
    let next_cursor = last.map(|last| format!("{}.{}", last.begun_at.0, last.recording_id));
    Ok(Json(RecordingsPage { recordings, next_cursor }))
}

fn read_cursor(cursor: &str) -> Result<RecordingsStart, Problem> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let (at, id) =
        parts.ok_or_else(|| Problem::new(ProblemCode::BadRequest, "cursor: is not one of ours"))?;
    Ok(RecordingsStart { begun_at: UnixMillis(at), recording_id: RecordingId(id) })
}

/// `GET /api/v1/recordings/{recording_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(recording_id): Path<RecordingId>,
) -> Result<Json<RecordingDetail>, Problem> {
    let found = find(&app, &recording_id).await?;
    let contents = recordings::contents(&app, &recording_id).await?;
    let contents = contents.ok_or_else(|| Problem::not_found("recording"))?;
    let outline = contents.outline;
    let keyframes = outline.places().iter();
    let keyframes = keyframes.map(|place| KeyframeMark { at_ms: place.at_ms.into(), offset: place.offset });
    let quiet = outline.quiet().iter().map(|quiet| Quiet {
        from_ms: quiet.from_ms.into(),
        to_ms: quiet.to_ms.into(),
        is_paused: quiet.is_paused,
    });
    let acts = app.store.recording_acts(&recording_id, VIEWS_MAX).await?;
    let views = acts.into_iter().filter(|act| act.deed == RecordingDeed::Viewed);
    let touchpoint = touchpoint_of(&app, &recording_id.0).await?;
    Ok(Json(RecordingDetail {
        assets: touchpoint.and_then(|touchpoint| app.foreign.route(&touchpoint, &recording_id.0)),
        recording: Recording { bytes: contents.bytes, duration_ms: outline.end_ms().into(), ..found },
        keyframes: keyframes.collect(),
        quiet: quiet.collect(),
        views: views.map(|act| RecordingView { agent: act.agent, at: act.at }).collect(),
    }))
}

/// Which bytes to read.
#[derive(Debug, Deserialize)]
pub(in crate::routes) struct FramesFilter {
    #[serde(default)]
    from: u64,
    limit: Option<usize>,
}

/// `GET /api/v1/recordings/{recording_id}/frames?from=…&limit=…`: a piece of its file, nothing behind the end.
pub(in crate::routes) async fn frames(
    State(app): State<Arc<App>>,
    Path(recording_id): Path<RecordingId>,
    Extension(caller): Extension<Caller>,
    Filter(FramesFilter { from, limit }): Filter<FramesFilter>,
) -> Result<Response, Problem> {
    let now = clock::now();
    // Nothing is given out before the view is on record.
    let since = now.plus_ms(-ONE_VIEW_MS);
    app.store.note_recording_view(&recording_id, caller.agent_ref(), now, since).await?;
    let limit = limit.unwrap_or(RECORDING_PIECE_BYTES_MAX).clamp(1, RECORDING_PIECE_BYTES_MAX);
    let piece = recordings::piece(&app, &recording_id, from, limit).await?;
    let mut response = piece.ok_or_else(|| Problem::not_found("recording"))?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `DELETE /api/v1/recordings/{recording_id}`
pub(in crate::routes) async fn delete(
    State(app): State<Arc<App>>,
    Path(recording_id): Path<RecordingId>,
    Extension(caller): Extension<Caller>,
) -> Result<StatusCode, Problem> {
    recordings::delete(&app, &recording_id, Some(caller.agent_ref())).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(app: &App, recording_id: &RecordingId) -> Result<Recording, Problem> {
    app.store.recording(recording_id).await?.ok_or_else(|| Problem::not_found("recording"))
}
