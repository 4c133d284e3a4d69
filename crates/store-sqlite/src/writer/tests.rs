//! Jobs that share a transaction, jobs that do not, and what every one of them is told.

use std::sync::mpsc;

use protocol::limit::WRITE_QUEUE_JOBS_MAX;

use super::*;
use crate::error::broken;

/// Long enough that what waits is in one transaction, however slow the machine is.
pub(super) const UNTIL_EMPTY: Duration = Duration::from_secs(3_600);

/// A job that holds up the thread until it is let go, so that what is queued meanwhile is taken together.
pub(super) async fn hold(writer: &Writer, held: mpsc::Receiver<()>) {
    let held = writer.run_alone(move |_| Ok(held.recv()));
    assert_eq!(held.await, Ok(Ok(())));
}

fn writer() -> Writer {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT").unwrap();
    Writer::start(connection, UNTIL_EMPTY, None).unwrap()
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
    let (go, held) = mpsc::channel();
    let first = writer.run(|connection| insert(connection, 1));
    let second = writer.run(|connection| {
        insert(connection, 2)?;
        Err::<(), _>(StoreError::Conflict)
    });
    let third = writer.run(|connection| insert(connection, 3));
    let let_go = async { go.send(()).unwrap() };
    let outcomes = tokio::join!(hold(&writer, held), first, second, third, let_go);
    assert_eq!(outcomes, ((), Ok(()), Err(StoreError::Conflict), Ok(()), ()));
    assert_eq!(count(&writer).await, 2);
}

#[tokio::test]
async fn a_job_that_breaks_its_word_takes_the_whole_transaction_with_it() {
    let writer = writer();
    let (go, held) = mpsc::channel();
    let neighbour = writer.run(|connection| insert(connection, 1));
    let refused = writer.run_sure(|_| Err::<(), _>(StoreError::Conflict));
    let liar = writer.run_sure(|connection| {
        insert(connection, 2)?;
        Err::<(), _>(StoreError::Conflict)
    });
    let let_go = async { go.send(()).unwrap() };
    let ((), neighbour, refused, liar, ()) =
        tokio::join!(hold(&writer, held), neighbour, refused, liar, let_go);
    for outcome in [neighbour, refused, liar] {
        assert!(matches!(outcome, Err(StoreError::Broken(_))), "{outcome:?}");
    }
    assert_eq!(count(&writer).await, 0);
    let refused = writer.run_sure(|_| Err::<(), _>(StoreError::Conflict));
    assert_eq!(refused.await, Err(StoreError::Conflict));
}

#[tokio::test]
async fn a_transaction_that_cannot_begin_is_told_to_every_job() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT; BEGIN").unwrap();
    let writer = Writer::start(connection, UNTIL_EMPTY, None).unwrap();
    let outcome = writer.run(|connection| insert(connection, 1)).await;
    assert!(matches!(outcome, Err(StoreError::Broken(_))));
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_every_job_and_leaves_nothing() {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; CREATE TABLE number (n INTEGER PRIMARY KEY) STRICT;
             CREATE TABLE child (n INTEGER REFERENCES number DEFERRABLE INITIALLY DEFERRED) STRICT",
        )
        .unwrap();
    let writer = Writer::start(connection, UNTIL_EMPTY, None).unwrap();
    let (go, held) = mpsc::channel();
    let neighbour = writer.run(|connection| insert(connection, 1));
    let orphan = writer.run(|connection| {
        connection.execute("INSERT INTO child VALUES (77)", []).map(|_| ()).map_err(broken)
    });
    let let_go = async { go.send(()).unwrap() };
    let ((), neighbour, orphan, ()) = tokio::join!(hold(&writer, held), neighbour, orphan, let_go);
    for outcome in [neighbour, orphan] {
        assert!(matches!(outcome, Err(StoreError::Broken(_))), "{outcome:?}");
    }
    assert_eq!(count(&writer).await, 0);
    writer.run(|connection| insert(connection, 2)).await.unwrap();
    assert_eq!(count(&writer).await, 1);
}

#[tokio::test]
async fn a_job_that_runs_alone_keeps_its_place_in_the_queue_and_is_in_no_transaction() {
    let writer = writer();
    let alone = || {
        writer.run_alone(|connection| {
            assert!(connection.is_autocommit());
            connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0)).map_err(broken)
        })
    };
    let outcomes = tokio::join!(
        writer.run(|connection| insert(connection, 1)),
        alone(),
        writer.run(|connection| insert(connection, 2)),
        alone()
    );
    assert_eq!(outcomes, (Ok(()), Ok(1), Ok(()), Ok(2)));
}

#[tokio::test]
async fn a_full_queue_is_busy_instead_of_growing() {
    let writer = writer();
    let (go, held) = mpsc::channel();
    let mut waiting = Vec::new();
    let mut busy = 0;
    let mut first = Box::pin(hold(&writer, held));
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
    go.send(()).unwrap();
    first.await;
    let accepted = waiting.len() as i64;
    for job in waiting {
        job.await.unwrap();
    }
    assert_eq!(count(&writer).await, accepted);
}

fn futures_poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}
