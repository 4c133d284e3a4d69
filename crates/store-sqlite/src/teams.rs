//! Agents who answer together.

use std::collections::BTreeSet;

use protocol::id::{AgentId, TeamId};
use protocol::people::Team;
use rusqlite::{Connection, params};
use store::{StoreError, Teams};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::statement::execute;

#[async_trait::async_trait]
impl Teams for SqliteStore {
    async fn teams(&self) -> Result<Vec<Team>, StoreError> {
        self.read(all).await
    }

    async fn put_team(&self, team: Team) -> Result<(), StoreError> {
        self.write(move |connection| put(connection, &team)).await
    }

    async fn delete_team(&self, team_id: &TeamId) -> Result<(), StoreError> {
        let team_id = team_id.clone();
        self.write(move |connection| {
            // Its members go with it, and conversations have no team any more: both by their foreign keys.
            let deleted = execute(connection, "DELETE FROM team WHERE team_id = ?1", [team_id.as_str()])
                .map_err(broken)?;
            if deleted == 0 { Err(StoreError::NoTeam) } else { Ok(()) }
        })
        .await
    }
}

fn all(connection: &Connection) -> rusqlite::Result<Vec<Team>> {
    let mut teams: Vec<Team> = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT team_id, name, agent_id FROM team LEFT JOIN team_agent USING (team_id)
         ORDER BY name, team_id, place",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let team_id = TeamId(row.get(0)?);
        let member = row.get::<_, Option<String>>(2)?.map(AgentId);
        match teams.last_mut() {
            Some(last) if last.team_id == team_id => last.agent_ids.extend(member),
            _ => teams.push(Team { team_id, name: row.get(1)?, agent_ids: member.into_iter().collect() }),
        }
    }
    Ok(teams)
}

fn put(connection: &Connection, team: &Team) -> Result<(), StoreError> {
    let team_id = team.team_id.as_str();
    execute(
        connection,
        "INSERT INTO team VALUES (?1, ?2) ON CONFLICT (team_id) DO UPDATE SET name = excluded.name",
        [team_id, &team.name],
    )
    .map_err(|error| constraint(error, StoreError::Conflict))?;
    execute(connection, "DELETE FROM team_agent WHERE team_id = ?1", [team_id]).map_err(broken)?;
    let mut seen = BTreeSet::new();
    for (place, agent_id) in (0_i64..).zip(&team.agent_ids) {
        if !seen.insert(agent_id) {
            continue;
        }
        execute(
            connection,
            "INSERT INTO team_agent VALUES (?1, ?2, ?3)",
            params![team_id, agent_id.as_str(), place],
        )
        .map_err(|error| constraint(error, StoreError::NoAgent))?;
    }
    Ok(())
}
