//! Changes of a conversation that are not messages: status, assignee, receipts, survey.

use protocol::conversation::{Author, ConversationEvent, ConversationStatus, EventKind, Side};
use protocol::id::{AgentId, ConversationId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use store::{Changed, MovedReceipts, StoreError, SurveyToStore};

use super::event;
use super::standing::{self, Standing};
use crate::error::broken;
use crate::row::{signed, status_word};

/// Sets the status, with an event if it is another one.
pub(super) fn status(
    connection: &Connection,
    conversation_id: &ConversationId,
    status: ConversationStatus,
    author: &Author,
    at: UnixMillis,
) -> Result<Changed, StoreError> {
    let present = standing::of(connection, conversation_id)?;
    let events = status_from(connection, conversation_id, &present, status, author, at)?;
    Ok(Changed { customer_id: present.customer_id, events })
}

/// The same where it is known how the conversation stands.
pub(super) fn status_from(
    connection: &Connection,
    conversation_id: &ConversationId,
    present: &Standing,
    status: ConversationStatus,
    author: &Author,
    at: UnixMillis,
) -> Result<Vec<ConversationEvent>, StoreError> {
    if present.status == status {
        return Ok(Vec::new());
    }
    connection
        .prepare_cached("UPDATE conversation SET status = ?2 WHERE conversation_id = ?1")
        .and_then(|mut statement| statement.execute([conversation_id.as_str(), status_word(status)]))
        .map_err(broken)?;
    Ok(vec![event::add(connection, conversation_id, at, author, EventKind::Status { status })?])
}

/// Gives the conversation to an agent or to nobody.
pub(super) fn assignee(
    connection: &Connection,
    conversation_id: &ConversationId,
    agent_id: Option<AgentId>,
    only_if: Option<Option<AgentId>>,
    author: &Author,
    at: UnixMillis,
) -> Result<Changed, StoreError> {
    let Standing { customer_id, assignee_id, .. } = standing::of(connection, conversation_id)?;
    if only_if.is_some_and(|expected| expected != assignee_id) {
        return Err(StoreError::Conflict);
    }
    if agent_id == assignee_id {
        return Ok(Changed { customer_id, events: Vec::new() });
    }
    let event = give(connection, conversation_id, agent_id, author, at)?;
    Ok(Changed { customer_id, events: vec![event] })
}

/// Gives the conversation away, whoever has it.
pub(super) fn give(
    connection: &Connection,
    conversation_id: &ConversationId,
    agent_id: Option<AgentId>,
    author: &Author,
    at: UnixMillis,
) -> Result<ConversationEvent, StoreError> {
    let agent = match agent_id {
        Some(agent_id) => Some(named(connection, agent_id)?),
        None => None,
    };
    connection
        .prepare_cached("UPDATE conversation SET assignee_id = ?2 WHERE conversation_id = ?1")
        .and_then(|mut statement| {
            let assignee_id = agent.as_ref().map(|agent| agent.agent_id.as_str());
            statement.execute(params![conversation_id.as_str(), assignee_id])
        })
        .map_err(broken)?;
    event::add(connection, conversation_id, at, author, EventKind::Assigned { agent })
}

fn named(connection: &Connection, agent_id: AgentId) -> Result<AgentRef, StoreError> {
    let name: Option<String> = connection
        .prepare_cached("SELECT name FROM agent WHERE agent_id = ?1")
        .and_then(|mut statement| statement.query_row([agent_id.as_str()], |row| row.get(0)).optional())
        .map_err(broken)?;
    Ok(AgentRef { name: name.ok_or(StoreError::NoAgent)?, agent_id })
}

/// Moves a side's receipts forward, within what there is.
pub(super) fn receipt(
    connection: &Connection,
    conversation_id: &ConversationId,
    side: Side,
    delivered_seq: u64,
    read_seq: u64,
) -> Result<Option<MovedReceipts>, StoreError> {
    let present = standing::of(connection, conversation_id)?;
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
    connection
        .prepare_cached(
            "UPDATE conversation SET customer_delivered_seq = ?2, customer_read_seq = ?3,
             agent_delivered_seq = ?4, agent_read_seq = ?5 WHERE conversation_id = ?1",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                conversation_id.as_str(),
                signed(receipts.customer_delivered_seq),
                signed(receipts.customer_read_seq),
                signed(receipts.agent_delivered_seq),
                signed(receipts.agent_read_seq)
            ])
        })
        .map_err(broken)?;
    Ok(Some(MovedReceipts { customer_id: present.customer_id, receipts }))
}

/// Keeps the first answers. Skipping leaves no event, as nothing was answered.
pub(super) fn survey(connection: &Connection, survey: &SurveyToStore) -> Result<Changed, StoreError> {
    let Standing { customer_id, is_survey_done, .. } = standing::of(connection, &survey.conversation_id)?;
    if customer_id != survey.customer_id {
        return Err(StoreError::NoConversation);
    }
    if is_survey_done {
        return Ok(Changed { customer_id, events: Vec::new() });
    }
    let answers =
        serde_json::to_string(&survey.answers).map_err(|error| StoreError::Broken(error.to_string()))?;
    connection
        .execute(
            "UPDATE conversation SET survey = ?2, survey_at = ?3 WHERE conversation_id = ?1",
            params![survey.conversation_id.as_str(), answers, survey.at.0],
        )
        .map_err(broken)?;
    let mut events = Vec::new();
    if !survey.answers.is_empty() {
        let what = EventKind::SurveyAnswered;
        events.push(event::add(connection, &survey.conversation_id, survey.at, &Author::Customer, what)?);
    }
    Ok(Changed { customer_id, events })
}
