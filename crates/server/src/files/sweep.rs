//! Mends what was cut off: uploads nobody goes on with, uploads that were whole when the process ended, and bytes the
//! store knows nothing of.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use futures_util::TryStreamExt as _;
use protocol::id::AttachmentId;
use protocol::limit::UPLOAD_IDLE_MS;
use store::StoreError;

use crate::app::App;
use crate::clock;
use crate::usecase::upload;

/// Uploads are looked through this often.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Kept files are looked through once in so many times: it takes a while where there are many.
const KEPT_EVERY: u32 = 24;
/// More unknown files than this, and more than known ones, are not leftovers: somebody opened another database.
const UNKNOWN_MAX: usize = 20;
/// Rows of one look into the store.
const ROWS: usize = 500;

/// Tidies at the start and then again and again, as long as the server runs.
pub(crate) async fn keep_tidy(app: Arc<App>) {
    for round in 0u32.. {
        if let Err(error) = tidy(&app, round.is_multiple_of(KEPT_EVERY)).await {
            tracing::warn!(error = format!("{error:#}"), "files could not be tidied");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn tidy(app: &App, looks_through_kept: bool) -> anyhow::Result<()> {
    give_up_stale(app).await?;
    for batch in app.files.staging.all().await?.chunks(ROWS) {
        forget_unknown(app, batch.to_vec()).await?;
        for attachment_id in batch {
            settle_whole(app, attachment_id).await?;
        }
    }
    if looks_through_kept {
        look_through_kept(app).await?;
    }
    Ok(())
}

/// Removes kept files the store knows nothing of, unless the place looks like another server's.
async fn look_through_kept(app: &App) -> anyhow::Result<()> {
    let (mut all, mut unknown) = (0, Vec::new());
    let mut kept = app.files.place.all().try_chunks(ROWS);
    while let Some(batch) = kept.try_next().await.map_err(|error| error.1)? {
        all += batch.len();
        unknown.extend(app.store.unknown_attachments(batch).await?);
    }
    if unknown.len() > UNKNOWN_MAX && unknown.len() * 2 > all {
        bail!(
            "{} of {all} files are unknown to this database, so it may be the wrong one: none was removed",
            unknown.len()
        );
    }
    forget_unknown(app, unknown).await?;
    Ok(())
}

async fn give_up_stale(app: &App) -> Result<(), StoreError> {
    let before = clock::now().plus_ms(-UPLOAD_IDLE_MS);
    loop {
        let stale = app.store.stale_uploads(before, ROWS).await?;
        let count = stale.len();
        for attachment_id in stale {
            match app.store.forget_upload(&attachment_id).await {
                Ok(()) => app.files.forget(&[attachment_id]).await,
                // It went into a message, or was given up, in this very moment.
                Err(StoreError::NoAttachment) => {}
                Err(error) => return Err(error),
            }
        }
        if count < ROWS {
            return Ok(());
        }
    }
}

async fn forget_unknown(app: &App, attachment_ids: Vec<AttachmentId>) -> Result<(), StoreError> {
    let unknown = app.store.unknown_attachments(attachment_ids).await?;
    if !unknown.is_empty() {
        tracing::info!(count = unknown.len(), "bytes of forgotten files are removed");
    }
    app.files.forget(&unknown).await;
    Ok(())
}

/// Ends what an upload whose bytes are all here was cut off from: becoming a file.
async fn settle_whole(app: &App, attachment_id: &AttachmentId) -> anyhow::Result<()> {
    let writing = app.files.write(attachment_id).await;
    let Some(found) = app.store.attachment(attachment_id).await? else { return Ok(()) };
    let bytes = app.files.staged_bytes(&writing).await?;
    if found.is_whole {
        app.files.unstage(&writing).await?;
    } else if bytes == found.attachment.bytes
        && let Err(problem) = upload::settle(app, &writing, &found).await
    {
        tracing::warn!(detail = problem.detail, %attachment_id, "an upload could not be ended yet");
    }
    Ok(())
}
