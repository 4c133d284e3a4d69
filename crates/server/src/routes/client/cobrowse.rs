//! What a visitor does to begin a co-browse session: offers it, takes that back, or has a code made to read out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use protocol::cobrowse::CobrowseTerms;
use protocol::id::ConversationId;
use store::Conversation;

use super::{customers, events};
use crate::app::App;
use crate::cobrowse;
use crate::problem::Problem;

/// `GET /client/v1/conversations/{conversation_id}/cobrowse`
pub(in crate::routes) async fn terms(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (_, is_recorded) = own(&app, &headers, &conversation_id).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(CobrowseTerms { is_recorded })))
}

/// `PUT /client/v1/conversations/{conversation_id}/cobrowse/offer`
pub(in crate::routes) async fn offer(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (conversation, _) = own(&app, &headers, &conversation_id).await?;
    Ok(Json(cobrowse::offer(&app, &conversation)?))
}

/// `DELETE /client/v1/conversations/{conversation_id}/cobrowse/offer`
pub(in crate::routes) async fn withdraw(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    own(&app, &headers, &conversation_id).await?;
    cobrowse::withdraw_offer(&app, &conversation_id);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /client/v1/conversations/{conversation_id}/cobrowse/code`
pub(in crate::routes) async fn give_code(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (conversation, _) = own(&app, &headers, &conversation_id).await?;
    let code = cobrowse::give_code(&app, &conversation)?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(code)))
}

/// Returns the visitor's own conversation and whether a session in it would be recorded.
async fn own(
    app: &App,
    headers: &HeaderMap,
    conversation_id: &ConversationId,
) -> Result<(Conversation, bool), Problem> {
    let customer = customers::own(app, headers).await?;
    let conversation = events::own(app, &customer, conversation_id).await?;
    let is_recorded = cobrowse::is_recorded(app, &conversation).await?;
    Ok((conversation, is_recorded))
}
