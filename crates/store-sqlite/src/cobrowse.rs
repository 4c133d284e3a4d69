//! The record of co-browse sessions.

use protocol::cobrowse::CobrowseEnd;
use protocol::id::{AgentId, CobrowseId, ConversationId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use rusqlite::{Row, params};
use store::{CobrowseAudit, CobrowseAudits, CobrowseStep, StoreError};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::row::{end_of, end_word};
use crate::statement::execute;

#[async_trait::async_trait]
impl CobrowseAudits for SqliteStore {
    async fn cobrowse_asked(
        &self,
        cobrowse_id: &CobrowseId,
        conversation_id: &ConversationId,
        agent: AgentRef,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let (cobrowse_id, conversation_id) = (cobrowse_id.0.clone(), conversation_id.0.clone());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO cobrowse (cobrowse_id, conversation_id, agent_id, agent_name, asked_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                params![cobrowse_id, conversation_id, agent.agent_id.as_str(), agent.name, at.0],
            )
            .map(|_| ())
            .map_err(|error| constraint(error, StoreError::NoConversation))
        })
        .await
    }

    async fn cobrowse_granted(&self, cobrowse_id: &CobrowseId, at: UnixMillis) -> Result<(), StoreError> {
        let cobrowse_id = cobrowse_id.0.clone();
        self.write(move |connection| {
            execute(
                connection,
                "UPDATE cobrowse SET granted_at = ?2 WHERE cobrowse_id = ?1",
                params![cobrowse_id, at.0],
            )
            .map(|_| ())
            .map_err(broken)
        })
        .await
    }

    async fn cobrowse_ended(
        &self,
        cobrowse_id: &CobrowseId,
        end: CobrowseEnd,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let cobrowse_id = cobrowse_id.0.clone();
        self.write(move |connection| {
            execute(
                connection,
                "UPDATE cobrowse SET ended_at = ?2, ended_how = ?3
                     WHERE cobrowse_id = ?1 AND ended_at IS NULL",
                params![cobrowse_id, at.0, end_word(end)],
            )
            .map(|_| ())
            .map_err(broken)
        })
        .await
    }

    async fn cobrowse_step(&self, cobrowse_id: &CobrowseId, step: CobrowseStep) -> Result<(), StoreError> {
        let cobrowse_id = cobrowse_id.0.clone();
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO cobrowse_step (cobrowse_id, agent_id, agent_name, at, what, outcome, times)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    cobrowse_id,
                    step.agent.agent_id.as_str(),
                    step.agent.name,
                    step.at.0,
                    step.what,
                    step.outcome,
                    step.times
                ],
            )
            .map(|_| ())
            .map_err(broken)
        })
        .await
    }

    async fn cobrowse_steps(&self, cobrowse_id: &CobrowseId) -> Result<Vec<CobrowseStep>, StoreError> {
        let cobrowse_id = cobrowse_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT agent_id, agent_name, at, what, outcome, times FROM cobrowse_step
                     WHERE cobrowse_id = ?1 ORDER BY step_id",
                )?
                .query_map([cobrowse_id], read_step)?
                .collect()
        })
        .await
    }

    async fn cobrowse_audits(
        &self,
        conversation_id: &ConversationId,
    ) -> Result<Vec<CobrowseAudit>, StoreError> {
        let conversation_id = conversation_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT cobrowse_id, conversation_id, agent_id, agent_name, asked_at, granted_at, ended_at,
                     ended_how, is_recorded FROM cobrowse WHERE conversation_id = ?1 ORDER BY asked_at, cobrowse_id",
                )?
                .query_map([conversation_id], read_audit)?
                .collect()
        })
        .await
    }
}

fn read_step(row: &Row<'_>) -> rusqlite::Result<CobrowseStep> {
    Ok(CobrowseStep {
        agent: AgentRef { agent_id: AgentId(row.get(0)?), name: row.get(1)? },
        at: UnixMillis(row.get(2)?),
        what: row.get(3)?,
        outcome: row.get(4)?,
        times: row.get(5)?,
    })
}

fn read_audit(row: &Row<'_>) -> rusqlite::Result<CobrowseAudit> {
    let ended_at: Option<i64> = row.get(6)?;
    let ended = match ended_at {
        Some(at) => Some((UnixMillis(at), end_of(7, row.get_ref(7)?.as_str()?)?)),
        None => None,
    };
    Ok(CobrowseAudit {
        cobrowse_id: CobrowseId(row.get(0)?),
        conversation_id: ConversationId(row.get(1)?),
        agent: AgentRef { agent_id: AgentId(row.get(2)?), name: row.get(3)? },
        asked_at: UnixMillis(row.get(4)?),
        granted_at: row.get::<_, Option<i64>>(5)?.map(UnixMillis),
        is_recorded: row.get(8)?,
        ended,
    })
}
