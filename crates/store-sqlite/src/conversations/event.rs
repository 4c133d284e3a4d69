//! Events as rows: given their place, written, and read back.

use protocol::conversation::{Author, ConversationEvent, EventKind};
use protocol::id::{AgentId, ConversationId, MessageId};
use protocol::people::AgentRef;
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::StoreError;

use crate::error::broken;
use crate::row::{signed, status_of, status_word, unreadable, unsigned};

const COLUMNS: &str =
    "seq, at, author, author_id, author_name, kind, message_id, text, status, assignee_id, assignee_name";

/// Stores an event at the next place of its conversation.
pub(super) fn add(
    connection: &Connection,
    conversation_id: &ConversationId,
    at: UnixMillis,
    author: &Author,
    what: EventKind,
) -> Result<ConversationEvent, StoreError> {
    // One statement counts and takes, so that the order of commits is the order of places, without holes.
    let seq: Option<i64> = connection
        .prepare_cached(
            "UPDATE conversation SET head_seq = head_seq + 1, updated_at = max(updated_at, ?2)
             WHERE conversation_id = ?1 RETURNING head_seq",
        )
        .and_then(|mut statement| {
            statement.query_row(params![conversation_id.as_str(), at.0], |row| row.get(0)).optional()
        })
        .map_err(broken)?;
    let seq = seq.ok_or(StoreError::NoConversation)?;
    insert(connection, conversation_id, seq, at, author, &what).map_err(broken)?;
    let seq = unsigned(0, seq).map_err(broken)?;
    Ok(ConversationEvent { seq, at, author: author.clone(), what })
}

fn insert(
    connection: &Connection,
    conversation_id: &ConversationId,
    seq: i64,
    at: UnixMillis,
    author: &Author,
    what: &EventKind,
) -> rusqlite::Result<()> {
    let (author_id, author_name) = match author {
        Author::Agent { agent_id, name } => (Some(agent_id.as_str()), Some(name.as_str())),
        Author::Customer | Author::System => (None, None),
    };
    let (mut message_id, mut text, mut status, mut assignee) = (None, None, None, None);
    let kind = match what {
        EventKind::Message { message_id: id, text: said } => {
            (message_id, text) = (Some(id.as_str()), Some(said.as_str()));
            "message"
        }
        EventKind::Status { status: new } => {
            status = Some(status_word(*new));
            "status"
        }
        EventKind::Assigned { agent } => {
            assignee = agent.as_ref();
            "assigned"
        }
        EventKind::SurveyAnswered => "survey_answered",
        EventKind::Unknown => "unknown",
    };
    let sql = format!(
        "INSERT INTO event (conversation_id, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    connection.prepare_cached(&sql)?.execute(params![
        conversation_id.as_str(),
        seq,
        at.0,
        author.side(),
        author_id,
        author_name,
        kind,
        message_id,
        text,
        status,
        assignee.map(|agent| agent.agent_id.as_str()),
        assignee.map(|agent| agent.name.as_str()),
    ])?;
    Ok(())
}

/// Returns the events after a place, in order.
pub(super) fn after(
    connection: &Connection,
    conversation_id: &ConversationId,
    after_seq: u64,
    limit: usize,
) -> rusqlite::Result<Vec<ConversationEvent>> {
    let sql =
        format!("SELECT {COLUMNS} FROM event WHERE conversation_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(&sql)?
        .query_map(params![conversation_id.as_str(), signed(after_seq), limit], read)?
        .collect()
}

/// Returns the event that holds a message.
pub(super) fn of_message(
    connection: &Connection,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> rusqlite::Result<Option<ConversationEvent>> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE conversation_id = ?1 AND message_id = ?2");
    connection
        .prepare_cached(&sql)?
        .query_row([conversation_id.as_str(), message_id.as_str()], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<ConversationEvent> {
    let author = match row.get_ref(2)?.as_str()? {
        "customer" => Author::Customer,
        "agent" => Author::Agent { agent_id: AgentId(row.get(3)?), name: row.get(4)? },
        "system" => Author::System,
        _ => return Err(unreadable(2, "author")),
    };
    let what = match row.get_ref(5)?.as_str()? {
        "message" => EventKind::Message { message_id: MessageId(row.get(6)?), text: row.get(7)? },
        "status" => EventKind::Status { status: status_of(8, row.get_ref(8)?.as_str()?)? },
        "assigned" => EventKind::Assigned { agent: read_assignee(row)? },
        "survey_answered" => EventKind::SurveyAnswered,
        _ => EventKind::Unknown,
    };
    Ok(ConversationEvent { seq: unsigned(0, row.get(0)?)?, at: UnixMillis(row.get(1)?), author, what })
}

fn read_assignee(row: &Row<'_>) -> rusqlite::Result<Option<AgentRef>> {
    let Some(agent_id) = row.get::<_, Option<String>>(9)? else { return Ok(None) };
    Ok(Some(AgentRef { agent_id: AgentId(agent_id), name: row.get(10)? }))
}
