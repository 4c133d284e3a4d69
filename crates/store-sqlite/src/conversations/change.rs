//! Changes of a conversation that are not messages: status, receipts, survey.

use protocol::conversation::{Author, ConversationEvent, ConversationStatus, EventKind, Side};
use protocol::time::UnixMillis;
use rusqlite::{Connection, params};
use store::{Changed, MovedReceipts, StoreError, SurveyToStore};

use super::standing::{self, Standing, Unwritten};
use super::{event, waiting};
use crate::error::broken;
use crate::row::signed;
use crate::statement::execute;

/// Sets the status, with an event if it is another one.
pub(super) fn status(
    connection: &Connection,
    present: Standing,
    status: ConversationStatus,
    author: &Author,
    at: UnixMillis,
) -> Result<Changed, StoreError> {
    standing::change(connection, present, |present| status_from(connection, present, status, author, at))
}

/// The same inside a change.
pub(super) fn status_from(
    connection: &Connection,
    present: &mut Standing,
    status: ConversationStatus,
    author: &Author,
    at: UnixMillis,
) -> Result<Vec<ConversationEvent>, StoreError> {
    if present.status == status {
        return Ok(Vec::new());
    }
    present.status = status;
    present.touch(Unwritten::Status);
    waiting::settle(present, at);
    Ok(vec![event::add(connection, present, at, author, EventKind::Status { status })?])
}

/// Moves a side's receipts forward, within what there is.
pub(super) fn receipt(
    connection: &Connection,
    present: Standing,
    side: Side,
    delivered_seq: u64,
    read_seq: u64,
) -> Result<Option<MovedReceipts>, StoreError> {
    let mut receipts = present.receipts;
    let (delivered, read) = match side {
        Side::Customer => (&mut receipts.customer_delivered_seq, &mut receipts.customer_read_seq),
        Side::Agent => (&mut receipts.agent_delivered_seq, &mut receipts.agent_read_seq),
    };
    // What was read was delivered, whatever order the two numbers came in.
    *delivered = (*delivered).max(delivered_seq.max(read_seq).min(present.head_seq));
    *read = (*read).max(read_seq.min(present.head_seq));
    if receipts == present.receipts {
        return Ok(None);
    }
    execute(
        connection,
        "UPDATE conversation SET customer_delivered_seq = ?2, customer_read_seq = ?3,
             agent_delivered_seq = ?4, agent_read_seq = ?5 WHERE rowid = ?1",
        params![
            present.row,
            signed(receipts.customer_delivered_seq),
            signed(receipts.customer_read_seq),
            signed(receipts.agent_delivered_seq),
            signed(receipts.agent_read_seq)
        ],
    )
    .map_err(broken)?;
    Ok(Some(MovedReceipts { customer_id: present.customer_id, receipts }))
}

/// Keeps the first answers. Skipping leaves no event, as nothing was answered.
pub(super) fn survey(connection: &Connection, survey: &SurveyToStore) -> Result<Changed, StoreError> {
    let present = standing::of_owner(connection, &survey.conversation_id, Some(&survey.customer_id))?;
    if present.is_survey_done {
        return Ok(Changed { customer_id: present.customer_id, events: Vec::new() });
    }
    let answers =
        serde_json::to_string(&survey.answers).map_err(|error| StoreError::Broken(error.to_string()))?;
    execute(
        connection,
        "UPDATE conversation SET survey = ?2, survey_at = ?3 WHERE rowid = ?1",
        params![present.row, answers, survey.at.0],
    )
    .map_err(broken)?;
    standing::change(connection, present, |present| {
        if survey.answers.is_empty() {
            return Ok(Vec::new());
        }
        let what = EventKind::SurveyAnswered;
        Ok(vec![event::add(connection, present, survey.at, &Author::Customer, what)?])
    })
}
