//! A conversation's events for its customer, page by page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use protocol::conversation::Side;
use protocol::id::ConversationId;
use store::{Conversation, Customer};

use crate::app::App;
use crate::auth::visitor;
use crate::problem::Problem;
use crate::routes::api::conversations::{EventsFilter, events_page};
use crate::routes::body::Filter;

/// `GET /client/v1/conversations/{conversation_id}/events`
pub(in crate::routes) async fn list(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Filter(filter): Filter<EventsFilter>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let customer = visitor::customer(&app, &headers).await?;
    let own = own(&app, &customer, &conversation_id).await?;
    let mut page = events_page(&app, &own, filter).await?;
    page.events = page.events.into_iter().map(|event| event.seen_by(Side::Customer)).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// Returns a conversation of this customer.
///
/// # Errors
/// `not_found`, also for somebody else's: that is as little there as one that never was.
pub(super) async fn own(
    app: &App,
    customer: &Customer,
    conversation_id: &ConversationId,
) -> Result<Conversation, Problem> {
    let found = app.store.conversation(conversation_id).await?;
    let own = found.filter(|conversation| conversation.customer_id == customer.customer_id);
    own.ok_or_else(|| Problem::not_found("conversation"))
}
