//! Statements that are prepared once for each connection.

use rusqlite::{Connection, Params};

/// Runs a statement that answers nothing; gives back how many rows it changed.
pub(crate) fn execute(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    connection.prepare_cached(sql)?.execute(params)
}
