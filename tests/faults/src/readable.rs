//! What can be read: by REST, and in the store's file past the server.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result};
use protocol::conversation::{ConversationEvent, EventKind};
use protocol::id::{ConversationId, MessageId};
use protocol::rest::{ConversationsPage, EventsPage};
use rusqlite::{Connection, OpenFlags};

use crate::checker::{Line, Readable};
use crate::people::http;

/// The demo's token for programs.
pub(crate) const TOKEN: &str = "Bearer demo-token";

/// Reads every conversation the way integrators do, page by page.
pub(crate) async fn by_rest(server: SocketAddr) -> Result<Readable> {
    let mut readable = Readable::new();
    for conversation_id in conversations(server).await? {
        let events = history(server, &conversation_id).await?;
        readable.insert(conversation_id, events.iter().map(line).collect());
    }
    Ok(readable)
}

/// The ids of every conversation.
pub(crate) async fn conversations(server: SocketAddr) -> Result<Vec<ConversationId>> {
    let mut ids = Vec::new();
    let mut path = "/api/v1/conversations?limit=200".to_owned();
    loop {
        let page: ConversationsPage = http::get(server, &path, TOKEN).await?.read()?;
        ids.extend(page.conversations.into_iter().map(|summary| summary.head.conversation_id));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/api/v1/conversations?limit=200&cursor={cursor}");
    }
    Ok(ids)
}

/// Every event of a conversation.
pub(crate) async fn history(
    server: SocketAddr,
    conversation_id: &ConversationId,
) -> Result<Vec<ConversationEvent>> {
    let mut events: Vec<ConversationEvent> = Vec::new();
    loop {
        let after_seq = events.last().map_or(0, |event| event.seq);
        let path = format!("/api/v1/conversations/{conversation_id}/events?after_seq={after_seq}&limit=200");
        let page: EventsPage = http::get(server, &path, TOKEN).await?.read()?;
        let is_last = page.events.last().is_none_or(|event| event.seq >= page.head_seq);
        events.extend(page.events);
        if is_last {
            return Ok(events);
        }
    }
}

fn line(event: &ConversationEvent) -> Line {
    let message = match &event.what {
        EventKind::Message { message_id, text, .. } => Some((message_id.clone(), text.clone())),
        EventKind::Edited { .. }
        | EventKind::Deleted { .. }
        | EventKind::Status { .. }
        | EventKind::Assigned { .. }
        | EventKind::SurveyAnswered
        | EventKind::Unknown => None,
    };
    Line { seq: event.seq, message }
}

/// Reads every conversation in the store's file, after asking SQLite whether the file is sound.
pub(crate) fn in_file(file: &Path) -> Result<Readable> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("cannot open {}", file.display()))?;
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    anyhow::ensure!(verdict == "ok", "integrity_check: {verdict}");
    let mut statement = connection
        .prepare("SELECT conversation_id, seq, message_id, text FROM event ORDER BY conversation_id, seq")?;
    let mut rows = statement.query([])?;
    let mut readable = Readable::new();
    while let Some(row) = rows.next()? {
        let message_id: Option<String> = row.get(2)?;
        let text: Option<String> = row.get(3)?;
        let message = message_id.map(|id| (MessageId(id), text.unwrap_or_default()));
        let seq = u64::try_from(row.get::<_, i64>(1)?)?;
        readable.entry(ConversationId(row.get(0)?)).or_default().push(Line { seq, message });
    }
    Ok(readable)
}
