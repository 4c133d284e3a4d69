//! Conversations that nobody answers: since when they wait, and in what order.

use protocol::conversation::ConversationStatus;
use protocol::id::{AgentId, ConversationId, TeamId, TouchpointId};
use protocol::time::UnixMillis;
use rusqlite::{Connection, Row, params};
use store::WaitingConversation;

use super::standing::{Standing, Unwritten};
use crate::row::unreadable;

/// Begins or ends the wait after status or assignee changed: open and without an agent waits, from now on or from
/// when it began to.
pub(super) fn settle(present: &mut Standing, at: UnixMillis) {
    let waits = present.status != ConversationStatus::Done && present.assignee_id.is_none();
    let since = waits.then(|| present.waiting_since.unwrap_or(at));
    if since != present.waiting_since {
        present.waiting_since = since;
        present.touch(Unwritten::Assignment);
    }
}

/// Returns open conversations without an agent, those that wait longest first.
pub(super) fn longest(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<WaitingConversation>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "SELECT c.conversation_id, c.touchpoint_id, c.team_id, customer.labels, c.waiting_since
             FROM conversation c JOIN customer USING (customer_id)
             WHERE c.waiting_since IS NOT NULL ORDER BY c.waiting_since, c.conversation_id LIMIT ?1",
        )?
        .query_map([limit], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<WaitingConversation> {
    let labels = row.get_ref(3)?.as_str()?;
    Ok(WaitingConversation {
        conversation_id: ConversationId(row.get(0)?),
        touchpoint_id: TouchpointId(row.get(1)?),
        team_id: row.get::<_, Option<String>>(2)?.map(TeamId),
        labels: serde_json::from_str(labels).map_err(|_| unreadable(3, "labels"))?,
        since: UnixMillis(row.get(4)?),
    })
}

/// Returns the open conversations of an agent.
pub(super) fn open_of(
    connection: &Connection,
    agent_id: &AgentId,
    limit: usize,
) -> rusqlite::Result<Vec<ConversationId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "SELECT conversation_id FROM conversation WHERE assignee_id = ?1 AND status <> 'DONE' LIMIT ?2",
        )?
        .query_map(params![agent_id.as_str(), limit], |row| row.get(0).map(ConversationId))?
        .collect()
}
