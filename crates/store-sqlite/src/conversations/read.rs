//! Conversations as they stand, one or a page of them.

use protocol::agent::LastMessage;
use protocol::conversation::{ConversationHead, Receipts, SurveyResult};
use protocol::id::{AgentId, ConversationId, CustomerId, TouchpointId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, Row};
use store::{Conversation, ConversationFilter, PageStart};

use crate::row::{status_of, status_word, unreadable, unsigned};

/// Characters of a last message in a list.
const PREVIEW_CHARS_MAX: usize = 140;

const SELECT: &str = "SELECT c.conversation_id, c.status, c.head_seq, c.assignee_id, agent.name,
    c.customer_delivered_seq, c.customer_read_seq, c.agent_delivered_seq, c.agent_read_seq,
    c.survey, c.survey_at, c.touchpoint_id, c.customer_id, c.created_at, c.updated_at,
    (SELECT count(*) FROM event e WHERE e.conversation_id = c.conversation_id AND e.seq > c.agent_read_seq
     AND e.kind = 'message' AND e.author = 'customer'),
    last.author, substr(last.text, 1, 140), last.at
    FROM conversation c LEFT JOIN agent ON agent.agent_id = c.assignee_id
    LEFT JOIN event last ON last.conversation_id = c.conversation_id AND last.seq =
    (SELECT m.seq FROM event m WHERE m.conversation_id = c.conversation_id AND m.kind = 'message'
     ORDER BY m.seq DESC LIMIT 1)";

/// Returns one conversation.
pub(super) fn one(
    connection: &Connection,
    conversation_id: &ConversationId,
) -> rusqlite::Result<Option<Conversation>> {
    let sql = format!("{SELECT} WHERE c.conversation_id = ?1");
    connection.prepare_cached(&sql)?.query_row([conversation_id.as_str()], read).optional()
}

/// Returns a page of conversations, newest change first.
pub(super) fn page(
    connection: &Connection,
    filter: ConversationFilter,
    start: Option<PageStart>,
    limit: usize,
) -> rusqlite::Result<Vec<Conversation>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let status = match filter {
        ConversationFilter::Any => "1",
        ConversationFilter::Open => "c.status IN ('UNREAD', 'UNRESOLVED')",
        ConversationFilter::Status(_) => "c.status = :status",
    };
    let after = if start.is_some() { "(c.updated_at, c.conversation_id) < (:at, :id)" } else { "1" };
    let sql = format!(
        "{SELECT} WHERE {status} AND {after} ORDER BY c.updated_at DESC, c.conversation_id DESC LIMIT :limit"
    );
    let mut values: Vec<(&str, Box<dyn ToSql>)> = vec![(":limit", Box::new(limit))];
    if let ConversationFilter::Status(status) = filter {
        values.push((":status", Box::new(status_word(status))));
    }
    if let Some(start) = start {
        values.push((":at", Box::new(start.updated_at.0)));
        values.push((":id", Box::new(start.conversation_id.0)));
    }
    let named: Vec<(&str, &dyn ToSql)> = values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    connection.prepare_cached(&sql)?.query_map(named.as_slice(), read)?.collect()
}

/// Returns a customer's conversations, newest change first.
pub(super) fn of_customer(
    connection: &Connection,
    customer_id: &CustomerId,
    limit: usize,
) -> rusqlite::Result<Vec<Conversation>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "{SELECT} WHERE c.customer_id = ?1 ORDER BY c.updated_at DESC, c.conversation_id DESC LIMIT ?2"
    );
    connection.prepare_cached(&sql)?.query_map((customer_id.as_str(), limit), read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let survey = read_survey(row)?;
    let assignee_id: Option<String> = row.get(3)?;
    let assignee = match assignee_id {
        Some(agent_id) => Some(AgentRef { agent_id: AgentId(agent_id), name: row.get(4)? }),
        None => None,
    };
    let head = ConversationHead {
        conversation_id: ConversationId(row.get(0)?),
        status: status_of(1, row.get_ref(1)?.as_str()?)?,
        head_seq: unsigned(2, row.get(2)?)?,
        assignee,
        receipts: Receipts {
            customer_delivered_seq: unsigned(5, row.get(5)?)?,
            customer_read_seq: unsigned(6, row.get(6)?)?,
            agent_delivered_seq: unsigned(7, row.get(7)?)?,
            agent_read_seq: unsigned(8, row.get(8)?)?,
        },
        is_survey_done: survey.is_some(),
    };
    Ok(Conversation {
        head,
        survey,
        touchpoint_id: TouchpointId(row.get(11)?),
        customer_id: CustomerId(row.get(12)?),
        created_at: UnixMillis(row.get(13)?),
        updated_at: UnixMillis(row.get(14)?),
        unread_count: row.get(15)?,
        last_message: read_last_message(row)?,
    })
}

fn read_survey(row: &Row<'_>) -> rusqlite::Result<Option<SurveyResult>> {
    let Some(at) = row.get::<_, Option<i64>>(10)? else { return Ok(None) };
    let answers = serde_json::from_str(row.get_ref(9)?.as_str()?).map_err(|_| unreadable(9, "survey"))?;
    Ok(Some(SurveyResult { at: UnixMillis(at), answers }))
}

fn read_last_message(row: &Row<'_>) -> rusqlite::Result<Option<LastMessage>> {
    let Some(side) = row.get::<_, Option<String>>(16)? else { return Ok(None) };
    let text: String = row.get(17)?;
    Ok(Some(LastMessage {
        side,
        text: text.chars().take(PREVIEW_CHARS_MAX).collect(),
        at: UnixMillis(row.get(18)?),
    }))
}
