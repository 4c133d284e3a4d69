//! Sees to it that no byte of what was erased stays in any file.
//!
//! `secure_delete` overwrites rows where they stand. Two places are left: the log, which holds older versions of
//! pages until it is truncated, and unused parts of pages (see `page`). The whole file is read for the latter, beside
//! the writer and on one snapshot; what changes meanwhile is in the log, and is looked at by the writer at the end,
//! so that no page escapes by being moved.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use store::StoreError;
use tokio::sync::Mutex;

use super::page::{self, PAGES_MAX};
use crate::connection::{BUSY_TIMEOUT, open_for_reading};
use crate::error::broken;
use crate::log;
use crate::readers::Readers;
use crate::writer::Writer;

/// Pages that are cleaned in one transaction.
const CHUNK_PAGES: usize = 128;
/// Pages the writer may look at by itself at the end.
const LAST_PAGES_MAX: usize = 512;
/// How often what changed meanwhile is cleaned before the writer takes what there is.
const ROUNDS_MAX: usize = 8;
/// Tries to truncate the log while another process reads in it.
const TRUNCATE_TRIES: u32 = 300;
/// The pause between two tries.
const TRUNCATE_PAUSE: Duration = Duration::from_millis(50);

/// Cleans up behind erasures, one run at a time.
#[derive(Debug)]
pub(crate) struct Scrubber {
    file: PathBuf,
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    /// Held by whoever keeps a snapshot for long: the log cannot be truncated meanwhile.
    snapshot: Arc<Mutex<()>>,
    wanted: AtomicU64,
    /// The last wish that was fulfilled.
    fulfilled: Mutex<u64>,
}

impl Scrubber {
    /// Makes the one scrubber of a store.
    pub(crate) fn new(
        file: &Path,
        writer: Arc<Writer>,
        readers: Arc<Readers>,
        snapshot: Arc<Mutex<()>>,
    ) -> Self {
        let (wanted, fulfilled) = (AtomicU64::new(0), Mutex::new(0));
        Self { file: file.to_owned(), writer, readers, snapshot, wanted, fulfilled }
    }

    /// Comes back when nothing is left of what was removed before the call. Calls that come meanwhile share a run.
    pub(crate) async fn scrub(&self) -> Result<(), StoreError> {
        let wish = self.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        let mut fulfilled = self.fulfilled.lock().await;
        if *fulfilled >= wish {
            return Ok(());
        }
        let covered = self.wanted.load(Ordering::SeqCst);
        let _alone = self.snapshot.lock().await;
        self.truncate().await?;
        self.clean_pages().await?;
        self.truncate().await?;
        *fulfilled = covered;
        Ok(())
    }

    async fn clean_pages(&self) -> Result<(), StoreError> {
        let file = self.file.clone();
        let task = tokio::task::spawn_blocking(move || scan(&file).map_err(broken));
        let (snapshot, unclean) = task.await.map_err(|error| StoreError::Broken(error.to_string()))??;
        self.clean(unclean).await?;
        let mut position = log::Position::default();
        for round in 0.. {
            let file = self.file.clone();
            let task = tokio::task::spawn_blocking(move || log::pages_since(&file, position));
            let read = task.await.map_err(|error| StoreError::Broken(error.to_string()))?;
            let (pages, next) = read.map_err(|error| StoreError::Broken(error.to_string()))?;
            if pages.len() <= LAST_PAGES_MAX || round == ROUNDS_MAX {
                break;
            }
            self.clean(pages).await?;
            position = next;
        }
        let file = self.file.clone();
        self.writer.run_alone(move |connection| clean_last(connection, &file, position)).await?;
        // Until here the snapshot keeps the log from being begun anew, which would hide what changed.
        drop(snapshot);
        Ok(())
    }

    async fn clean(&self, pages: Vec<u32>) -> Result<(), StoreError> {
        for chunk in pages.chunks(CHUNK_PAGES) {
            let chunk = chunk.to_vec();
            self.writer.run(move |connection| clean(connection, &chunk).map_err(broken)).await?;
        }
        Ok(())
    }

    /// Empties the log. The readers wait meanwhile, as a log that is read in cannot be emptied; that takes as long
    /// as writing what is in it into the file.
    async fn truncate(&self) -> Result<(), StoreError> {
        for _ in 0..TRUNCATE_TRIES {
            let pause = self.readers.pause().await?;
            let is_truncated =
                self.writer.run_alone(|connection| truncate(connection).map_err(broken)).await?;
            drop(pause);
            if is_truncated {
                return Ok(());
            }
            tokio::time::sleep(TRUNCATE_PAUSE).await;
        }
        Err(StoreError::Busy)
    }
}

/// Whether bytes of what was erased are left.
pub(super) fn is_scrub_due(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM setting WHERE name = 'scrub'")?.exists([])
}

/// Does the same on the only connection there is: what was due when the process ended.
pub(crate) fn scrub_alone(connection: &Connection) -> Result<(), StoreError> {
    // Whether pages can be reached is decided when SQLite is compiled (`.cargo/config.toml`): better no store than
    // one that promises to erase and cannot.
    connection.prepare("SELECT 1 FROM sqlite_dbpage").map_err(broken)?;
    truncate(connection).map_err(broken)?;
    if !is_scrub_due(connection).map_err(broken)? {
        return Ok(());
    }
    let unclean = unclean_pages(connection).map_err(broken)?;
    let transaction =
        Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(broken)?;
    clean(&transaction, &unclean).map_err(broken)?;
    unmark(&transaction).map_err(broken)?;
    transaction.commit().map_err(broken)?;
    truncate(connection).map(|_| ()).map_err(broken)
}

/// Whether the log is empty now; `false` while somebody reads in it.
fn truncate(connection: &Connection) -> rusqlite::Result<bool> {
    // Whoever reads in it may do so for long, and the writer has other work.
    connection.busy_timeout(Duration::ZERO)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(!is_busy?)
}

/// Returns the pages with something left, and the connection that holds the snapshot they were found on.
fn scan(file: &Path) -> rusqlite::Result<(Connection, Vec<u32>)> {
    let connection = open_for_reading(file)?;
    connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let unclean = unclean_pages(&connection)?;
    Ok((connection, unclean))
}

fn unclean_pages(connection: &Connection) -> rusqlite::Result<Vec<u32>> {
    let mut unclean = Vec::new();
    let mut statement = connection.prepare("SELECT pgno, data FROM sqlite_dbpage")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let number: u32 = row.get(0)?;
        if number >= PAGES_MAX {
            break;
        }
        if page::is_unclean(number, row.get_ref(1)?.as_blob()?) {
            unclean.push(number);
        }
    }
    Ok(unclean)
}

fn clean(connection: &Connection, pages: &[u32]) -> rusqlite::Result<()> {
    let mut read = connection.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
    let mut write = connection.prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?;
    for number in pages {
        let mut rows = read.query([number])?;
        let Some(row) = rows.next()? else { continue };
        let present = row.get_ref(0)?.as_blob()?;
        if !page::is_unclean(*number, present) {
            continue;
        }
        let mut cleaned = present.to_vec();
        drop(rows);
        page::clean(*number, &mut cleaned);
        write.execute((number, cleaned))?;
    }
    Ok(())
}

/// Cleans what changed since `position`, with nobody writing beside it, and notes that nothing is due.
fn clean_last(connection: &Connection, file: &Path, position: log::Position) -> Result<(), StoreError> {
    let transaction =
        Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(broken)?;
    let (pages, _) =
        log::pages_since(file, position).map_err(|error| StoreError::Broken(error.to_string()))?;
    clean(&transaction, &pages).map_err(broken)?;
    unmark(&transaction).map_err(broken)?;
    transaction.commit().map_err(broken)
}

fn unmark(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM setting WHERE name = 'scrub'", []).map(|_| ())
}
