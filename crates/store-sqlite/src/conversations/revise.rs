//! Messages that get another text or are taken back. The message keeps its place; the change has one of its own.

use protocol::conversation::{Author, ConversationEvent, EventKind, Revision};
use protocol::id::{AttachmentId, ConversationId, MessageId};
use protocol::time::UnixMillis;
use rusqlite::{Connection, params};
use store::{Changed, Reach, StoreError, TakenBack};

use super::{event, standing};
use crate::erasure::mark_due;
use crate::error::broken;
use crate::statement::execute;

/// A message to be changed, and by whom.
pub(super) struct Target {
    pub(super) conversation_id: ConversationId,
    pub(super) message_id: MessageId,
    pub(super) reach: Reach,
    pub(super) author: Author,
    pub(super) at: UnixMillis,
}

/// Gives a message another text.
pub(super) fn edit(connection: &Connection, target: Target, text: String) -> Result<Changed, StoreError> {
    let present = standing::of(connection, &target.conversation_id)?;
    let message = within_reach(connection, &target)?;
    let EventKind::Message { text: before, revision, .. } = message.what else {
        return Err(StoreError::NoMessage);
    };
    if revision == Revision::Deleted {
        return Err(StoreError::NoMessage);
    }
    if before == text {
        return Ok(Changed { customer_id: present.customer_id, events: Vec::new() });
    }
    execute(
        connection,
        "UPDATE event SET text = ?3, revision = 'edited' WHERE conversation_id = ?1 AND message_id = ?2",
        params![target.conversation_id.as_str(), target.message_id.as_str(), text],
    )
    .map_err(broken)?;
    empty_edits(connection, &target)?;
    let what = EventKind::Edited { message_id: target.message_id, text };
    standing::change(connection, present, |present| {
        Ok(vec![event::add(connection, present, target.at, &target.author, what)?])
    })
}

/// Takes a message back with its files.
pub(super) fn take_back(connection: &Connection, target: Target) -> Result<TakenBack, StoreError> {
    let present = standing::of(connection, &target.conversation_id)?;
    let message = within_reach(connection, &target)?;
    let EventKind::Message { revision, .. } = message.what else { return Err(StoreError::NoMessage) };
    if revision == Revision::Deleted {
        let changed = Changed { customer_id: present.customer_id, events: Vec::new() };
        return Ok(TakenBack { changed, attachment_ids: Vec::new() });
    }
    mark_due(connection)?;
    execute(
        connection,
        "UPDATE event SET text = '', attachments = NULL, revision = 'deleted'
             WHERE conversation_id = ?1 AND message_id = ?2",
        [target.conversation_id.as_str(), target.message_id.as_str()],
    )
    .map_err(broken)?;
    empty_edits(connection, &target)?;
    let attachment_ids = forget_files(connection, &target).map_err(broken)?;
    let what = EventKind::Deleted { message_id: target.message_id };
    let changed = standing::change(connection, present, |present| {
        Ok(vec![event::add(connection, present, target.at, &target.author, what)?])
    })?;
    Ok(TakenBack { changed, attachment_ids })
}

fn within_reach(connection: &Connection, target: &Target) -> Result<ConversationEvent, StoreError> {
    let found = event::of_message(connection, &target.conversation_id, &target.message_id)?;
    let message = found.ok_or(StoreError::NoMessage)?;
    let is_within = match &target.reach {
        Reach::All => true,
        Reach::Own(own) => matches!(&message.author, Author::Agent { agent_id, .. } if agent_id == own),
    };
    if is_within { Ok(message) } else { Err(StoreError::Forbidden) }
}

/// Only the newest edit of a message says its text.
fn empty_edits(connection: &Connection, target: &Target) -> Result<(), StoreError> {
    execute(
        connection,
        "UPDATE event SET text = '' WHERE conversation_id = ?1 AND about_id = ?2 AND kind = 'edited'",
        [target.conversation_id.as_str(), target.message_id.as_str()],
    )
    .map(|_| ())
    .map_err(broken)
}

fn forget_files(connection: &Connection, target: &Target) -> rusqlite::Result<Vec<AttachmentId>> {
    connection
        .prepare_cached(
            "DELETE FROM attachment WHERE conversation_id = ?1 AND message_id = ?2 RETURNING attachment_id",
        )?
        .query_map([target.conversation_id.as_str(), target.message_id.as_str()], |row| {
            row.get(0).map(AttachmentId)
        })?
        .collect()
}
