//! Whether the disk takes what is written: what the last write said, and a write of one's own to ask again.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use store::Health;

use crate::checkpoint::checkpoint;
use crate::error::health_after;

/// Bytes a probe writes: as much as a few long messages, so that a disk with room for one byte counts as full.
const PROBE_BYTES: i64 = 32 * 1024;

/// What the last write said of the disk.
#[derive(Debug, Clone)]
pub(super) struct Disk(Arc<Mutex<Health>>);

impl Default for Disk {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Health::Writable)))
    }
}

impl Disk {
    /// Returns what the last write said.
    pub(super) fn health(&self) -> Health {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A write went through.
    pub(super) fn took(&self) {
        self.set(Health::Writable);
    }

    /// A transaction failed; most errors say nothing of the disk.
    pub(super) fn failed(&self, error: &rusqlite::Error) {
        let health = health_after(error);
        if health != Health::Writable {
            self.set(health);
        }
    }

    /// The disk refused a job. Where a small write goes through all the same, it is nearly full.
    pub(super) fn refused(&self, connection: &Connection) {
        if self.probe(connection) == Health::Writable {
            self.set(Health::Full);
        }
    }

    /// Writes something, outside of a transaction, and remembers what came of it.
    pub(super) fn probe(&self, connection: &Connection) -> Health {
        // A log that was moved into the file is begun anew, in the room it has already.
        checkpoint(connection);
        let written = connection.execute(
            "INSERT INTO setting VALUES ('probe', hex(zeroblob(?1 / 2)))
             ON CONFLICT DO UPDATE SET value = excluded.value",
            [PROBE_BYTES],
        );
        match written {
            Ok(_) => self.took(),
            Err(error) => self.failed(&error),
        }
        self.health()
    }

    fn set(&self, health: Health) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use store::{Health, StoreError};

    use super::super::Writer;
    use super::super::tests::{UNTIL_EMPTY, hold};
    use crate::error::broken;

    fn writer() -> Writer {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
                 CREATE TABLE note (text TEXT NOT NULL) STRICT;",
            )
            .unwrap();
        Writer::start(connection, UNTIL_EMPTY, None).unwrap()
    }

    /// Leaves room for so many pages beside those in use: SQLite's own limit is as good a full disk as any.
    async fn leave_room(writer: &Writer, pages: u32) {
        let limited = writer.run_alone(move |connection| {
            let used: u32 =
                connection.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(broken)?;
            connection
                .pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))
                .map_err(broken)
        });
        limited.await.unwrap();
    }

    async fn write(writer: &Writer, bytes: usize) -> Result<(), StoreError> {
        let text = "x".repeat(bytes);
        let written = writer.run(move |connection| {
            connection.execute("INSERT INTO note VALUES (?1)", [text]).map(|_| ()).map_err(broken)
        });
        written.await
    }

    async fn count(writer: &Writer) -> i64 {
        let count = writer.run(|connection| {
            connection.query_row("SELECT count(*) FROM note", [], |row| row.get(0)).map_err(broken)
        });
        count.await.unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_is_told_and_noticed_when_it_has_room_again() {
        let writer = writer();
        assert_eq!(writer.health().await, Health::Writable);
        leave_room(&writer, 0).await;
        assert_eq!(write(&writer, 10_000).await, Err(StoreError::Unwritable));
        assert_eq!(writer.health().await, Health::Full);
        assert_eq!(writer.health().await, Health::Full);
        leave_room(&writer, 1_000).await;
        assert_eq!(writer.health().await, Health::Writable);
        assert_eq!(write(&writer, 10_000).await, Ok(()));
        assert_eq!(count(&writer).await, 1);
    }

    #[tokio::test]
    async fn the_next_write_that_goes_through_says_so_too() {
        let writer = writer();
        leave_room(&writer, 0).await;
        assert_eq!(write(&writer, 10_000).await, Err(StoreError::Unwritable));
        leave_room(&writer, 1_000).await;
        assert_eq!(write(&writer, 10_000).await, Ok(()));
        assert_eq!(writer.disk.health(), Health::Writable);
    }

    #[tokio::test]
    async fn nothing_of_a_batch_is_kept_when_the_disk_refuses_one_of_it() {
        let writer = writer();
        leave_room(&writer, 3).await;
        let (go, held) = std::sync::mpsc::channel();
        let ((), small, large, later, ()) = tokio::join!(
            hold(&writer, held),
            write(&writer, 10),
            write(&writer, 100_000),
            write(&writer, 20),
            async { go.send(()).unwrap() }
        );
        let refused = Err(StoreError::Unwritable);
        assert_eq!((small, large, later), (refused.clone(), refused, Ok(())));
        assert_eq!(count(&writer).await, 1);
    }

    #[tokio::test]
    async fn a_disk_with_room_for_little_is_full_once_it_refused_something() {
        let writer = writer();
        leave_room(&writer, 15).await;
        assert_eq!(write(&writer, 100_000).await, Err(StoreError::Unwritable));
        assert_eq!(writer.disk.health(), Health::Full);
        assert_eq!(writer.health().await, Health::Writable);
    }

    #[tokio::test]
    async fn a_file_that_may_only_be_read_is_told_from_a_full_one() {
        let writer = writer();
        let only_read = |is_so: bool| {
            writer.run_alone(move |connection| {
                connection.pragma_update(None, "query_only", is_so).map_err(broken)
            })
        };
        only_read(true).await.unwrap();
        assert_eq!(write(&writer, 10).await, Err(StoreError::Unwritable));
        assert_eq!(writer.health().await, Health::ReadOnly);
        only_read(false).await.unwrap();
        assert_eq!(writer.health().await, Health::Writable);
    }
}
