//! What is known of files: whose they are, whether they are whole, and which message they belong to.

use std::collections::BTreeSet;

use protocol::attachment::Attachment;
use protocol::id::{AgentId, AttachmentId, ConversationId, CustomerId, MessageId};
use protocol::limit::UPLOADS_OPEN_MAX;
use protocol::time::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store::{Attachments, StoreError, StoredAttachment, UploadQuota, Uploader};

use crate::SqliteStore;
use crate::error::{broken, constraint};
use crate::row::{signed, unreadable, unsigned};
use crate::statement::execute;

const SELECT: &str =
    "SELECT a.attachment_id, a.name, a.media_type, a.bytes, a.customer_id, a.agent_id, a.is_whole,
    a.conversation_id, c.customer_id, a.created_at
    FROM attachment a LEFT JOIN conversation c USING (conversation_id)";

#[async_trait::async_trait]
impl Attachments for SqliteStore {
    async fn begin_upload(
        &self,
        attachment: Attachment,
        uploader: Uploader,
        quota: UploadQuota,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        self.write(move |connection| begin(connection, &attachment, &uploader, quota, at)).await
    }

    async fn finish_upload(
        &self,
        attachment_id: &AttachmentId,
        media_type: String,
    ) -> Result<(), StoreError> {
        let attachment_id = attachment_id.clone();
        self.write(move |connection| finish(connection, &attachment_id, &media_type)).await
    }

    async fn attachment(&self, attachment_id: &AttachmentId) -> Result<Option<StoredAttachment>, StoreError> {
        let attachment_id = attachment_id.clone();
        self.read(move |connection| one(connection, &attachment_id)).await
    }

    async fn forget_upload(&self, attachment_id: &AttachmentId) -> Result<(), StoreError> {
        let attachment_id = attachment_id.clone();
        self.write(move |connection| {
            let forgotten = execute(
                connection,
                "DELETE FROM attachment WHERE attachment_id = ?1 AND conversation_id IS NULL",
                [attachment_id.as_str()],
            )
            .map_err(broken)?;
            if forgotten == 0 { Err(StoreError::NoAttachment) } else { Ok(()) }
        })
        .await
    }

    async fn stale_uploads(&self, before: UnixMillis, limit: usize) -> Result<Vec<AttachmentId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT attachment_id FROM attachment WHERE conversation_id IS NULL AND created_at < ?1
                     ORDER BY created_at LIMIT ?2",
                )?
                .query_map([before.0, limit], |row| row.get(0).map(AttachmentId))?
                .collect()
        })
        .await
    }

    async fn unknown_attachments(&self, ids: Vec<AttachmentId>) -> Result<Vec<AttachmentId>, StoreError> {
        self.read(move |connection| {
            let ids = serde_json::to_string(&ids).map_err(|_| unreadable(0, "ids"))?;
            connection
                .prepare_cached(
                    "SELECT value FROM json_each(?1) WHERE NOT EXISTS
                     (SELECT 1 FROM attachment WHERE attachment_id = value)",
                )?
                .query_map([ids], |row| row.get(0).map(AttachmentId))?
                .collect()
        })
        .await
    }
}

fn begin(
    connection: &Connection,
    attachment: &Attachment,
    uploader: &Uploader,
    quota: UploadQuota,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let (customer_id, agent_id) = match uploader {
        Uploader::Customer(customer_id) => (Some(customer_id.as_str()), None),
        Uploader::Agent(agent_id) => (None, Some(agent_id.as_str())),
    };
    let present = held(connection, customer_id, agent_id).map_err(broken)?;
    let is_over = |present: u64, max: Option<u64>| {
        max.is_some_and(|max| present.saturating_add(attachment.bytes) > max)
    };
    if present.unsent >= UPLOADS_OPEN_MAX as u64 {
        return Err(StoreError::TooManyUploads);
    }
    if is_over(present.all_bytes, quota.all_bytes) {
        return Err(StoreError::TooManyBytes);
    }
    if is_over(present.unsent_bytes, quota.unsent_bytes) {
        return Err(StoreError::TooManyUnsentBytes);
    }
    let nobody = match uploader {
        Uploader::Customer(_) => StoreError::NoCustomer,
        Uploader::Agent(_) => StoreError::NoAgent,
    };
    execute(
        connection,
        "INSERT INTO attachment (attachment_id, name, media_type, bytes, customer_id, agent_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            attachment.attachment_id.as_str(),
            attachment.name,
            attachment.media_type,
            signed(attachment.bytes),
            customer_id,
            agent_id,
            at.0
        ],
    )
    .map(|_| ())
    .map_err(|error| constraint(error, nobody))
}

/// What an uploader has here.
struct Held {
    /// Files that belong to no message yet,
    unsent: u64,
    /// and their bytes.
    unsent_bytes: u64,
    all_bytes: u64,
}

fn held(
    connection: &Connection,
    customer_id: Option<&str>,
    agent_id: Option<&str>,
) -> rusqlite::Result<Held> {
    const OF_CUSTOMER: &str = "SELECT count(*) FILTER (WHERE conversation_id IS NULL),
        coalesce(sum(bytes) FILTER (WHERE conversation_id IS NULL), 0), coalesce(sum(bytes), 0)
        FROM attachment WHERE customer_id = ?1";
    // An agent's files grow with the conversations they have, and have no quota: only the unsent ones are looked at.
    const OF_AGENT: &str = "SELECT count(*), coalesce(sum(bytes), 0), 0
        FROM attachment WHERE agent_id = ?1 AND conversation_id IS NULL";
    let (sql, id) = if customer_id.is_some() { (OF_CUSTOMER, customer_id) } else { (OF_AGENT, agent_id) };
    connection.prepare_cached(sql)?.query_row([id], |row| {
        Ok(Held {
            unsent: unsigned(0, row.get(0)?)?,
            unsent_bytes: unsigned(1, row.get(1)?)?,
            all_bytes: unsigned(2, row.get(2)?)?,
        })
    })
}

fn finish(connection: &Connection, attachment_id: &AttachmentId, media_type: &str) -> Result<(), StoreError> {
    let is_whole: Option<bool> = connection
        .prepare_cached("SELECT is_whole FROM attachment WHERE attachment_id = ?1")
        .and_then(|mut statement| statement.query_row([attachment_id.as_str()], |row| row.get(0)).optional())
        .map_err(broken)?;
    if is_whole.ok_or(StoreError::NoAttachment)? {
        return Ok(());
    }
    execute(
        connection,
        "UPDATE attachment SET is_whole = 1, media_type = ?2 WHERE attachment_id = ?1",
        [attachment_id.as_str(), media_type],
    )
    .map(|_| ())
    .map_err(broken)
}

/// Returns files in the order they are named in, if all are whole, of the author, and of no message yet.
pub(crate) fn free(
    connection: &Connection,
    attachment_ids: &[AttachmentId],
    author: &Uploader,
) -> Result<Vec<Attachment>, StoreError> {
    let mut named = BTreeSet::new();
    attachment_ids
        .iter()
        .map(|attachment_id| {
            let found = one(connection, attachment_id).map_err(broken)?.ok_or(StoreError::NoAttachment)?;
            let is_free = found.is_whole && found.conversation_id.is_none() && found.uploader == *author;
            let is_first = named.insert(attachment_id);
            if is_free && is_first { Ok(found.attachment) } else { Err(StoreError::NoAttachment) }
        })
        .collect()
}

/// Gives files to a message.
pub(crate) fn bind(
    connection: &Connection,
    attachment_ids: &[AttachmentId],
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> Result<(), StoreError> {
    for attachment_id in attachment_ids {
        execute(
            connection,
            "UPDATE attachment SET conversation_id = ?2, message_id = ?3 WHERE attachment_id = ?1",
            [attachment_id.as_str(), conversation_id.as_str(), message_id.as_str()],
        )
        .map_err(broken)?;
    }
    Ok(())
}

fn one(connection: &Connection, attachment_id: &AttachmentId) -> rusqlite::Result<Option<StoredAttachment>> {
    let sql = format!("{SELECT} WHERE a.attachment_id = ?1");
    connection.prepare_cached(&sql)?.query_row([attachment_id.as_str()], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredAttachment> {
    let uploader = match (row.get(4)?, row.get(5)?) {
        (Some(customer_id), None) => Uploader::Customer(CustomerId(customer_id)),
        (None, Some(agent_id)) => Uploader::Agent(AgentId(agent_id)),
        (Some(_), Some(_)) | (None, None) => return Err(unreadable(4, "uploader")),
    };
    Ok(StoredAttachment {
        attachment: Attachment {
            attachment_id: AttachmentId(row.get(0)?),
            name: row.get(1)?,
            media_type: row.get(2)?,
            bytes: unsigned(3, row.get(3)?)?,
        },
        uploader,
        is_whole: row.get(6)?,
        conversation_id: row.get::<_, Option<String>>(7)?.map(ConversationId),
        customer_id: row.get::<_, Option<String>>(8)?.map(CustomerId),
        created_at: UnixMillis(row.get(9)?),
    })
}
