//! The loop of the thread that writes. It takes what waits into one transaction and answers after the commit is on
//! disk: many messages share one flush, and nothing is acknowledged early.

use std::time::{Duration, Instant};

use protocol::limit::WRITE_BATCH_JOBS_MAX;
use rusqlite::Connection;
use store::StoreError;
use tokio::sync::mpsc;

use super::disk::Disk;
use super::job::{Job, Outcome, Queued, Undo};
use crate::checkpoint::Checkpointer;
use crate::error::broken;
use crate::statement::execute;

/// However slow the disk is, a transaction takes no further job after this time.
const GATHER_TIME_MAX: Duration = Duration::from_millis(20);

/// Where jobs come one upon the other, a transaction begins no sooner than so long after the one before: each commit
/// costs a flush of the disk and wakes everybody whose job was in it, which is most of what a short write costs.
const COMPANY_TIME: Duration = Duration::from_millis(1);

/// What the thread works with.
pub(super) struct Thread {
    queue: mpsc::Receiver<Queued>,
    /// A job that was taken from the queue and cannot be part of the transaction that runs.
    behind: Option<Queued>,
    disk: Disk,
    gather_time: Duration,
    /// When the last transaction began.
    begun_at: Option<Instant>,
    /// How long the last commit took. While one takes longer than gathering, gathering as long costs no more than
    /// another half of the wait, and saves as many commits.
    last_commit: Duration,
    checkpointer: Option<Checkpointer>,
    // Dropped last: the last connection that is closed tidies up the log.
    connection: Connection,
}

/// Why a transaction did not come to its end.
enum Failure {
    /// SQLite says so.
    Sql(rusqlite::Error),
    /// The disk refused a job. SQLite has rolled back what stood beside it as well, or may have.
    Refused,
    /// A job that promised to leave nothing when it refuses has written something.
    Unsure,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Thread {
    /// Brings together what the thread works with.
    pub(super) fn new(
        connection: Connection,
        queue: mpsc::Receiver<Queued>,
        disk: Disk,
        gather_time: Duration,
        checkpointer: Option<Checkpointer>,
    ) -> Self {
        let (begun_at, last_commit) = (None, Duration::ZERO);
        Self { queue, behind: None, disk, gather_time, begun_at, last_commit, checkpointer, connection }
    }

    /// Writes until nobody can queue anything any more.
    pub(super) fn run(mut self) {
        while let Some(queued) = self.behind.take().or_else(|| self.queue.blocking_recv()) {
            match queued {
                Queued::Alone(mut job) => {
                    job.run(&self.connection);
                    job.settle(Ok(()));
                }
                Queued::Grouped(first, undo) => {
                    self.wait_for_company();
                    self.write_batch(first, undo);
                }
            }
            if let Some(checkpointer) = &mut self.checkpointer {
                checkpointer.after_commit(&self.connection);
            }
        }
    }

    /// A job that comes alone is written at once; among many it waits for others that share its commit.
    #[expect(clippy::disallowed_methods, reason = "the thread has nothing else to do meanwhile")]
    fn wait_for_company(&mut self) {
        if let Some(begun_at) = self.begun_at {
            let pause = COMPANY_TIME.saturating_sub(begun_at.elapsed());
            if !pause.is_zero() {
                std::thread::sleep(pause);
            }
        }
        self.begun_at = Some(Instant::now());
    }

    fn write_batch(&mut self, first: Box<dyn Job>, undo: Undo) {
        let changes = self.connection.total_changes();
        let mut batch = Vec::new();
        let written = self.gather(first, undo, &mut batch);
        if written.is_err() && !self.connection.is_autocommit() {
            // A rollback that fails as well leaves nothing to be done: every job is told.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        let commit = match written {
            Ok(()) => {
                if self.connection.total_changes() != changes {
                    self.disk.took();
                }
                Ok(())
            }
            Err(Failure::Sql(error)) => {
                self.disk.failed(&error);
                Err(broken(error))
            }
            Err(Failure::Refused) => {
                self.disk.refused(&self.connection);
                Err(StoreError::Unwritable)
            }
            Err(Failure::Unsure) => {
                Err(StoreError::Broken("a write that was refused had begun to write".to_owned()))
            }
        };
        for job in batch {
            job.settle(commit.clone());
        }
    }

    /// Runs the jobs of one transaction and commits it.
    #[expect(clippy::disallowed_methods, reason = "bounds how long one transaction gathers jobs")]
    fn gather(
        &mut self,
        first: Box<dyn Job>,
        undo: Undo,
        batch: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), Failure> {
        let begun_at = Instant::now();
        let gather_time = self.gather_time.max(self.last_commit.min(GATHER_TIME_MAX));
        let begun = execute(&self.connection, "BEGIN IMMEDIATE", []);
        let mut next = Some((first, undo));
        while let Some((mut job, undo)) = next.take() {
            let step = if begun.is_ok() { write_one(&self.connection, job.as_mut(), undo) } else { Ok(()) };
            batch.push(job);
            step?;
            if begun.is_ok() && batch.len() < WRITE_BATCH_JOBS_MAX && begun_at.elapsed() < gather_time {
                match self.queue.try_recv() {
                    Ok(Queued::Grouped(job, undo)) => next = Some((job, undo)),
                    Ok(alone @ Queued::Alone(_)) => self.behind = Some(alone),
                    Err(_) => {}
                }
            }
        }
        begun?;
        let gathered_at = Instant::now();
        execute(&self.connection, "COMMIT", [])?;
        self.last_commit = gathered_at.elapsed();
        Ok(())
    }
}

fn write_one(connection: &Connection, job: &mut dyn Job, undo: Undo) -> Result<(), Failure> {
    match undo {
        Undo::Savepoint => {
            execute(connection, "SAVEPOINT job", [])?;
            match job.run(connection) {
                Outcome::Done => {}
                Outcome::Refused => {
                    execute(connection, "ROLLBACK TO job", [])?;
                }
                Outcome::Unwritable => return Err(Failure::Refused),
            }
            execute(connection, "RELEASE job", [])?;
        }
        Undo::Nothing => {
            let changes = connection.total_changes();
            match job.run(connection) {
                Outcome::Refused if connection.total_changes() != changes => return Err(Failure::Unsure),
                Outcome::Done | Outcome::Refused => {}
                Outcome::Unwritable => return Err(Failure::Refused),
            }
        }
    }
    Ok(())
}
