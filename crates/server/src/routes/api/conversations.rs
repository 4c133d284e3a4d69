//! Conversations: listed, read, given away, closed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use protocol::agent::ConversationSummary;
use protocol::conversation::ConversationStatus;
use protocol::id::ConversationId;
use protocol::limit::PAGE_ROWS_MAX;
use protocol::problem::ProblemCode;
use protocol::rest::{Assign, ConversationsPage, EventsPage};
use protocol::time::UnixMillis;
use serde::Deserialize;
use store::{Conversation, ConversationFilter, PageStart};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::problem::Problem;
use crate::routes::body::{Body, Filter};
use crate::usecase::{announce, assignment, closing};

/// Which conversations to list.
#[derive(Debug, Deserialize)]
pub(in crate::routes) struct ListFilter {
    status: Option<ConversationStatus>,
    cursor: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/conversations`
pub(in crate::routes) async fn list(
    State(app): State<Arc<App>>,
    Filter(ListFilter { status, cursor, limit }): Filter<ListFilter>,
) -> Result<Json<ConversationsPage>, Problem> {
    let limit = limit.unwrap_or(50).clamp(1, PAGE_ROWS_MAX);
    let start = cursor.map(|cursor| read_cursor(&cursor)).transpose()?;
    let filter = status.map_or(ConversationFilter::Any, ConversationFilter::Status);
    let found = app.store.conversations(filter, start, limit).await?;
    let last = found.last().filter(|_| found.len() == limit);
    let next_cursor = last.map(|last| format!("{}.{}", last.updated_at.0, last.head.conversation_id));
    let conversations = announce::summaries(&app, &announce::ids_of(found)).await?;
    Ok(Json(ConversationsPage { conversations, next_cursor }))
}

fn read_cursor(cursor: &str) -> Result<PageStart, Problem> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let (at, id) =
        parts.ok_or_else(|| Problem::new(ProblemCode::BadRequest, "cursor: is not one of ours"))?;
    Ok(PageStart { updated_at: UnixMillis(at), conversation_id: ConversationId(id) })
}

/// `GET /api/v1/conversations/{conversation_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
) -> Result<Json<ConversationSummary>, Problem> {
    let found = announce::summaries(&app, &[conversation_id]).await?;
    found.into_iter().next().map(Json).ok_or_else(|| Problem::not_found("conversation"))
}

/// Which events to read.
#[derive(Debug, Deserialize)]
pub(in crate::routes) struct EventsFilter {
    #[serde(default)]
    after_seq: u64,
    limit: Option<usize>,
}

/// `GET /api/v1/conversations/{conversation_id}/events`
pub(in crate::routes) async fn events(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Filter(filter): Filter<EventsFilter>,
) -> Result<Json<EventsPage>, Problem> {
    let found = find(&app, &conversation_id).await?;
    Ok(Json(events_page(&app, &found, filter).await?))
}

/// Returns a page of a conversation's events.
pub(in crate::routes) async fn events_page(
    app: &App,
    conversation: &Conversation,
    EventsFilter { after_seq, limit }: EventsFilter,
) -> Result<EventsPage, Problem> {
    let limit = limit.unwrap_or(PAGE_ROWS_MAX).clamp(1, PAGE_ROWS_MAX);
    let events = app.store.events(&conversation.head.conversation_id, after_seq, limit).await?;
    // The events were read after the head, so there may be newer ones among them.
    let last_seq = events.last().map_or(0, |event| event.seq);
    Ok(EventsPage { events, head_seq: conversation.head.head_seq.max(last_seq) })
}

/// `PUT /api/v1/conversations/{conversation_id}/assignee`
pub(in crate::routes) async fn assign(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(caller): Extension<Caller>,
    Body(assign): Body<Assign>,
) -> Result<Json<ConversationSummary>, Problem> {
    assignment::assign(&app, &conversation_id, assign, caller.author()).await?;
    show(State(app), Path(conversation_id)).await
}

/// `POST /api/v1/conversations/{conversation_id}/close`
pub(in crate::routes) async fn close(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<ConversationSummary>, Problem> {
    closing::close(&app, &conversation_id, None, caller.author()).await?;
    show(State(app), Path(conversation_id)).await
}

async fn find(app: &App, conversation_id: &ConversationId) -> Result<Conversation, Problem> {
    let found = app.store.conversation(conversation_id).await?;
    found.ok_or_else(|| Problem::not_found("conversation"))
}
