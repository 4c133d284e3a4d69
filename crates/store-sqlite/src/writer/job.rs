//! Something to be written, in two steps: inside the transaction, and after it.

use rusqlite::Connection;
use store::StoreError;
use tokio::sync::oneshot;

/// A job that waits for its turn.
pub(super) enum Queued {
    /// Shares a transaction with its neighbours.
    Grouped(Box<dyn Job>, Undo),
    /// Has to run outside of a transaction.
    Alone(Box<dyn Job>),
}

/// What it takes to undo a job that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undo {
    /// A savepoint around it.
    Savepoint,
    /// Nothing: it writes only what it does not refuse any more.
    Nothing,
}

/// What came of a job inside the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is done.
    Done,
    /// It was refused, and leaves nothing.
    Refused,
    /// The disk refused it.
    Unwritable,
}

/// Something to be written.
pub(super) trait Job: Send {
    /// Does the work; the savepoint around it is kept when it is done.
    fn run(&mut self, connection: &Connection) -> Outcome;
    /// Answers. `commit` says what became of the transaction.
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

/// A closure as a job.
pub(super) struct WorkOf<T, F> {
    pub(super) work: Option<F>,
    pub(super) outcome: Result<T, StoreError>,
    pub(super) answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Result<T, StoreError> + Send> Job for WorkOf<T, F> {
    fn run(&mut self, connection: &Connection) -> Outcome {
        if let Some(work) = self.work.take() {
            self.outcome = work(connection);
        }
        match &self.outcome {
            Ok(_) => Outcome::Done,
            Err(StoreError::Unwritable) => Outcome::Unwritable,
            Err(_) => Outcome::Refused,
        }
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        // Nobody waits any more when the socket went away meanwhile; what is stored stays stored.
        let _ = self.answer.send(commit.and(self.outcome));
    }
}
