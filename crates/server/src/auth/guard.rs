//! The gate in front of `/api/v1`: origin first, then who it is, then whether their role may.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use protocol::conversation::Author;
use protocol::people::AgentRef;
use protocol::problem::ProblemCode;
use store::{SecretHash, StoredAgent};

use super::access::{self, Access};
use super::{cookie, secret};
use crate::app::App;
use crate::clock;
use crate::origin::{asker, foreign, require_ours};
use crate::problem::Problem;

/// Who is asking, once the gate has let them through.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The agent.
    pub(crate) agent: StoredAgent,
    /// The log-in they use; none for API tokens.
    pub(crate) session: Option<SecretHash>,
}

impl Caller {
    /// The agent as others see them.
    pub(crate) fn agent_ref(&self) -> AgentRef {
        let profile = &self.agent.profile;
        AgentRef { agent_id: profile.agent_id.clone(), name: profile.name.clone() }
    }

    /// The agent as the author of an event.
    pub(crate) fn author(&self) -> Author {
        let AgentRef { agent_id, name } = self.agent_ref();
        Author::Agent { agent_id, name }
    }
}

/// Lets a request through to its route, or refuses it.
pub(crate) async fn guard(
    State(app): State<Arc<App>>,
    matched: MatchedPath,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let access = access::of(request.method(), matched.as_str())
        .ok_or_else(|| Problem::new(ProblemCode::Forbidden, "nobody may do this"))?;
    // Browsers tell where a request comes from; a foreign page is refused before any cookie is read.
    if secret::bearer(request.headers()).is_none() {
        require_same_site(&app, request.method(), request.headers())?;
    }
    let Access::From(role) = access else { return Ok(next.run(request).await) };
    let caller = caller(&app, request.headers()).await?;
    if caller.agent.profile.role < role {
        return Err(Problem::new(ProblemCode::Forbidden, "your role does not allow this"));
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

fn require_same_site(app: &App, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    require_ours(&asker(app, headers))?;
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let is_foreign = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if is_foreign && *method != Method::GET && *method != Method::HEAD {
        return Err(foreign());
    }
    Ok(())
}

/// Returns who is asking.
pub(crate) async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    let refused = || Problem::new(ProblemCode::Unauthorised, "log in first");
    if let Some(token) = secret::bearer(headers) {
        let found = app.store.api_token(&secret::hash(token)).await?;
        return found.map(|found| Caller { agent: found.agent, session: None }).ok_or_else(refused);
    }
    let token = cookie::token(app, headers).ok_or_else(refused)?;
    let session = secret::hash(token);
    let found = app.store.session(&session, clock::now()).await?;
    found.map(|found| Caller { agent: found.agent, session: Some(session) }).ok_or_else(refused)
}
