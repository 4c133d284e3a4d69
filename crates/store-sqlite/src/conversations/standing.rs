//! Where a conversation stands, as far as a change has to know: one row, without its messages.

use protocol::conversation::{ConversationEvent, ConversationStatus, Receipts};
use protocol::id::{AgentId, ConversationId, CustomerId, TeamId};
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{Changed, StoreError};

use crate::error::broken;
use crate::row::{signed, status_of, status_word, unsigned};
use crate::statement::execute;

/// What of a row is not written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Unwritten {
    #[default]
    Nothing,
    /// The head and the time of the newest event.
    Head,
    /// The status as well.
    Status,
    /// Who has it and since when it waits, as well.
    Assignment,
}

/// Where a conversation stands inside the running transaction. What changes is written once, at the end of
/// [`change`]: each statement would write the row and its indexes anew.
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
    /// Since when it waits for somebody to answer it.
    pub(super) waiting_since: Option<UnixMillis>,
    /// When its newest event was stored.
    pub(super) updated_at: UnixMillis,
    pub(super) unwritten: Unwritten,
}

impl Standing {
    /// Takes note that this is to be written as well.
    pub(super) fn touch(&mut self, unwritten: Unwritten) {
        self.unwritten = self.unwritten.max(unwritten);
    }

    fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        let (head_seq, updated_at) = (signed(self.head_seq), self.updated_at.0);
        // Columns that stay as they are are left out, and so are the indexes they are in.
        match self.unwritten {
            Unwritten::Nothing => return Ok(()),
            Unwritten::Head => execute(
                connection,
                "UPDATE conversation SET head_seq = ?2, updated_at = ?3 WHERE rowid = ?1",
                params![self.row, head_seq, updated_at],
            ),
            Unwritten::Status => execute(
                connection,
                "UPDATE conversation SET head_seq = ?2, updated_at = ?3, status = ?4 WHERE rowid = ?1",
                params![self.row, head_seq, updated_at, status_word(self.status)],
            ),
            Unwritten::Assignment => execute(
                connection,
                "UPDATE conversation SET head_seq = ?2, updated_at = ?3, status = ?4, assignee_id = ?5,
                     team_id = ?6, waiting_since = ?7 WHERE rowid = ?1",
                params![
                    self.row,
                    head_seq,
                    updated_at,
                    status_word(self.status),
                    self.assignee_id.as_ref().map(AgentId::as_str),
                    self.team_id.as_ref().map(TeamId::as_str),
                    self.waiting_since.map(|since| since.0),
                ],
            ),
        }
        .map(|_| ())
    }
}

/// Runs a change of a conversation and writes where it stands after it.
pub(super) fn change(
    connection: &Connection,
    mut present: Standing,
    work: impl FnOnce(&mut Standing) -> Result<Vec<ConversationEvent>, StoreError>,
) -> Result<Changed, StoreError> {
    let events = work(&mut present)?;
    present.write(connection).map_err(broken)?;
    Ok(Changed { customer_id: present.customer_id, events })
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
             agent_delivered_seq, agent_read_seq, survey_at IS NOT NULL, team_id, rowid, conversation_id,
             waiting_since, updated_at FROM conversation WHERE conversation_id = ?1",
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
        waiting_since: row.get::<_, Option<i64>>(12)?.map(UnixMillis),
        updated_at: UnixMillis(row.get(13)?),
        unwritten: Unwritten::Nothing,
    })
}
