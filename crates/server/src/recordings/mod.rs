//! Recordings of co-browse sessions, where the touchpoint has them and the visitor agreed: the frames as they pass, each
//! with its time, in a file per session. They are never decoded here. The store knows a recording before its first
//! byte is here, so a file it does not know is left over and can go.

mod file;
mod tap;
mod tidy;
mod writer;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use protocol::id::{CobrowseId, RecordingId};
use protocol::people::AgentRef;
use store::StoreError;
use tokio::fs::File;
use tokio::sync::watch;

use crate::app::App;
use crate::cobrowse::Channel;
use crate::problem::Problem;
use crate::{clock, folder, random};

pub(crate) use file::Contents;
pub(crate) use tap::{Tap, Tapped};
pub(crate) use tidy::keep_tidy;

/// The folder of recordings inside the data folder.
const FOLDER: &str = "recordings";
/// What the name of each file ends with.
const ENDING: &str = ".frames";

/// The files of recordings, and those that are being written.
#[derive(Debug)]
pub(crate) struct Recordings {
    folder: PathBuf,
    running: Mutex<BTreeSet<RecordingId>>,
    running_count: watch::Sender<usize>,
}

impl Recordings {
    /// Opens the folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join(FOLDER);
        folder::make(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Self { folder, running: Mutex::default(), running_count: watch::Sender::new(0) })
    }

    /// The file of a recording. Ids hold nothing but letters and digits.
    fn path(&self, recording_id: &RecordingId) -> PathBuf {
        self.folder.join(format!("{recording_id}{ENDING}"))
    }

    fn running(&self) -> MutexGuard<'_, BTreeSet<RecordingId>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_running(&self, recording_id: &RecordingId) {
        self.running().insert(recording_id.clone());
        self.running_count.send_modify(|count| *count += 1);
    }

    fn note_over(&self, recording_id: &RecordingId) {
        self.running().remove(recording_id);
        self.running_count.send_modify(|count| *count = count.saturating_sub(1));
    }

    fn is_running(&self, recording_id: &RecordingId) -> bool {
        self.running().contains(recording_id)
    }

    /// Comes back when every recording is ended and on disk, or after this time.
    pub(crate) async fn settled(&self, time: Duration) {
        let mut count = self.running_count.subscribe();
        // The sender lives as long as `self`.
        if tokio::time::timeout(time, count.wait_for(|count| *count == 0)).await.is_err() {
            tracing::warn!("some recordings did not end in time; the next start ends them");
        }
    }

    /// Makes the file of a recording.
    async fn create(&self, recording_id: &RecordingId) -> std::io::Result<File> {
        File::options().write(true).create_new(true).mode(0o600).open(self.path(recording_id)).await
    }

    /// Opens the frames of a recording; `None` when they are not there. Only for threads that may wait.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn frames(&self, recording_id: &RecordingId) -> std::io::Result<Option<std::fs::File>> {
        match std::fs::File::open(self.path(recording_id)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the bytes of recordings the store has forgotten. What cannot be removed now is found by the next sweep.
    pub(crate) async fn forget(&self, recording_ids: &[RecordingId]) {
        for recording_id in recording_ids {
            match tokio::fs::remove_file(self.path(recording_id)).await {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    tracing::warn!(%error, %recording_id, "the bytes of a recording could not be removed yet");
                }
            }
        }
    }
}

/// Begins to record a session the visitor agreed to have recorded. A recording that cannot begin leaves the session
/// alone.
pub(crate) async fn begin(app: &Arc<App>, cobrowse_id: &CobrowseId, channel: &Channel) {
    if !app.files.has_room() {
        tracing::warn!(%cobrowse_id, "the disk has no room for a recording");
        return;
    }
    let recording_id = RecordingId::new(clock::now(), random::entropy());
    app.recordings.note_running(&recording_id);
    let opened = async {
        app.store.begin_recording(&recording_id, cobrowse_id, clock::now()).await?;
        anyhow::Ok(app.recordings.create(&recording_id).await?)
    };
    match opened.await {
        Ok(file) => {
            let (tap, records) = Tap::new();
            channel.record(tap);
            tokio::spawn(writer::write(Arc::clone(app), recording_id, file, records));
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), %cobrowse_id, "a recording could not begin");
            app.recordings.note_over(&recording_id);
        }
    }
}

/// Deletes a recording that has ended; who did it is noted, if it was somebody.
///
/// # Errors
/// `not_found`; `conflict` while it goes on; `busy` or `internal`.
pub(crate) async fn delete(
    app: &App,
    recording_id: &RecordingId,
    by: Option<AgentRef>,
) -> Result<(), Problem> {
    if app.recordings.is_running(recording_id) {
        return Err(Problem::new(
            protocol::problem::ProblemCode::Conflict,
            "it is still being recorded; end the session first",
        ));
    }
    match app.store.delete_recording(recording_id, by, clock::now()).await {
        Ok(()) => {
            app.recordings.forget(std::slice::from_ref(recording_id)).await;
            tracing::info!(%recording_id, "a recording was deleted");
            Ok(())
        }
        Err(StoreError::NoRecording) => Err(Problem::not_found("recording")),
        Err(error) => Err(error.into()),
    }
}

/// Looks through the file of a recording; `None` when it is not there.
///
/// # Errors
/// `busy` when it cannot be read.
pub(crate) async fn contents(app: &App, recording_id: &RecordingId) -> Result<Option<Contents>, Problem> {
    let path = app.recordings.path(recording_id);
    blocking(move || file::look_through(&path)).await
}

/// Returns at most so many bytes of the file of a recording; `None` when it is not there.
///
/// # Errors
/// `busy` when it cannot be read.
pub(crate) async fn piece(
    app: &App,
    recording_id: &RecordingId,
    from: u64,
    bytes_max: usize,
) -> Result<Option<Vec<u8>>, Problem> {
    let path = app.recordings.path(recording_id);
    blocking(move || file::piece(&path, from, bytes_max)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<Option<T>, Problem> {
    let done =
        tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Broken(error.to_string()))?;
    match done {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            tracing::warn!(%error, "a recording could not be read");
            Err(Problem::new(
                protocol::problem::ProblemCode::Busy,
                "the recording cannot be read at the moment",
            ))
        }
    }
}
