//! The rows that go, step by step.

use protocol::id::{AttachmentId, ConversationId, CustomerId, RecordingId, TouchpointId};
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Params, params};
use store::{Erased, StoreError};

use crate::error::broken;
use crate::statement::execute;

/// What one transaction removed.
#[derive(Default)]
pub(super) struct Step {
    conversation_ids: Vec<ConversationId>,
    attachment_ids: Vec<AttachmentId>,
    recording_ids: Vec<RecordingId>,
    /// The customers that went with it.
    pub(super) customers: usize,
}

impl Step {
    /// Counts it in.
    pub(super) fn add_to(self, erased: &mut Erased) {
        erased.conversation_ids.extend(self.conversation_ids);
        erased.attachment_ids.extend(self.attachment_ids);
        erased.recording_ids.extend(self.recording_ids);
        erased.customers += self.customers;
    }
}

/// Notes, in the transaction that removes something, that its bytes are still there. It stays noted until they are
/// gone, also when the process dies meanwhile.
pub(crate) fn mark_due(connection: &Connection) -> Result<(), StoreError> {
    execute(connection, "INSERT INTO setting VALUES ('scrub', 'due') ON CONFLICT DO NOTHING", [])
        .map(|_| ())
        .map_err(broken)
}

/// Removes a conversation of the customer, or, when there is none left, the customer.
pub(super) fn some_of_customer(
    connection: &Connection,
    customer_id: &CustomerId,
) -> Result<Step, StoreError> {
    mark_due(connection)?;
    let conversation_id: Option<String> = connection
        .prepare_cached("SELECT conversation_id FROM conversation WHERE customer_id = ?1 LIMIT 1")
        .and_then(|mut statement| statement.query_row([customer_id.as_str()], |row| row.get(0)).optional())
        .map_err(broken)?;
    if let Some(conversation_id) = conversation_id {
        return conversation(connection, ConversationId(conversation_id)).map_err(broken);
    }
    customer(connection, customer_id)
}

/// Returns conversations of a touchpoint that were closed and not changed since, oldest first.
pub(super) fn closed_before(
    connection: &Connection,
    touchpoint_id: &TouchpointId,
    before: UnixMillis,
    limit: usize,
) -> rusqlite::Result<Vec<ConversationId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "SELECT conversation_id FROM conversation
             WHERE touchpoint_id = ?1 AND status = 'DONE' AND updated_at < ?2 ORDER BY updated_at LIMIT ?3",
        )?
        .query_map(params![touchpoint_id.as_str(), before.0, limit], |row| row.get(0).map(ConversationId))?
        .collect()
}

/// Removes the conversation unless it was changed meanwhile.
pub(super) fn if_closed(
    connection: &Connection,
    conversation_id: ConversationId,
    before: UnixMillis,
) -> Result<Step, StoreError> {
    let is_still_closed = connection
        .prepare_cached(
            "SELECT 1 FROM conversation WHERE conversation_id = ?1 AND status = 'DONE' AND updated_at < ?2",
        )
        .and_then(|mut statement| statement.exists(params![conversation_id.as_str(), before.0]))
        .map_err(broken)?;
    if !is_still_closed {
        return Ok(Step::default());
    }
    mark_due(connection)?;
    conversation(connection, conversation_id).map_err(broken)
}

/// Removes customers of a touchpoint who have no conversation and were not seen since.
pub(super) fn unseen_since(
    connection: &Connection,
    touchpoint_id: &TouchpointId,
    before: UnixMillis,
    limit: usize,
) -> Result<Step, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let customer_ids: Vec<CustomerId> = connection
        .prepare_cached(
            "SELECT customer_id FROM customer WHERE touchpoint_id = ?1 AND seen_at < ?2 AND NOT EXISTS
             (SELECT 1 FROM conversation WHERE conversation.customer_id = customer.customer_id)
             ORDER BY seen_at LIMIT ?3",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![touchpoint_id.as_str(), before.0, limit], |row| {
                    row.get(0).map(CustomerId)
                })?
                .collect()
        })
        .map_err(broken)?;
    let mut all = Step::default();
    if !customer_ids.is_empty() {
        mark_due(connection)?;
    }
    for customer_id in customer_ids {
        let step = customer(connection, &customer_id)?;
        all.attachment_ids.extend(step.attachment_ids);
        all.customers += step.customers;
    }
    Ok(all)
}

fn conversation(connection: &Connection, conversation_id: ConversationId) -> rusqlite::Result<Step> {
    let id = [conversation_id.as_str()];
    let sql = "DELETE FROM attachment WHERE conversation_id = ?1 RETURNING attachment_id";
    let attachment_ids = deleted(connection, sql, id, AttachmentId)?;
    let sql = "DELETE FROM recording WHERE conversation_id = ?1 RETURNING recording_id";
    let recording_ids = deleted(connection, sql, id, RecordingId)?;
    for sql in [
        "DELETE FROM recording_act WHERE conversation_id = ?1",
        "DELETE FROM cobrowse WHERE conversation_id = ?1",
        "DELETE FROM event WHERE conversation_id = ?1",
        "DELETE FROM conversation WHERE conversation_id = ?1",
    ] {
        connection.prepare_cached(sql)?.execute(id)?;
    }
    Ok(Step { conversation_ids: vec![conversation_id], attachment_ids, recording_ids, customers: 0 })
}

fn customer(connection: &Connection, customer_id: &CustomerId) -> Result<Step, StoreError> {
    let sql = "DELETE FROM attachment WHERE customer_id = ?1 RETURNING attachment_id";
    let attachment_ids = deleted(connection, sql, [customer_id.as_str()], AttachmentId).map_err(broken)?;
    let gone = execute(connection, "DELETE FROM customer WHERE customer_id = ?1", [customer_id.as_str()])
        .map_err(broken)?;
    if gone == 0 {
        return Err(StoreError::NoCustomer);
    }
    Ok(Step { attachment_ids, customers: 1, ..Step::default() })
}

/// Runs a deletion and returns the ids of what it removed.
fn deleted<T>(
    connection: &Connection,
    sql: &str,
    owner: impl Params,
    id: impl Fn(String) -> T,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(owner, |row| row.get(0).map(&id))?.collect()
}
