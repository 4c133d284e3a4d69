//! The agent's session: who is logged in, log-in, log-out, away.

use browser::fetch::{request, request_empty};
use browser::{FetchError, Method, json};
use protocol::rest::{Away, Login, Session};

const SESSION: &str = "/api/v1/session";

/// Returns the session of this browser's cookie; 401 when there is none.
pub(crate) async fn current() -> Result<Session, FetchError> {
    request(Method::Get, SESSION, None, None).await
}

/// Logs in; the answer sets the cookie.
pub(crate) async fn log_in(login: &Login) -> Result<Session, FetchError> {
    request(Method::Post, SESSION, None, Some(&json::to_string(login))).await
}

/// Logs out; the cookie is of no use any more.
pub(crate) async fn log_out() -> Result<(), FetchError> {
    request_empty(Method::Delete, SESSION, None, None).await
}

/// Asks for new chats, or for none.
pub(crate) async fn set_away(is_away: bool) -> Result<(), FetchError> {
    let body = json::to_string(&Away { is_away });
    request_empty(Method::Put, "/api/v1/session/away", None, Some(&body)).await
}
