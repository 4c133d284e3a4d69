//! The one thread that writes. It takes what waits into one transaction, each job within its own savepoint, and
//! answers after the commit is on disk: many messages share one flush, and nothing is acknowledged early.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use protocol::limit::{WRITE_BATCH_JOBS_MAX, WRITE_QUEUE_JOBS_MAX};
use rusqlite::Connection;
use store::StoreError;
use tokio::sync::{mpsc, oneshot};

use crate::error::broken;

/// A transaction takes no further job after this time, so that the first one in it does not wait long.
const GATHER_TIME: Duration = Duration::from_millis(2);

/// Something to be written, in two steps: inside the transaction, and after it.
trait Job: Send {
    /// Does the work; the savepoint around it is kept when this is `true`.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Answers. `commit` says what became of the transaction.
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

struct WorkOf<T, F> {
    work: Option<F>,
    outcome: Result<T, StoreError>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T, StoreError> + Send> Job for WorkOf<T, F> {
    fn run(&mut self, connection: &Connection) -> bool {
        if let Some(work) = self.work.take() {
            self.outcome = work(connection);
        }
        self.outcome.is_ok()
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        // Nobody waits any more when the socket went away meanwhile; what is stored stays stored.
        let _ = self.answer.send(commit.and(self.outcome));
    }
}

/// The queue to the thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(WRITE_QUEUE_JOBS_MAX);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_all(connection, jobs))
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Queues the work and comes back when it is on disk, or was refused.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Broken("the writer has stopped".to_owned());
        let (answer, outcome) = oneshot::channel();
        let job = WorkOf { work: Some(work), outcome: Err(gone()), answer };
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.try_send(Box::new(job)).map_err(|error| match error {
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

fn write_all(connection: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = Vec::new();
        let commit = write_batch(&connection, first, &mut jobs, &mut batch);
        if commit.is_err() && !connection.is_autocommit() {
            // The error is given to every job; a rollback that fails as well leaves nothing to be done here.
            let _ = connection.execute_batch("ROLLBACK");
        }
        for job in batch {
            job.settle(commit.clone());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "bounds how long one transaction gathers jobs")]
fn write_batch(
    connection: &Connection,
    first: Box<dyn Job>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    batch: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreError> {
    let begun_at = Instant::now();
    let mut next = Some(first);
    let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(broken);
    while let Some(mut job) = next.take() {
        let step = if begun.is_ok() { write_one(connection, job.as_mut()) } else { begun.clone() };
        batch.push(job);
        step?;
        if batch.len() < WRITE_BATCH_JOBS_MAX && begun_at.elapsed() < GATHER_TIME {
            next = jobs.try_recv().ok();
        }
    }
    connection.execute_batch("COMMIT").map_err(broken)
}

fn write_one(connection: &Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    connection.execute_batch("SAVEPOINT job").map_err(broken)?;
    let end = if job.run(connection) { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    connection.execute_batch(end).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT").unwrap();
        Writer::start(connection).unwrap()
    }

    fn insert(connection: &Connection, number: i64) -> Result<(), StoreError> {
        connection.execute("INSERT INTO number VALUES (?1)", [number]).map(|_| ()).map_err(broken)
    }

    async fn count(writer: &Writer) -> i64 {
        let count = writer.run(|connection| {
            connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0)).map_err(broken)
        });
        count.await.unwrap()
    }

    #[tokio::test]
    async fn a_job_that_fails_leaves_nothing_and_its_neighbours_stay() {
        let writer = writer();
        let first = writer.run(|connection| insert(connection, 1));
        let second = writer.run(|connection| {
            insert(connection, 2)?;
            Err::<(), _>(StoreError::Conflict)
        });
        let third = writer.run(|connection| insert(connection, 3));
        let outcomes = tokio::join!(first, second, third);
        assert_eq!(outcomes, (Ok(()), Err(StoreError::Conflict), Ok(())));
        assert_eq!(count(&writer).await, 2);
    }

    #[tokio::test]
    async fn a_transaction_that_cannot_begin_is_told_to_every_job() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT; BEGIN").unwrap();
        let writer = Writer::start(connection).unwrap();
        let outcome = writer.run(|connection| insert(connection, 1)).await;
        assert!(matches!(outcome, Err(StoreError::Broken(_))));
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_instead_of_growing() {
        let writer = writer();
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let mut waiting = Vec::new();
        let mut busy = 0;
        let first = Box::pin(writer.run(move |_| {
            let _ = held.recv();
            Ok(())
        }));
        let mut first = first;
        assert!(futures_poll(first.as_mut()).is_pending());
        for number in 0..WRITE_QUEUE_JOBS_MAX as i64 + 10 {
            let mut job = Box::pin(writer.run(move |connection| insert(connection, number)));
            match futures_poll(job.as_mut()) {
                std::task::Poll::Ready(outcome) => {
                    assert_eq!(outcome, Err(StoreError::Busy));
                    busy += 1;
                }
                std::task::Poll::Pending => waiting.push(job),
            }
        }
        assert!(busy >= 9, "{busy} were refused");
        hold.send(()).unwrap();
        first.await.unwrap();
        let accepted = waiting.len() as i64;
        for job in waiting {
            job.await.unwrap();
        }
        assert_eq!(count(&writer).await, accepted);
    }

    fn futures_poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
        future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }
}
