//! Writes one recording to its end: as the session ends, as it grows too large, or as the disk refuses. Whatever happens
//! here, the session goes on.

use std::sync::Arc;
use std::time::Duration;

use cobrowse::recording::{MAGIC, RECORD_HEAD_BYTES, RecordHead};
use protocol::id::RecordingId;
use protocol::limit::RECORDING_DURATION_MS_MAX;
use protocol::recording::{RecordingEnd, RecordingEnded};
use store::RecordingSize;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use super::tap::{Record, Records};
use crate::app::App;
use crate::clock;

/// What is written in one go.
const BATCH_BYTES: usize = 256 * 1024;
/// A loss of power costs at most what came in this time.
const SYNC_EVERY: Duration = Duration::from_secs(10);

/// A file that grows.
struct Growing {
    file: File,
    /// Up to here it is whole.
    bytes: u64,
    bytes_max: u64,
    last_ms: u32,
    last_at: Instant,
    synced_at: Instant,
}

/// Writes what comes until nothing more does, and notes how large it has become.
pub(super) async fn write(app: Arc<App>, recording_id: RecordingId, file: File, mut records: Records) {
    let now = Instant::now();
    let bytes_max = app.config.recording_bytes_max;
    let mut growing = Growing { file, bytes: 0, bytes_max, last_ms: 0, last_at: now, synced_at: now };
    let by = growing.grow(&app, &mut records).await;
    // From here on the tap finds nobody.
    drop(records);
    if by != RecordingEnd::Session {
        tracing::warn!(%recording_id, ?by, "a recording ended before its session");
    }
    if let Err(error) = growing.finish(by).await {
        tracing::warn!(%error, %recording_id, "the end of a recording could not be written");
    }
    let size = RecordingSize { bytes: growing.bytes, duration_ms: growing.last_ms.into() };
    settle(&app, &recording_id, RecordingEnded { at: clock::now(), by }, size).await;
    app.recordings.note_over(&recording_id);
}

/// Notes the end of a recording; one without a page is none and goes.
pub(super) async fn settle(
    app: &App,
    recording_id: &RecordingId,
    ended: RecordingEnded,
    size: RecordingSize,
) {
    let is_empty = size.bytes <= (MAGIC.len() + RECORD_HEAD_BYTES) as u64;
    let noted = if is_empty {
        app.recordings.forget(std::slice::from_ref(recording_id)).await;
        app.store.delete_recording(recording_id, None, ended.at).await
    } else {
        app.store.end_recording(recording_id, ended, size).await
    };
    match noted {
        Ok(()) => {}
        // It was erased, or deleted, while it ran.
        Err(store::StoreError::NoRecording) => {
            app.recordings.forget(std::slice::from_ref(recording_id)).await;
        }
        Err(error) => tracing::error!(%error, %recording_id, "the end of a recording could not be noted yet"),
    }
}

impl Growing {
    async fn grow(&mut self, app: &App, records: &mut Records) -> RecordingEnd {
        let mut batch = MAGIC.to_vec();
        while let Some(first) = records.next().await {
            let mut last_ms = first.at_ms;
            let mut is_full = !self.put(&mut batch, &first);
            while batch.len() < BATCH_BYTES
                && !is_full
                && let Some(record) = records.next_now()
            {
                is_full = !self.put(&mut batch, &record);
                last_ms = if is_full { last_ms } else { record.at_ms };
            }
            if !app.files.has_room() {
                return RecordingEnd::Disk;
            }
            if let Err(error) = self.write(&batch).await {
                tracing::warn!(%error, "a recording could not be written");
                return RecordingEnd::Disk;
            }
            batch.clear();
            (self.last_ms, self.last_at) = (last_ms, Instant::now());
            if is_full {
                return RecordingEnd::Limit;
            }
        }
        RecordingEnd::Session
    }

    /// Takes a record into what is written next, unless the recording would become too large or too long.
    fn put(&self, batch: &mut Vec<u8>, record: &Record) -> bool {
        let frame_bytes = record.frame.len();
        let bytes = self.bytes + (batch.len() + frame_bytes + 2 * RECORD_HEAD_BYTES) as u64;
        if bytes > self.bytes_max || record.at_ms > RECORDING_DURATION_MS_MAX {
            return false;
        }
        batch.extend(RecordHead { frame_bytes, at_ms: record.at_ms }.to_bytes());
        batch.extend_from_slice(&record.frame);
        true
    }

    async fn write(&mut self, batch: &[u8]) -> std::io::Result<()> {
        self.file.write_all(batch).await?;
        // Files of tokio answer before the system has the bytes.
        self.file.flush().await?;
        self.bytes += batch.len() as u64;
        if self.synced_at.elapsed() >= SYNC_EVERY {
            self.file.sync_data().await?;
            self.synced_at = Instant::now();
        }
        Ok(())
    }

    /// Cuts off what is not whole, and writes the end behind the rest.
    async fn finish(&mut self, by: RecordingEnd) -> std::io::Result<()> {
        self.file.set_len(self.bytes).await?;
        self.file.seek(std::io::SeekFrom::Start(self.bytes)).await?;
        if self.bytes == 0 {
            return Ok(());
        }
        if by == RecordingEnd::Session {
            let quiet_ms = u32::try_from(self.last_at.elapsed().as_millis()).unwrap_or(0);
            self.last_ms = self.last_ms.saturating_add(quiet_ms);
        }
        let end = RecordHead { frame_bytes: 0, at_ms: self.last_ms }.to_bytes();
        self.write(&end).await?;
        self.file.sync_all().await
    }
}
