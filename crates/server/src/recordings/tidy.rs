//! Mends what was cut off: recordings whose process ended in the middle, and files the store knows nothing of.

use std::sync::Arc;
use std::time::Duration;

use protocol::id::RecordingId;
use protocol::recording::{RecordingEnd, RecordingEnded};
use store::RecordingSize;

use super::{ENDING, file, writer};
use crate::app::App;
use crate::clock;

/// How often to look.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Files of one look into the store.
const BATCH: usize = 500;

/// Tidies at the start and then again and again, as long as the server runs.
pub(crate) async fn keep_tidy(app: Arc<App>) {
    loop {
        if let Err(error) = tidy(&app).await {
            tracing::warn!(error = format!("{error:#}"), "recordings could not be tidied");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn tidy(app: &App) -> anyhow::Result<()> {
    for recording_id in app.store.unended_recordings().await? {
        if !app.recordings.is_running(&recording_id) {
            // One that cannot be read keeps none of the others.
            if let Err(error) = end(app, &recording_id).await {
                tracing::warn!(error = format!("{error:#}"), %recording_id, "a recording could not be ended yet");
            }
        }
    }
    // The folder lies beside the database and holds nothing but what this database named.
    for batch in files(app).await?.chunks(BATCH) {
        let unknown = app.store.unknown_recordings(batch.to_vec()).await?;
        app.recordings.forget(&unknown).await;
    }
    Ok(())
}

async fn end(app: &App, recording_id: &RecordingId) -> anyhow::Result<()> {
    let path = app.recordings.path(recording_id);
    let size = match tokio::task::spawn_blocking(move || file::end(&path)).await? {
        Ok(contents) => {
            RecordingSize { bytes: contents.bytes, duration_ms: contents.outline.end_ms().into() }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            RecordingSize { bytes: 0, duration_ms: 0 }
        }
        Err(error) => return Err(error.into()),
    };
    let ended = RecordingEnded { at: clock::now(), by: RecordingEnd::Server };
    writer::settle(app, recording_id, ended, size).await;
    Ok(())
}

async fn files(app: &App) -> std::io::Result<Vec<RecordingId>> {
    let mut entries = tokio::fs::read_dir(&app.recordings.folder).await?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(ENDING));
        found.extend(name.map(|name| RecordingId(name.to_owned())).filter(RecordingId::is_well_formed));
    }
    Ok(found)
}
