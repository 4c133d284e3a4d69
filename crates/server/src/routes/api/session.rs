//! Logging in and out, and being away.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::{Notice, Topic};
use protocol::problem::ProblemCode;
use protocol::rest::{Away, Login, Session};
use store::{NewSession, StoredAgent};

use crate::app::App;
use crate::auth::guard::{Caller, caller};
use crate::auth::{cookie, secret};
use crate::forwarded::ClientAddress;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::{clock, cobrowse, random};

/// Bytes of a password; longer ones would only keep the server busy.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// `POST /api/v1/session`
pub(in crate::routes) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(Login { email, password: given }): Body<Login>,
) -> Result<Response, Problem> {
    let now = clock::now();
    if given.len() > PASSWORD_BYTES_MAX {
        return Err(Problem::invalid("password", "is too long"));
    }
    let email = email.trim().to_lowercase();
    // Counted before the password is looked at: attempts that come at once cannot all find the limit unreached.
    if let Err(wait_s) = app.login_limit.attempt(&email, address, now) {
        let problem = Problem::new(ProblemCode::TooMany, "too many attempts, wait a while");
        return Err(Problem { retry_after_s: Some(wait_s), ..problem });
    }
    let agent = match checked(&app, &email, given).await {
        Ok(Some(agent)) => agent,
        Ok(None) => {
            let detail = "the e-mail address or the password is wrong";
            return Err(Problem::new(ProblemCode::Unauthorised, detail));
        }
        Err(problem) => {
            app.login_limit.take_back(&email, address);
            return Err(problem);
        }
    };
    app.login_limit.succeeded(&email, address);
    let (token, secret) = random::token();
    let session = NewSession {
        secret,
        agent_id: agent.profile.agent_id.clone(),
        created_at: now,
        expires_at: now.plus_ms(cookie::SESSION_MS),
    };
    app.store.create_session(session).await?;
    tracing::info!(agent_id = %agent.profile.agent_id, "logged in");
    Ok(([(header::SET_COOKIE, cookie::set(&app, &headers, Some(&token)))], no_store(agent)).into_response())
}

/// Returns whose log-in this is; `None` when the password or the address is wrong.
async fn checked(app: &App, email: &str, given: String) -> Result<Option<StoredAgent>, Problem> {
    let agent = app.store.agent_by_email(email).await?;
    let stored = agent.as_ref().map(|agent| agent.password_hash.clone());
    let is_right = app.passwords.is_right(given, stored).await?;
    Ok(agent.filter(|_| is_right))
}

/// `GET /api/v1/session`
pub(in crate::routes) async fn show(Extension(caller): Extension<Caller>) -> Response {
    no_store(caller.agent).into_response()
}

/// `DELETE /api/v1/session`
pub(in crate::routes) async fn log_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Ok(Caller { agent, session: Some(session) }) = caller(&app, &headers).await {
        app.store.end_session(&session).await?;
        let notice = Notice::LoggedOut { session_key: secret::hex(&session.0) };
        app.broker.publish(&Topic::Agent(agent.profile.agent_id.clone()), notice.into());
        cobrowse::end_asked_by(&app, &agent.profile.agent_id).await;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::set(&app, &headers, None))]).into_response())
}

/// `PUT /api/v1/session/away`
pub(in crate::routes) async fn set_away(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Body(Away { is_away }): Body<Away>,
) -> Result<Response, Problem> {
    app.store.set_away(&caller.agent.profile.agent_id, is_away).await?;
    app.presence.look_again();
    Ok(no_store(StoredAgent { is_away, ..caller.agent }).into_response())
}

fn no_store(agent: StoredAgent) -> impl axum::response::IntoResponse {
    let session = Session { agent: agent.profile, is_away: agent.is_away };
    ([(header::CACHE_CONTROL, "no-store")], Json(session))
}
