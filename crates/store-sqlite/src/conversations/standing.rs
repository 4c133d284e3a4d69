//! Where a conversation stands, as far as a change has to know: one row, without its messages.

use protocol::conversation::{ConversationStatus, Receipts};
use protocol::id::{AgentId, ConversationId, CustomerId, TeamId};
use rusqlite::{Connection, OptionalExtension as _, Row};
use store::StoreError;

use crate::error::broken;
use crate::row::{status_of, unsigned};

/// Where a conversation stands inside the running transaction. Whoever changes the row changes this too.
pub(super) struct Standing {
    /// Its row, which spares the way over the id.
    pub(super) row: i64,
    pub(super) conversation_id: ConversationId,
    pub(super) customer_id: CustomerId,
    pub(super) status: ConversationStatus,
    pub(super) head_seq: u64,
    pub(super) assignee_id: Option<AgentId>,
    pub(super) team_id: Option<TeamId>,
    pub(super) receipts: Receipts,
    pub(super) is_survey_done: bool,
}

/// Returns where the conversation stands.
pub(super) fn of(connection: &Connection, conversation_id: &ConversationId) -> Result<Standing, StoreError> {
    find(connection, conversation_id)?.ok_or(StoreError::NoConversation)
}

/// The same, if the conversation is this customer's.
pub(super) fn of_owner(
    connection: &Connection,
    conversation_id: &ConversationId,
    owner: Option<&CustomerId>,
) -> Result<Standing, StoreError> {
    let present = of(connection, conversation_id)?;
    match owner {
        Some(owner) if *owner != present.customer_id => Err(StoreError::NoConversation),
        Some(_) | None => Ok(present),
    }
}

/// The same for a conversation that may not be there yet.
pub(super) fn find(
    connection: &Connection,
    conversation_id: &ConversationId,
) -> Result<Option<Standing>, StoreError> {
    connection
        .prepare_cached(
            "SELECT customer_id, status, head_seq, assignee_id, customer_delivered_seq, customer_read_seq,
             agent_delivered_seq, agent_read_seq, survey_at IS NOT NULL, team_id, rowid, conversation_id
             FROM conversation WHERE conversation_id = ?1",
        )
        .and_then(|mut statement| statement.query_row([conversation_id.as_str()], read).optional())
        .map_err(broken)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        row: row.get(10)?,
        conversation_id: ConversationId(row.get(11)?),
        customer_id: CustomerId(row.get(0)?),
        status: status_of(1, row.get_ref(1)?.as_str()?)?,
        head_seq: unsigned(2, row.get(2)?)?,
        assignee_id: row.get::<_, Option<String>>(3)?.map(AgentId),
        team_id: row.get::<_, Option<String>>(9)?.map(TeamId),
        receipts: Receipts {
            customer_delivered_seq: unsigned(4, row.get(4)?)?,
            customer_read_seq: unsigned(5, row.get(5)?)?,
            agent_delivered_seq: unsigned(6, row.get(6)?)?,
            agent_read_seq: unsigned(7, row.get(7)?)?,
        },
        is_survey_done: row.get(8)?,
    })
}
