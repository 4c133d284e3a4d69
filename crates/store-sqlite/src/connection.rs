//! How connections are opened: WAL, every commit on disk before it is acknowledged, foreign keys kept, what is deleted
//! overwritten.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// How long a connection waits for another process that writes.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const CACHED_STATEMENTS: usize = 128;
/// Pages kept in memory, in KiB: the writer comes back to the same ones all the time, readers seldom.
const WRITER_CACHE_KIB: i32 = 8 * 1024;
const READER_CACHE_KIB: i32 = 1024;

/// Opens the one connection that writes, and makes the file when it is missing.
pub(crate) fn open_for_writing(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    prepare(&connection, WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL can lose an acknowledged message when the power goes.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // The checkpointer moves what is in the log.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn open_for_reading(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    prepare(&connection, READER_CACHE_KIB)?;
    Ok(connection)
}

fn prepare(connection: &Connection, cache_kib: i32) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    // What SQLite puts aside would otherwise go to files of its own, texts of messages among it.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // A value that is bound anew may not change a plan: with the statistics SQLite is built with, it would plan nearly
    // every cached statement again each time it runs, which costs several times what running it does.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(())
}
