//! Conversations: their events, who answers, closing, and changes to messages.

use browser::fetch::{request, request_empty};
use browser::{FetchError, Method, json};
use protocol::id::{ConversationId, MessageId};
use protocol::limit::PAGE_ROWS_MAX;
use protocol::rest::{Assign, EventsPage, MessagePatch};

/// Returns events that follow `after_seq`, oldest first.
pub(crate) async fn events(
    conversation_id: &ConversationId,
    after_seq: u64,
) -> Result<EventsPage, FetchError> {
    let query = format!("after_seq={after_seq}&limit={PAGE_ROWS_MAX}");
    request(Method::Get, &format!("{}/events?{query}", path(conversation_id)), None, None).await
}

/// Gives the conversation to an agent, to a team, or back to the queue.
pub(crate) async fn assign(conversation_id: &ConversationId, assign: &Assign) -> Result<(), FetchError> {
    let body = json::to_string(assign);
    request_empty(Method::Put, &format!("{}/assignee", path(conversation_id)), None, Some(&body)).await
}

/// Closes the conversation.
pub(crate) async fn close(conversation_id: &ConversationId) -> Result<(), FetchError> {
    request_empty(Method::Post, &format!("{}/close", path(conversation_id)), None, None).await
}

/// Gives a message another text.
pub(crate) async fn edit(
    conversation_id: &ConversationId,
    message_id: &MessageId,
    text: String,
) -> Result<(), FetchError> {
    let body = json::to_string(&MessagePatch { text });
    request_empty(Method::Patch, &message_path(conversation_id, message_id), None, Some(&body)).await
}

/// Takes a message back.
pub(crate) async fn delete(
    conversation_id: &ConversationId,
    message_id: &MessageId,
) -> Result<(), FetchError> {
    request_empty(Method::Delete, &message_path(conversation_id, message_id), None, None).await
}

/// The ids come from the server and hold nothing that needs escaping.
fn path(conversation_id: &ConversationId) -> String {
    format!("/api/v1/conversations/{conversation_id}")
}

fn message_path(conversation_id: &ConversationId, message_id: &MessageId) -> String {
    format!("{}/messages/{message_id}", path(conversation_id))
}
