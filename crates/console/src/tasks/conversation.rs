//! Conversations: their events, who answers, and closing.

use browser::fetch::{request, request_empty};
use browser::{FetchError, Method, json};
use protocol::id::{AgentId, ConversationId};
use protocol::limit::PAGE_ROWS_MAX;
use protocol::rest::{Assign, EventsPage};

/// Returns events that follow `after_seq`, oldest first.
pub(crate) async fn events(
    conversation_id: &ConversationId,
    after_seq: u64,
) -> Result<EventsPage, FetchError> {
    let query = format!("after_seq={after_seq}&limit={PAGE_ROWS_MAX}");
    request(Method::Get, &format!("{}/events?{query}", path(conversation_id)), None, None).await
}

/// Gives the conversation to an agent. With `only_if` it takes effect only while that agent, or nobody, answers it.
pub(crate) async fn assign(
    conversation_id: &ConversationId,
    agent_id: AgentId,
    only_if: Option<Option<AgentId>>,
) -> Result<(), FetchError> {
    let body = json::to_string(&Assign { agent_id: Some(agent_id), only_if });
    request_empty(Method::Put, &format!("{}/assignee", path(conversation_id)), None, Some(&body)).await
}

/// Closes the conversation.
pub(crate) async fn close(conversation_id: &ConversationId) -> Result<(), FetchError> {
    request_empty(Method::Post, &format!("{}/close", path(conversation_id)), None, None).await
}

/// The ids come from the server and hold nothing that needs escaping.
fn path(conversation_id: &ConversationId) -> String {
    format!("/api/v1/conversations/{conversation_id}")
}
