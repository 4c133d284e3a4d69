//! Conversations that were kept long enough are erased: at the start, and every hour after.

use std::sync::Arc;
use std::time::Duration;

use protocol::id::TouchpointId;
use protocol::time::UnixMillis;
use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::clock;
use crate::problem::Problem;
use crate::recordings;
use crate::usecase::erasure;

/// How often to look.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Conversations, and customers, that are erased in one go.
const BATCH: usize = 50;
/// How long to wait before bytes that are left are looked at again.
const FINISH_AGAIN_AFTER: Duration = Duration::from_secs(10);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Erases what was kept long enough, as long as the server runs.
pub(crate) async fn keep_erasing(app: Arc<App>) {
    loop {
        if let Err(problem) = erase_due(&app).await {
            tracing::error!(code = ?problem.code, "what was kept long enough could not be erased");
        }
        // Once for the whole run, and also for what a run that failed has erased.
        erasure::finish(&app);
        tokio::time::sleep(EVERY).await;
    }
}

/// Removes the bytes an erasure left, as long as the server runs. That may take several tries: a backup that reads keeps
/// the log from being emptied.
pub(crate) async fn keep_finishing(app: Arc<App>) {
    loop {
        app.erasures.notified().await;
        while let Err(error) = app.store.finish_erasure().await {
            tracing::warn!(%error, "bytes of what was erased are still left");
            tokio::time::sleep(FINISH_AGAIN_AFTER).await;
        }
    }
}

async fn erase_due(app: &App) -> Result<(), Problem> {
    let mut outcome = Ok(());
    for Touchpoint { touchpoint_id, retention_days, cobrowse, .. } in app.store.touchpoints().await? {
        if let Some(days) = cobrowse.recording_days.or(app.config.recording_days)
            && let Err(problem) = delete_recordings(app, &touchpoint_id, days_ago(days)).await
        {
            outcome = Err(problem);
        }
        let Some(days) = retention_days else { continue };
        // What fails at one is not left undone at the others.
        if let Err(problem) = erase_all(app, &touchpoint_id, days_ago(days)).await {
            outcome = Err(problem);
        }
    }
    outcome
}

async fn erase_all(app: &App, touchpoint_id: &TouchpointId, before: UnixMillis) -> Result<(), Problem> {
    while erasure::erase_closed_before(app, touchpoint_id, before, BATCH).await? {}
    Ok(())
}

async fn delete_recordings(
    app: &App,
    touchpoint_id: &TouchpointId,
    before: UnixMillis,
) -> Result<(), Problem> {
    loop {
        let due = app.store.recordings_before(touchpoint_id, before, BATCH).await?;
        for recording_id in &due {
            recordings::delete(app, recording_id, None).await?;
        }
        if due.len() < BATCH {
            return Ok(());
        }
    }
}

fn days_ago(days: u32) -> UnixMillis {
    clock::now().plus_ms(-i64::from(days) * DAY_MS)
}
