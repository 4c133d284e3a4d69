//! A message finds its place, once per id. Everything is looked up before anything is written: a message that is
//! refused leaves nothing to be undone, and needs no savepoint.

use protocol::conversation::{Author, ConversationEvent, ConversationStatus, EventKind, Receipts, Revision};
use protocol::id::{AttachmentId, ConversationId, CustomerId, TouchpointId};
use protocol::limit::OPEN_CONVERSATIONS_MAX;
use protocol::time::UnixMillis;
use rusqlite::{Connection, params};
use store::{Appended, Changed, MessageAuthor, NewMessage, StoreError, Uploader};

use super::assign::{self, Given};
use super::standing::{self, Standing, Unwritten};
use super::{change, event};
use crate::attachments;
use crate::error::{broken, constraint};
use crate::row::status_word;
use crate::statement::execute;

/// Stores a message with the changes of status and assignment it brings.
pub(super) fn message(connection: &Connection, message: NewMessage) -> Result<Appended, StoreError> {
    let present = standing::find(connection, &message.conversation_id)?;
    if let Some(present) = &present
        && let Some(known) = known(connection, present, &message)?
    {
        return Ok(known);
    }
    let attachments = attachments::free(connection, &message.attachments, &uploader(&message.author))?;
    let (present, by) = match (present, message.author) {
        (present, MessageAuthor::Customer { customer_id, touchpoint_id }) => {
            let present = match present {
                Some(present) => present,
                None => begin(connection, &message.conversation_id, customer_id, &touchpoint_id, message.at)?,
            };
            (present, By { author: Author::Customer, status: ConversationStatus::Unread, taken: None })
        }
        (None, MessageAuthor::Agent(_)) => return Err(StoreError::NoConversation),
        (Some(present), MessageAuthor::Agent(agent)) => {
            let (agent_id, team_id) = (agent.agent_id.clone(), present.team_id.clone());
            let is_free = present.assignee_id.is_none();
            let taken =
                is_free.then(|| Given::named(connection, Some(agent_id), team_id, None)).transpose()?;
            let author = Author::Agent { agent_id: agent.agent_id, name: agent.name };
            (present, By { author, status: ConversationStatus::Unresolved, taken })
        }
    };
    attachments::bind(connection, &message.attachments, &message.conversation_id, &message.message_id)?;
    let NewMessage { message_id, text, at, .. } = message;
    let what = EventKind::Message { message_id, text, attachments, revision: Revision::Original };
    let changed = standing::change(connection, present, |present| store(connection, present, by, what, at))?;
    let Changed { customer_id, events } = changed;
    let seq = events.last().map_or(0, |event| event.seq);
    Ok(Appended { seq, at, customer_id, events })
}

/// What a message brings with it.
struct By {
    author: Author,
    status: ConversationStatus,
    taken: Option<Given>,
}

fn uploader(author: &MessageAuthor) -> Uploader {
    match author {
        MessageAuthor::Customer { customer_id, .. } => Uploader::Customer(customer_id.clone()),
        MessageAuthor::Agent(agent) => Uploader::Agent(agent.agent_id.clone()),
    }
}

/// Returns the first answer, if the message came in before. Refuses a conversation that is another customer's as if
/// it were not there.
fn known(
    connection: &Connection,
    present: &Standing,
    message: &NewMessage,
) -> Result<Option<Appended>, StoreError> {
    if matches!(&message.author, MessageAuthor::Customer { customer_id, .. } if *customer_id != present.customer_id)
    {
        return Err(StoreError::NoConversation);
    }
    let Some(first) = event::of_message(connection, &message.conversation_id, &message.message_id)? else {
        return Ok(None);
    };
    if !is_same_sender(&first.author, &message.author) || !is_same_body(&first, message) {
        return Err(StoreError::Conflict);
    }
    let customer_id = present.customer_id.clone();
    Ok(Some(Appended { seq: first.seq, at: first.at, customer_id, events: Vec::new() }))
}

/// A name may change between two tries of one message; the sender may not.
fn is_same_sender(first: &Author, second: &MessageAuthor) -> bool {
    match (first, second) {
        (Author::Customer, MessageAuthor::Customer { .. }) => true,
        (Author::Agent { agent_id, .. }, MessageAuthor::Agent(agent)) => *agent_id == agent.agent_id,
        (Author::Customer | Author::Agent { .. } | Author::System, _) => false,
    }
}

/// What was changed since it came in cannot be compared any more, and was accepted once.
fn is_same_body(first: &ConversationEvent, message: &NewMessage) -> bool {
    let EventKind::Message { text, attachments, revision, .. } = &first.what else { return false };
    !revision.is_original()
        || (*text == message.text
            && attachments.iter().map(|file| &file.attachment_id).eq::<&[AttachmentId]>(&message.attachments))
}

/// Makes the conversation.
fn begin(
    connection: &Connection,
    conversation_id: &ConversationId,
    customer_id: CustomerId,
    touchpoint_id: &TouchpointId,
    at: UnixMillis,
) -> Result<Standing, StoreError> {
    if open_conversations(connection, &customer_id).map_err(broken)?.cast_unsigned()
        >= OPEN_CONVERSATIONS_MAX as u64
    {
        return Err(StoreError::TooManyConversations);
    }
    let status = ConversationStatus::Unread;
    execute(
        connection,
        "INSERT INTO conversation (conversation_id, touchpoint_id, customer_id, status, waiting_since,
             created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
        params![
            conversation_id.as_str(),
            touchpoint_id.as_str(),
            customer_id.as_str(),
            status_word(status),
            at.0
        ],
    )
    .map_err(|error| constraint(error, StoreError::NoCustomer))?;
    Ok(Standing {
        row: connection.last_insert_rowid(),
        conversation_id: conversation_id.clone(),
        customer_id,
        status,
        head_seq: 0,
        assignee_id: None,
        team_id: None,
        receipts: Receipts::default(),
        is_survey_done: false,
        waiting_since: Some(at),
        updated_at: at,
        unwritten: Unwritten::Nothing,
    })
}

fn open_conversations(connection: &Connection, customer_id: &CustomerId) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT count(*) FROM conversation WHERE customer_id = ?1 AND status <> ?2")?
        .query_row(params![customer_id.as_str(), status_word(ConversationStatus::Done)], |row| row.get(0))
}

fn store(
    connection: &Connection,
    present: &mut Standing,
    by: By,
    what: EventKind,
    at: UnixMillis,
) -> Result<Vec<ConversationEvent>, StoreError> {
    let mut events = change::status_from(connection, present, by.status, &by.author, at)?;
    if let Some(given) = by.taken {
        events.push(assign::give(connection, present, given, &by.author, at)?);
    }
    events.push(event::add(connection, present, at, &by.author, what)?);
    Ok(events)
}
