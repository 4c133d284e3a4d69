//! A copy of the file while writes go on.
//!
//! The copy is made page by page by SQLite's backup, on a connection that holds one read transaction from beginning
//! to end. That fixes the moment it is a copy of, and a write does not make it begin again: without the transaction
//! every commit would. Writers are not held up; the log only cannot be reset before the copy is done.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ffi};
use store::StoreError;
use tokio::sync::OwnedMutexGuard;

use crate::connection::open_for_reading;

/// Pages that are copied without a pause.
const STEP_PAGES: i32 = 512;
/// The pause between two steps, which leaves the disk to the writer.
const PAUSE: Duration = Duration::from_millis(2);

/// Copies `source` to the new file `target`. `alone` is held as long as the snapshot.
pub(crate) async fn to(source: &Path, target: &Path, alone: OwnedMutexGuard<()>) -> Result<(), StoreError> {
    let (source, target) = (source.to_owned(), target.to_owned());
    let task = tokio::task::spawn_blocking(move || {
        let copied = copy(&source, &target);
        drop(alone);
        copied
    });
    task.await.map_err(|error| StoreError::Broken(error.to_string()))?
}

fn copy(source: &Path, target: &Path) -> Result<(), StoreError> {
    let Some(name) = target.file_name() else {
        return Err(StoreError::Broken("the backup has no file name".to_owned()));
    };
    refuse_existing(target)?;
    let mut unfinished_name = name.to_owned();
    unfinished_name.push(".unfinished");
    let unfinished = Unfinished::new(target.with_file_name(unfinished_name))?;
    fill(source, &unfinished.0).map_err(|error| StoreError::Broken(error.to_string()))?;
    refuse_existing(target)?;
    unfinished.finish(target).map_err(|error| StoreError::Broken(error.to_string()))
}

fn refuse_existing(target: &Path) -> Result<(), StoreError> {
    if target.symlink_metadata().is_ok() {
        return Err(StoreError::Broken("the file of the backup is there already".to_owned()));
    }
    Ok(())
}

fn fill(source: &Path, unfinished: &Path) -> rusqlite::Result<()> {
    let source = open_for_reading(source)?;
    // A transaction without a statement has no moment yet.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let mut copy = Connection::open(unfinished)?;
    // The copy is thrown away unless it is finished, and is synced as a whole then.
    copy.pragma_update(None, "journal_mode", "OFF")?;
    copy.pragma_update(None, "synchronous", "OFF")?;
    let backup = Backup::new(&source, &mut copy)?;
    loop {
        match backup.step(STEP_PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => std::thread::sleep(PAUSE),
            // Nobody else knows the copy, and a log that is read holds up nobody: this does not happen.
            StepResult::Busy | StepResult::Locked | _ => {
                return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None));
            }
        }
    }
}

/// A file that is removed unless it is finished.
struct Unfinished(PathBuf);

impl Unfinished {
    fn new(path: PathBuf) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // Whoever may read the copy may read every conversation.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self(path))
    }

    fn finish(self, target: &Path) -> std::io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        std::fs::rename(&self.0, target)?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After it was finished it has another name, and there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}
