//! Moves what is in the log into the file, on a thread and a connection of its own, so that no acknowledgement waits
//! for it. SQLite would do it inside the commit that fills the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use store::StoreError;

/// Pages by which the log grows before they are moved: 8 MB.
const GROWTH_PAGES: i32 = 2_000;
/// Pages of a log that is not to grow further, whatever is written: 64 MB. It is only begun anew between two writes
/// with everything moved, so then the writer moves the rest.
const LOG_PAGES_MAX: i32 = 16_000;

/// Keeps the log short.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    /// Pages in the log after the last commit.
    pages: Arc<AtomicI32>,
    /// The pages there were when the thread was woken last.
    woken_at: i32,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own, and watches the log of the writer's.
    pub(crate) fn start(writer: &mut Connection, own: Connection) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let counted = Arc::clone(&pages);
        writer
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: i32| {
                counted.store(pages, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    checkpoint(&own);
                }
            })
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self { pages, woken_at: 0, wake: Some(wake), thread: Some(thread) })
    }

    /// Looks after the log between two transactions of the writer, whose connection this is.
    pub(crate) fn after_commit(&mut self, writer: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.woken_at {
            // The log was begun anew.
            self.woken_at = 0;
        }
        if pages - self.woken_at >= GROWTH_PAGES {
            self.woken_at = pages;
            if let Some(wake) = &self.wake {
                // One that has been woken already comes to these pages too.
                let _ = wake.try_send(());
            }
        }
        if pages >= LOG_PAGES_MAX {
            checkpoint(writer);
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Moves what can be moved without waiting for anybody. What fails is tried again with the next pages: nothing is
/// lost, the log is only longer.
pub(crate) fn checkpoint(connection: &Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}
