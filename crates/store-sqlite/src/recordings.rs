//! The record of recordings, and of who watched or deleted them.

use protocol::id::{AgentId, CobrowseId, ConversationId, CustomerId, RecordingId, TouchpointId};
use protocol::people::{AgentRef, Identity, display_name};
use protocol::recording::{Recording, RecordingEnd, RecordingEnded};
use protocol::time::UnixMillis;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{RecordingAct, RecordingDeed, RecordingSize, Recordings, RecordingsStart, StoreError};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::row::{signed, unreadable, unsigned};
use crate::statement::execute;

const SELECT: &str =
    "SELECT r.recording_id, r.cobrowse_id, r.conversation_id, c.customer_id, k.email, k.firstname,
    k.lastname, s.agent_id, s.agent_name, r.begun_at, r.ended_at, r.ended_by, r.bytes, r.duration_ms
    FROM recording r JOIN cobrowse s USING (cobrowse_id)
    JOIN conversation c ON c.conversation_id = r.conversation_id
    JOIN customer k ON k.customer_id = c.customer_id";

#[async_trait::async_trait]
impl Recordings for SqliteStore {
    async fn begin_recording(
        &self,
        recording_id: &RecordingId,
        cobrowse_id: &CobrowseId,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let (recording_id, cobrowse_id) = (recording_id.clone(), cobrowse_id.clone());
        self.write(move |connection| begin(connection, &recording_id, &cobrowse_id, at)).await
    }

    async fn end_recording(
        &self,
        recording_id: &RecordingId,
        ended: RecordingEnded,
        size: RecordingSize,
    ) -> Result<(), StoreError> {
        let recording_id = recording_id.clone();
        self.write(move |connection| {
            execute(
                connection,
                "UPDATE recording SET ended_at = ?2, ended_by = ?3, bytes = ?4, duration_ms = ?5
                 WHERE recording_id = ?1 AND ended_at IS NULL",
                params![
                    recording_id.as_str(),
                    ended.at.0,
                    end_word(ended.by),
                    signed(size.bytes),
                    signed(size.duration_ms)
                ],
            )
            .map_err(broken)?;
            let is_known = connection
                .prepare_cached("SELECT 1 FROM recording WHERE recording_id = ?1")
                .and_then(|mut query| query.exists([recording_id.as_str()]))
                .map_err(broken)?;
            if is_known { Ok(()) } else { Err(StoreError::NoRecording) }
        })
        .await
    }

    async fn recording(&self, recording_id: &RecordingId) -> Result<Option<Recording>, StoreError> {
        let recording_id = recording_id.clone();
        self.read(move |connection| {
            let sql = format!("{SELECT} WHERE r.recording_id = ?1");
            connection.prepare_cached(&sql)?.query_row([recording_id.as_str()], read_recording).optional()
        })
        .await
    }

    async fn recordings(
        &self,
        conversation_id: Option<ConversationId>,
        start: Option<RecordingsStart>,
        limit: usize,
    ) -> Result<Vec<Recording>, StoreError> {
        self.read(move |connection| page(connection, conversation_id.as_ref(), start.as_ref(), limit)).await
    }

    async fn unended_recordings(&self) -> Result<Vec<RecordingId>, StoreError> {
        self.read(|connection| {
            ids(connection, "SELECT recording_id FROM recording WHERE ended_at IS NULL ORDER BY begun_at", [])
        })
        .await
    }

    async fn unknown_recordings(&self, known: Vec<RecordingId>) -> Result<Vec<RecordingId>, StoreError> {
        self.read(move |connection| {
            let known = serde_json::to_string(&known).map_err(|_| unreadable(0, "ids"))?;
            let sql = "SELECT value FROM json_each(?1) WHERE NOT EXISTS
                       (SELECT 1 FROM recording WHERE recording_id = value)";
            ids(connection, sql, [known])
        })
        .await
    }

    async fn recordings_before(
        &self,
        touchpoint_id: &TouchpointId,
        before: UnixMillis,
        limit: usize,
    ) -> Result<Vec<RecordingId>, StoreError> {
        let touchpoint_id = touchpoint_id.clone();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let sql = "SELECT recording_id FROM recording r JOIN conversation c USING (conversation_id)
                       WHERE c.touchpoint_id = ?1 AND r.begun_at < ?2 AND r.ended_at IS NOT NULL
                       ORDER BY r.begun_at LIMIT ?3";
            ids(connection, sql, params![touchpoint_id.as_str(), before.0, limit])
        })
        .await
    }

    async fn note_recording_view(
        &self,
        recording_id: &RecordingId,
        agent: AgentRef,
        at: UnixMillis,
        since: UnixMillis,
    ) -> Result<(), StoreError> {
        let recording_id = recording_id.clone();
        self.write(move |connection| {
            let is_noted = connection
                .prepare_cached(
                    "SELECT 1 FROM recording_act WHERE recording_id = ?1 AND deed = 'viewed' AND agent_id = ?2
                     AND at > ?3",
                )
                .and_then(|mut statement| {
                    statement.exists(params![recording_id.as_str(), agent.agent_id.as_str(), since.0])
                })
                .map_err(broken)?;
            if is_noted {
                return Ok(());
            }
            note(connection, &recording_id, RecordingDeed::Viewed, &agent, at)
        })
        .await
    }

    async fn delete_recording(
        &self,
        recording_id: &RecordingId,
        by: Option<AgentRef>,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let recording_id = recording_id.clone();
        self.write(move |connection| {
            if let Some(agent) = by {
                note(connection, &recording_id, RecordingDeed::Deleted, &agent, at)?;
            }
            let sql = "DELETE FROM recording WHERE recording_id = ?1";
            let gone = execute(connection, sql, [recording_id.as_str()]).map_err(broken)?;
            if gone == 0 { Err(StoreError::NoRecording) } else { Ok(()) }
        })
        .await
    }

    async fn recording_acts(
        &self,
        recording_id: &RecordingId,
        limit: usize,
    ) -> Result<Vec<RecordingAct>, StoreError> {
        let recording_id = recording_id.clone();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT deed, agent_id, agent_name, at FROM recording_act WHERE recording_id = ?1
                     ORDER BY at DESC, rowid DESC LIMIT ?2",
                )?
                .query_map(params![recording_id.as_str(), limit], read_act)?
                .collect()
        })
        .await
    }
}

fn begin(
    connection: &Connection,
    recording_id: &RecordingId,
    cobrowse_id: &CobrowseId,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let begun = execute(
        connection,
        "INSERT INTO recording (recording_id, cobrowse_id, conversation_id, begun_at)
         SELECT ?1, cobrowse_id, conversation_id, ?3 FROM cobrowse WHERE cobrowse_id = ?2",
        params![recording_id.as_str(), cobrowse_id.as_str(), at.0],
    )
    .map_err(|error| constraint(error, StoreError::Conflict))?;
    if begun == 0 {
        return Err(StoreError::Conflict);
    }
    execute(connection, "UPDATE cobrowse SET is_recorded = 1 WHERE cobrowse_id = ?1", [cobrowse_id.as_str()])
        .map(|_| ())
        .map_err(broken)
}

fn note(
    connection: &Connection,
    recording_id: &RecordingId,
    deed: RecordingDeed,
    agent: &AgentRef,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let noted = execute(
        connection,
        "INSERT INTO recording_act (recording_id, conversation_id, deed, agent_id, agent_name, at)
         SELECT recording_id, conversation_id, ?2, ?3, ?4, ?5 FROM recording WHERE recording_id = ?1",
        params![recording_id.as_str(), deed_word(deed), agent.agent_id.as_str(), agent.name, at.0],
    )
    .map_err(broken)?;
    if noted == 0 { Err(StoreError::NoRecording) } else { Ok(()) }
}

fn page(
    connection: &Connection,
    conversation_id: Option<&ConversationId>,
    start: Option<&RecordingsStart>,
    limit: usize,
) -> rusqlite::Result<Vec<Recording>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut sql = format!("{SELECT} WHERE 1");
    let mut values: Vec<(&str, &dyn ToSql)> = vec![(":limit", &limit)];
    if let Some(conversation_id) = conversation_id {
        sql.push_str(" AND r.conversation_id = :conversation");
        values.push((":conversation", &conversation_id.0));
    }
    if let Some(start) = start {
        sql.push_str(" AND (r.begun_at, r.recording_id) < (:at, :id)");
        values.push((":at", &start.begun_at.0));
        values.push((":id", &start.recording_id.0));
    }
    sql.push_str(" ORDER BY r.begun_at DESC, r.recording_id DESC LIMIT :limit");
    connection.prepare_cached(&sql)?.query_map(values.as_slice(), read_recording)?.collect()
}

fn ids(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<RecordingId>> {
    connection.prepare_cached(sql)?.query_map(values, |row| row.get(0).map(RecordingId))?.collect()
}

fn read_recording(row: &Row<'_>) -> rusqlite::Result<Recording> {
    let customer_id = CustomerId(row.get(3)?);
    let identity =
        Identity { email: row.get(4)?, firstname: row.get(5)?, lastname: row.get(6)?, ..Identity::default() };
    let ended_at: Option<i64> = row.get(10)?;
    let ended = match ended_at {
        Some(at) => Some(RecordingEnded { at: UnixMillis(at), by: end_of(row.get_ref(11)?.as_str()?)? }),
        None => None,
    };
    Ok(Recording {
        recording_id: RecordingId(row.get(0)?),
        cobrowse_id: CobrowseId(row.get(1)?),
        conversation_id: ConversationId(row.get(2)?),
        customer_name: display_name(&identity, &customer_id),
        customer_id,
        agent: AgentRef { agent_id: AgentId(row.get(7)?), name: row.get(8)? },
        begun_at: UnixMillis(row.get(9)?),
        ended,
        bytes: unsigned(12, row.get(12)?)?,
        duration_ms: unsigned(13, row.get(13)?)?,
    })
}

fn read_act(row: &Row<'_>) -> rusqlite::Result<RecordingAct> {
    let deed = match row.get_ref(0)?.as_str()? {
        "viewed" => RecordingDeed::Viewed,
        "deleted" => RecordingDeed::Deleted,
        _ => return Err(unreadable(0, "deed")),
    };
    let agent = AgentRef { agent_id: AgentId(row.get(1)?), name: row.get(2)? };
    Ok(RecordingAct { deed, agent, at: UnixMillis(row.get(3)?) })
}

fn deed_word(deed: RecordingDeed) -> &'static str {
    match deed {
        RecordingDeed::Viewed => "viewed",
        RecordingDeed::Deleted => "deleted",
    }
}

fn end_word(end: RecordingEnd) -> &'static str {
    match end {
        RecordingEnd::Session => "session",
        RecordingEnd::Limit => "limit",
        RecordingEnd::Disk => "disk",
        RecordingEnd::Server => "server",
    }
}

fn end_of(word: &str) -> rusqlite::Result<RecordingEnd> {
    match word {
        "session" => Ok(RecordingEnd::Session),
        "limit" => Ok(RecordingEnd::Limit),
        "disk" => Ok(RecordingEnd::Disk),
        "server" => Ok(RecordingEnd::Server),
        _ => Err(unreadable(11, "end")),
    }
}
