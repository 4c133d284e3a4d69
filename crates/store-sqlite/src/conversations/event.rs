//! Events as rows: given their place, written, and read back.

use protocol::attachment::Attachment;
use protocol::conversation::{Author, ConversationEvent, EventKind, Revision};
use protocol::id::{AgentId, ConversationId, MessageId, TeamId};
use protocol::people::{AgentRef, TeamRef};
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::StoreError;

use super::standing::{Standing, Unwritten};
use crate::error::broken;
use crate::row::{revision_of, revision_word, signed, status_of, status_word, unreadable, unsigned};
use crate::statement::execute;

const AFTER: &str =
    "SELECT seq, at, author, author_id, author_name, kind, message_id, text, status, assignee_id,
    assignee_name, about_id, revision, attachments, team_id, team_name, note
    FROM event WHERE conversation_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

/// Stores an event at the next place of its conversation, whose row is written at the end of the change.
pub(super) fn add(
    connection: &Connection,
    present: &mut Standing,
    at: UnixMillis,
    author: &Author,
    what: EventKind,
) -> Result<ConversationEvent, StoreError> {
    // The head was read in this transaction, and there is one writer: the order of commits is the order of places,
    // without holes. `RETURNING` would count as well, and build a table for its answer each time.
    let seq = present.head_seq + 1;
    insert(connection, &present.conversation_id, signed(seq), at, author, &what)?;
    present.head_seq = seq;
    present.updated_at = present.updated_at.max(at);
    present.touch(Unwritten::Head);
    Ok(ConversationEvent { seq, at, author: author.clone(), what })
}

/// The columns that not every kind of event has.
#[derive(Default)]
struct Cells<'event> {
    kind: &'static str,
    message_id: Option<&'event str>,
    about_id: Option<&'event str>,
    text: Option<&'event str>,
    revision: Option<&'static str>,
    attachments: Option<String>,
    status: Option<&'static str>,
    agent: Option<&'event AgentRef>,
    team: Option<&'event TeamRef>,
    note: Option<&'event str>,
}

fn cells(what: &EventKind) -> Result<Cells<'_>, StoreError> {
    Ok(match what {
        EventKind::Message { message_id, text, attachments, revision } => Cells {
            kind: "message",
            message_id: Some(message_id.as_str()),
            text: Some(text),
            revision: revision_word(*revision),
            attachments: document_of(attachments)?,
            ..Cells::default()
        },
        EventKind::Edited { message_id, text } => Cells {
            kind: "edited",
            about_id: Some(message_id.as_str()),
            text: Some(text),
            ..Cells::default()
        },
        EventKind::Deleted { message_id } => {
            Cells { kind: "deleted", about_id: Some(message_id.as_str()), ..Cells::default() }
        }
        EventKind::Status { status } => {
            Cells { kind: "status", status: Some(status_word(*status)), ..Cells::default() }
        }
        EventKind::Assigned { agent, team, note } => Cells {
            kind: "assigned",
            agent: agent.as_ref(),
            team: team.as_ref(),
            note: note.as_deref(),
            ..Cells::default()
        },
        EventKind::SurveyAnswered => Cells { kind: "survey_answered", ..Cells::default() },
        EventKind::Unknown => Cells { kind: "unknown", ..Cells::default() },
    })
}

fn document_of(attachments: &[Attachment]) -> Result<Option<String>, StoreError> {
    if attachments.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(attachments).map(Some).map_err(|error| StoreError::Broken(error.to_string()))
}

fn insert(
    connection: &Connection,
    conversation_id: &ConversationId,
    seq: i64,
    at: UnixMillis,
    author: &Author,
    what: &EventKind,
) -> Result<(), StoreError> {
    let (author_id, author_name) = match author {
        Author::Agent { agent_id, name } => (Some(agent_id.as_str()), Some(name.as_str())),
        Author::Customer | Author::System => (None, None),
    };
    let cells = cells(what)?;
    execute(
        connection,
        "INSERT INTO event (conversation_id, seq, at, author, author_id, author_name, kind, message_id, text,
             status, assignee_id, assignee_name, about_id, revision, attachments, team_id, team_name, note)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            conversation_id.as_str(),
            seq,
            at.0,
            author.side(),
            author_id,
            author_name,
            cells.kind,
            cells.message_id,
            cells.text,
            cells.status,
            cells.agent.map(|agent| agent.agent_id.as_str()),
            cells.agent.map(|agent| agent.name.as_str()),
            cells.about_id,
            cells.revision,
            cells.attachments,
            cells.team.map(|team| team.team_id.as_str()),
            cells.team.map(|team| team.name.as_str()),
            cells.note,
        ],
    )
    .map(|_| ())
    .map_err(broken)
}

/// Returns the events after a place, in order.
pub(super) fn after(
    connection: &Connection,
    conversation_id: &ConversationId,
    after_seq: u64,
    limit: usize,
) -> rusqlite::Result<Vec<ConversationEvent>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(AFTER)?
        .query_map(params![conversation_id.as_str(), signed(after_seq), limit], read)?
        .collect()
}

/// Returns the event that holds a message.
pub(super) fn of_message(
    connection: &Connection,
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> Result<Option<ConversationEvent>, StoreError> {
    connection
        .prepare_cached(
            "SELECT seq, at, author, author_id, author_name, kind, message_id, text, status, assignee_id,
             assignee_name, about_id, revision, attachments, team_id, team_name, note
             FROM event WHERE conversation_id = ?1 AND message_id = ?2",
        )
        .and_then(|mut statement| {
            statement.query_row([conversation_id.as_str(), message_id.as_str()], read).optional()
        })
        .map_err(broken)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ConversationEvent> {
    let author = match row.get_ref(2)?.as_str()? {
        "customer" => Author::Customer,
        "agent" => Author::Agent { agent_id: AgentId(row.get(3)?), name: row.get(4)? },
        "system" => Author::System,
        _ => return Err(unreadable(2, "author")),
    };
    let what = match row.get_ref(5)?.as_str()? {
        "message" => EventKind::Message {
            message_id: MessageId(row.get(6)?),
            text: row.get(7)?,
            attachments: read_attachments(row)?,
            revision: read_revision(row)?,
        },
        "edited" => EventKind::Edited { message_id: MessageId(row.get(11)?), text: row.get(7)? },
        "deleted" => EventKind::Deleted { message_id: MessageId(row.get(11)?) },
        "status" => EventKind::Status { status: status_of(8, row.get_ref(8)?.as_str()?)? },
        "assigned" => {
            EventKind::Assigned { agent: read_agent(row)?, team: read_team(row)?, note: row.get(16)? }
        }
        "survey_answered" => EventKind::SurveyAnswered,
        _ => EventKind::Unknown,
    };
    Ok(ConversationEvent { seq: unsigned(0, row.get(0)?)?, at: UnixMillis(row.get(1)?), author, what })
}

fn read_attachments(row: &Row<'_>) -> rusqlite::Result<Vec<Attachment>> {
    match row.get_ref(13)?.as_str_or_null()? {
        Some(document) => serde_json::from_str(document).map_err(|_| unreadable(13, "attachments")),
        None => Ok(Vec::new()),
    }
}

fn read_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    match row.get_ref(12)?.as_str_or_null()? {
        Some(word) => revision_of(12, word),
        None => Ok(Revision::Original),
    }
}

fn read_agent(row: &Row<'_>) -> rusqlite::Result<Option<AgentRef>> {
    let Some(agent_id) = row.get::<_, Option<String>>(9)? else { return Ok(None) };
    Ok(Some(AgentRef { agent_id: AgentId(agent_id), name: row.get(10)? }))
}

fn read_team(row: &Row<'_>) -> rusqlite::Result<Option<TeamRef>> {
    let Some(team_id) = row.get::<_, Option<String>>(14)? else { return Ok(None) };
    Ok(Some(TeamRef { team_id: TeamId(team_id), name: row.get(15)? }))
}
