//! Who answers a conversation: an agent, whoever of a team takes it, or whoever takes it.

use protocol::conversation::{Author, ConversationEvent, EventKind};
use protocol::id::{AgentId, TeamId};
use protocol::people::{AgentRef, TeamRef};
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _};
use store::{Assignee, Changed, NewAssignment, StoreError};

use super::standing::{self, Standing, Unwritten};
use super::{event, waiting};
use crate::error::broken;

/// Gives the conversation to somebody, with an event if it is somebody else or a note comes along.
pub(super) fn assign(connection: &Connection, assignment: NewAssignment) -> Result<Changed, StoreError> {
    let NewAssignment { conversation_id, to, only_if, note, author, at } = assignment;
    let present = standing::of(connection, &conversation_id)?;
    if only_if.is_some_and(|expected| expected != present.assignee_id) {
        return Err(StoreError::Conflict);
    }
    let (next_agent_id, next_team_id) = match to {
        Assignee::Agent(agent_id) => (Some(agent_id), present.team_id.clone()),
        Assignee::Team(team_id) => (None, Some(team_id)),
        Assignee::Nobody => (None, None),
    };
    let is_same = (&next_agent_id, &next_team_id) == (&present.assignee_id, &present.team_id);
    // A note is kept, also for whoever has it already.
    if is_same && note.is_none() {
        return Ok(Changed { customer_id: present.customer_id, events: Vec::new() });
    }
    let given = Given::named(connection, next_agent_id, next_team_id, note)?;
    standing::change(connection, present, |present| Ok(vec![give(connection, present, given, &author, at)?]))
}

/// Who has a conversation from now on.
pub(super) struct Given {
    agent: Option<AgentRef>,
    team: Option<TeamRef>,
    note: Option<String>,
}

impl Given {
    /// Looks up what they are called.
    pub(super) fn named(
        connection: &Connection,
        agent_id: Option<AgentId>,
        team_id: Option<TeamId>,
        note: Option<String>,
    ) -> Result<Self, StoreError> {
        let agent = agent_id.map(|agent_id| agent_named(connection, agent_id)).transpose()?;
        let team = team_id.map(|team_id| team_named(connection, team_id)).transpose()?;
        Ok(Self { agent, team, note })
    }
}

/// Gives the conversation away, whoever has it.
pub(super) fn give(
    connection: &Connection,
    present: &mut Standing,
    given: Given,
    author: &Author,
    at: UnixMillis,
) -> Result<ConversationEvent, StoreError> {
    let Given { agent, team, note } = given;
    present.assignee_id = agent.as_ref().map(|agent| agent.agent_id.clone());
    present.team_id = team.as_ref().map(|team| team.team_id.clone());
    present.touch(Unwritten::Assignment);
    waiting::settle(present, at);
    event::add(connection, present, at, author, EventKind::Assigned { agent, team, note })
}

fn agent_named(connection: &Connection, agent_id: AgentId) -> Result<AgentRef, StoreError> {
    let name: Option<String> = connection
        .prepare_cached("SELECT name FROM agent WHERE agent_id = ?1")
        .and_then(|mut statement| statement.query_row([agent_id.as_str()], |row| row.get(0)).optional())
        .map_err(broken)?;
    Ok(AgentRef { name: name.ok_or(StoreError::NoAgent)?, agent_id })
}

fn team_named(connection: &Connection, team_id: TeamId) -> Result<TeamRef, StoreError> {
    let name: Option<String> = connection
        .prepare_cached("SELECT name FROM team WHERE team_id = ?1")
        .and_then(|mut statement| statement.query_row([team_id.as_str()], |row| row.get(0)).optional())
        .map_err(broken)?;
    Ok(TeamRef { name: name.ok_or(StoreError::NoTeam)?, team_id })
}
