//! The one thread that writes, as its callers see it: a queue, and an answer when everything is on disk.

mod disk;
mod job;
#[cfg(test)]
mod tests;
mod thread;

use std::thread::JoinHandle;
use std::time::Duration;

use protocol::limit::WRITE_QUEUE_JOBS_MAX;
use rusqlite::Connection;
use store::{Health, StoreError};
use tokio::sync::{mpsc, oneshot};

use self::disk::Disk;
use self::job::{Job, Queued, Undo, WorkOf};
use self::thread::Thread;
use crate::checkpoint::Checkpointer;

/// A transaction takes no further job after this time, so that the first one in it does not wait long.
pub(crate) const GATHER_TIME: Duration = Duration::from_millis(2);

/// The queue to the thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Queued>>,
    thread: Option<JoinHandle<()>>,
    disk: Disk,
}

impl Writer {
    /// Starts the thread. A transaction takes further jobs for as long as `gather_time`.
    pub(crate) fn start(
        connection: Connection,
        gather_time: Duration,
        checkpointer: Option<Checkpointer>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(WRITE_QUEUE_JOBS_MAX);
        let disk = Disk::default();
        let writing = Thread::new(connection, jobs, disk.clone(), gather_time, checkpointer);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writing.run())
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), disk })
    }

    /// Queues the work and comes back when it is on disk, or was refused.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.queued(work, |job| Queued::Grouped(job, Undo::Savepoint)).await
    }

    /// The same for work that looks up everything before it writes anything, and so leaves nothing when it refuses.
    /// It needs no savepoint, which costs about a tenth of a short write.
    pub(crate) async fn run_sure<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.queued(work, |job| Queued::Grouped(job, Undo::Nothing)).await
    }

    /// Queues work that has to run outside of a transaction.
    pub(crate) async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.queued(work, Queued::Alone).await
    }

    /// Whether the last write went through; while it did not, tries again.
    pub(crate) async fn health(&self) -> Health {
        if self.disk.health() == Health::Writable {
            return Health::Writable;
        }
        let disk = self.disk.clone();
        let probed = self.run_alone(move |connection| Ok(disk.probe(connection))).await;
        probed.unwrap_or_else(|_| self.disk.health())
    }

    async fn queued<T, F>(&self, work: F, kind: impl FnOnce(Box<dyn Job>) -> Queued) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let gone = || StoreError::Broken("the writer has stopped".to_owned());
        let (answer, outcome) = oneshot::channel();
        let job = WorkOf { work: Some(work), outcome: Err(gone()), answer };
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.try_send(kind(Box::new(job))).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => gone(),
        })?;
        outcome.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
