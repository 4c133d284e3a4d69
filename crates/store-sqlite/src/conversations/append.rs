//! A message finds its place, once per id.

use protocol::conversation::{Author, ConversationStatus, EventKind};
use protocol::id::{ConversationId, CustomerId, TouchpointId};
use protocol::limit::OPEN_CONVERSATIONS_MAX;
use protocol::time::UnixMillis;
use rusqlite::{Connection, params};
use store::{Appended, MessageAuthor, NewMessage, StoreError};

use super::standing::{self, Standing};
use super::{change, event};
use crate::error::{broken, constraint};
use crate::row::status_word;

/// Stores a message with the changes of status and assignment it brings.
pub(super) fn message(connection: &Connection, message: NewMessage) -> Result<Appended, StoreError> {
    let NewMessage { conversation_id, message_id, author, text, at } = message;
    let present = match &author {
        MessageAuthor::Customer { customer_id, touchpoint_id } => {
            begun(connection, &conversation_id, customer_id, touchpoint_id, at)?
        }
        MessageAuthor::Agent(_) => standing::of(connection, &conversation_id)?,
    };
    let (event_author, status, taker) = match author {
        MessageAuthor::Customer { .. } => (Author::Customer, ConversationStatus::Unread, None),
        MessageAuthor::Agent(agent) => {
            let author = Author::Agent { agent_id: agent.agent_id.clone(), name: agent.name };
            let is_free = present.assignee_id.is_none();
            (author, ConversationStatus::Unresolved, is_free.then_some(agent.agent_id))
        }
    };
    let what = EventKind::Message { message_id: message_id.clone(), text };
    if let Some(first) = event::of_message(connection, &conversation_id, &message_id).map_err(broken)? {
        if first.what != what || !is_same_sender(&first.author, &event_author) {
            return Err(StoreError::Conflict);
        }
        let customer_id = present.customer_id;
        return Ok(Appended { seq: first.seq, at: first.at, customer_id, events: Vec::new() });
    }
    let mut events = change::status_from(connection, &conversation_id, &present, status, &event_author, at)?;
    if taker.is_some() {
        events.push(change::give(connection, &conversation_id, taker, &event_author, at)?);
    }
    let stored = event::add(connection, &conversation_id, at, &event_author, what)?;
    let seq = stored.seq;
    events.push(stored);
    Ok(Appended { seq, at, customer_id: present.customer_id, events })
}

/// A name may change between two tries of one message; the sender may not.
fn is_same_sender(first: &Author, second: &Author) -> bool {
    match (first, second) {
        (Author::Agent { agent_id: one, .. }, Author::Agent { agent_id: other, .. }) => one == other,
        (Author::Agent { .. } | Author::Customer | Author::System, _) => first == second,
    }
}

/// Makes the conversation if it is new; refuses one that is another customer's as if it were not there.
fn begun(
    connection: &Connection,
    conversation_id: &ConversationId,
    customer_id: &CustomerId,
    touchpoint_id: &TouchpointId,
    at: UnixMillis,
) -> Result<Standing, StoreError> {
    if let Some(present) = standing::find(connection, conversation_id)? {
        let is_own = present.customer_id == *customer_id;
        return if is_own { Ok(present) } else { Err(StoreError::NoConversation) };
    }
    if open_conversations(connection, customer_id).map_err(broken)?.cast_unsigned()
        >= OPEN_CONVERSATIONS_MAX as u64
    {
        return Err(StoreError::TooManyConversations);
    }
    connection
        .prepare_cached(
            "INSERT INTO conversation (conversation_id, touchpoint_id, customer_id, status, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                conversation_id.as_str(),
                touchpoint_id.as_str(),
                customer_id.as_str(),
                status_word(ConversationStatus::Unread),
                at.0
            ])
        })
        .map_err(|error| constraint(error, StoreError::NoCustomer))?;
    standing::of(connection, conversation_id)
}

fn open_conversations(connection: &Connection, customer_id: &CustomerId) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT count(*) FROM conversation WHERE customer_id = ?1 AND status <> ?2")?
        .query_row(params![customer_id.as_str(), status_word(ConversationStatus::Done)], |row| row.get(0))
}
