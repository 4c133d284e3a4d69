//! Those who answer.

use std::collections::BTreeMap;

use protocol::id::AgentId;
use protocol::people::AgentProfile;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{Agents, NewAgent, StoreError, StoredAgent};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::row::{role_of, role_word};
use crate::statement::execute;

/// The columns `read_agent` reads, of a table or alias `agent`.
pub(crate) const AGENT_COLUMNS: &str = "agent.agent_id, agent.name, agent.email, agent.role, \
     agent.max_concurrent, agent.password_hash, agent.is_away";

#[async_trait::async_trait]
impl Agents for SqliteStore {
    async fn create_agent(&self, agent: NewAgent) -> Result<(), StoreError> {
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO agent (agent_id, email, name, role, max_concurrent, password_hash, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    agent.profile.agent_id.as_str(),
                    agent.profile.email.to_lowercase(),
                    agent.profile.name,
                    role_word(agent.profile.role),
                    agent.profile.max_concurrent,
                    agent.password_hash,
                    agent.created_at.0
                ],
            )
            .map(|_| ())
            .map_err(|error| constraint(error, StoreError::Conflict))
        })
        .await
    }

    async fn agents(&self) -> Result<Vec<StoredAgent>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {AGENT_COLUMNS} FROM agent ORDER BY name, agent_id");
            connection.prepare_cached(&sql)?.query_map([], read_agent)?.collect()
        })
        .await
    }

    async fn agent(&self, agent_id: &AgentId) -> Result<Option<StoredAgent>, StoreError> {
        let agent_id = agent_id.0.clone();
        self.read(move |connection| one(connection, "agent_id", &agent_id)).await
    }

    async fn agent_by_email(&self, email: &str) -> Result<Option<StoredAgent>, StoreError> {
        let email = email.to_lowercase();
        self.read(move |connection| one(connection, "email", &email)).await
    }

    async fn set_away(&self, agent_id: &AgentId, is_away: bool) -> Result<(), StoreError> {
        let agent_id = agent_id.0.clone();
        self.write(move |connection| {
            let changed = execute(
                connection,
                "UPDATE agent SET is_away = ?2 WHERE agent_id = ?1",
                params![agent_id, is_away],
            )
            .map_err(broken)?;
            if changed == 0 { Err(StoreError::NoAgent) } else { Ok(()) }
        })
        .await
    }

    async fn open_chats(&self) -> Result<BTreeMap<AgentId, u32>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT assignee_id, count(*) FROM conversation
                     WHERE status <> 'DONE' AND assignee_id IS NOT NULL GROUP BY assignee_id",
                )?
                .query_map([], |row| Ok((AgentId(row.get(0)?), row.get(1)?)))?
                .collect()
        })
        .await
    }
}

fn one(connection: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<StoredAgent>> {
    let sql = format!("SELECT {AGENT_COLUMNS} FROM agent WHERE {column} = ?1");
    connection.prepare_cached(&sql)?.query_row([value], read_agent).optional()
}

/// Reads the columns of `AGENT_COLUMNS`.
pub(crate) fn read_agent(row: &Row<'_>) -> rusqlite::Result<StoredAgent> {
    let profile = AgentProfile {
        agent_id: AgentId(row.get(0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        role: role_of(3, row.get_ref(3)?.as_str()?)?,
        max_concurrent: row.get(4)?,
    };
    Ok(StoredAgent { profile, password_hash: row.get(5)?, is_away: row.get(6)? })
}
