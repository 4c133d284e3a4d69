//! Asking for a co-browse session and ending it.

use browser::fetch::{request, request_empty};
use browser::{FetchError, Method, json};
use protocol::cobrowse::{CobrowseSession, RedeemCode};
use protocol::id::{CobrowseId, ConversationId};

/// Asks the visitor to share the page.
pub(crate) async fn ask(conversation_id: &ConversationId) -> Result<(), FetchError> {
    let url = format!("/api/v1/conversations/{conversation_id}/cobrowse");
    request_empty(Method::Post, &url, None, None).await
}

/// Asks the visitor whose code this is to share the page.
pub(crate) async fn redeem(code: &str) -> Result<CobrowseSession, FetchError> {
    let body = json::to_string(&RedeemCode { code: code.to_owned() });
    request(Method::Post, "/api/v1/cobrowse/redeem", None, Some(&body)).await
}

/// Looks on at a colleague's session.
pub(crate) async fn watch(cobrowse_id: &CobrowseId) -> Result<CobrowseSession, FetchError> {
    request::<CobrowseSession>(Method::Post, &format!("/api/v1/cobrowse/{cobrowse_id}/watch"), None, None)
        .await
}

/// Ends the session, or takes the question back.
pub(crate) async fn end(cobrowse_id: &CobrowseId) -> Result<(), FetchError> {
    request_empty(Method::Delete, &format!("/api/v1/cobrowse/{cobrowse_id}"), None, None).await
}
