//! What a visitor does to begin a co-browse session: offers it, takes that back, or has a code made to read out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use protocol::cobrowse::CobrowseTerms;
use protocol::id::ConversationId;
use store::Conversation;

use super::{customers, events};
use crate::app::App;
use crate::cobrowse;
use crate::forwarded::ClientAddress;
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

/// `POST /client/v1/conversations/{conversation_id}/cobrowse/offers`
pub(in crate::routes) async fn offer(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (conversation, _) = own(&app, &headers, &conversation_id).await?;
    Ok((StatusCode::CREATED, Json(cobrowse::offer(&app, &conversation, address)?)))
}

/// `PUT /client/v1/conversations/{conversation_id}/cobrowse/offers/{offer_id}`
pub(in crate::routes) async fn renew(
    State(app): State<Arc<App>>,
    Path((conversation_id, offer_id)): Path<(ConversationId, String)>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (conversation, _) = own(&app, &headers, &conversation_id).await?;
    Ok(Json(cobrowse::renew_offer(&app, &conversation, offer_id)?))
}

/// `DELETE /client/v1/conversations/{conversation_id}/cobrowse/offers/{offer_id}`
pub(in crate::routes) async fn withdraw(
    State(app): State<Arc<App>>,
    Path((conversation_id, offer_id)): Path<(ConversationId, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let customer = customers::own(&app, &headers).await?;
    events::own(&app, &customer, &conversation_id).await?;
    cobrowse::withdraw_offer(&app, &conversation_id, &offer_id);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /client/v1/conversations/{conversation_id}/cobrowse/code`
pub(in crate::routes) async fn give_code(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let (conversation, _) = own(&app, &headers, &conversation_id).await?;
    let code = cobrowse::give_code(&app, &conversation, address)?;
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
