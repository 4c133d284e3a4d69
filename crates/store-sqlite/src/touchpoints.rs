//! Touchpoints as documents, and what the data is for.

use protocol::id::TouchpointId;
use protocol::touchpoint::Touchpoint;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{Purpose, StoreError, Touchpoints};

use crate::SqliteStore;
use crate::error::broken;
use crate::row::{signed, unreadable};
use crate::statement::execute;

#[async_trait::async_trait]
impl Touchpoints for SqliteStore {
    async fn claim(&self, purpose: Purpose) -> Result<Purpose, StoreError> {
        self.write(move |connection| claim(connection, purpose).map_err(broken)).await
    }

    async fn touchpoints(&self) -> Result<Vec<Touchpoint>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT document FROM touchpoint ORDER BY touchpoint_id")?;
            statement.query_map([], read_document)?.collect()
        })
        .await
    }

    async fn touchpoint(&self, touchpoint_id: &TouchpointId) -> Result<Option<Touchpoint>, StoreError> {
        let touchpoint_id = touchpoint_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT document FROM touchpoint WHERE touchpoint_id = ?1")?
                .query_row([touchpoint_id], read_document)
                .optional()
        })
        .await
    }

    async fn put_touchpoint(&self, touchpoint: Touchpoint) -> Result<Touchpoint, StoreError> {
        self.write(move |connection| put(connection, touchpoint)).await
    }
}

fn claim(connection: &Connection, purpose: Purpose) -> rusqlite::Result<Purpose> {
    let word = match purpose {
        Purpose::Real => "real",
        Purpose::Demo => "demo",
    };
    execute(connection, "INSERT INTO setting VALUES ('purpose', ?1) ON CONFLICT DO NOTHING", [word])?;
    let present: String =
        connection.query_row("SELECT value FROM setting WHERE name = 'purpose'", [], |row| row.get(0))?;
    match present.as_str() {
        "real" => Ok(Purpose::Real),
        "demo" => Ok(Purpose::Demo),
        _ => Err(unreadable(0, "purpose")),
    }
}

fn put(connection: &Connection, mut touchpoint: Touchpoint) -> Result<Touchpoint, StoreError> {
    let present: Option<i64> = connection
        .query_row(
            "SELECT config_version FROM touchpoint WHERE touchpoint_id = ?1",
            [touchpoint.touchpoint_id.as_str()],
            |row| row.get(0),
        )
        .optional()
        .map_err(broken)?;
    if present.unwrap_or(0) != signed(touchpoint.config_version) {
        return Err(StoreError::Conflict);
    }
    touchpoint.config_version += 1;
    let document =
        serde_json::to_string(&touchpoint).map_err(|error| StoreError::Broken(error.to_string()))?;
    execute(
        connection,
        "INSERT INTO touchpoint VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
             SET config_version = excluded.config_version, document = excluded.document",
        params![touchpoint.touchpoint_id.as_str(), signed(touchpoint.config_version), document],
    )
    .map_err(broken)?;
    Ok(touchpoint)
}

fn read_document(row: &Row<'_>) -> rusqlite::Result<Touchpoint> {
    let document = row.get_ref(0)?.as_str()?;
    serde_json::from_str(document).map_err(|_| unreadable(0, "touchpoint"))
}
