//! Conversations that were kept long enough are erased: at the start, and every hour after.

use std::sync::Arc;
use std::time::Duration;

use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::clock;
use crate::problem::Problem;
use crate::usecase::erasure;

/// How often to look.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Conversations of one transaction, so that messages never wait long behind it.
const BATCH: usize = 50;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Erases what was kept long enough, as long as the server runs.
pub(crate) async fn keep_erasing(app: Arc<App>) {
    loop {
        if let Err(problem) = erase_due(&app).await {
            tracing::error!(code = ?problem.code, "what was kept long enough could not be erased");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn erase_due(app: &App) -> Result<(), Problem> {
    for Touchpoint { touchpoint_id, retention_days, .. } in app.store.touchpoints().await? {
        let Some(days) = retention_days else { continue };
        let before = clock::now().plus_ms(-i64::from(days) * DAY_MS);
        while erasure::erase_closed_before(app, &touchpoint_id, before, BATCH).await? == BATCH {}
    }
    Ok(())
}
