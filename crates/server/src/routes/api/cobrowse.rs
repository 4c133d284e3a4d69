//! Asking to see a visitor's page, and ending it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use protocol::cobrowse::CobrowseSession;
use protocol::id::{CobrowseId, ConversationId};
use protocol::people::Role;
use protocol::problem::ProblemCode;

use crate::app::App;
use crate::auth::guard::Caller;
use crate::cobrowse;
use crate::problem::Problem;

/// `POST /api/v1/conversations/{conversation_id}/cobrowse`
pub(in crate::routes) async fn ask(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(caller): Extension<Caller>,
) -> Result<(StatusCode, Json<CobrowseSession>), Problem> {
    let session = cobrowse::ask(&app, &conversation_id, caller.agent_ref()).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// `DELETE /api/v1/cobrowse/{cobrowse_id}`
pub(in crate::routes) async fn end(
    State(app): State<Arc<App>>,
    Path(cobrowse_id): Path<CobrowseId>,
    Extension(caller): Extension<Caller>,
) -> Result<StatusCode, Problem> {
    let session = app.cobrowse.get(&cobrowse_id).map(|entry| entry.session);
    let session = session.ok_or_else(|| Problem::not_found("co-browse session"))?;
    let profile = &caller.agent.profile;
    if session.agent.agent_id != profile.agent_id && profile.role < Role::Supervisor {
        return Err(Problem::new(ProblemCode::Forbidden, "another agent asked for this session"));
    }
    cobrowse::end_by_agent(&app, &session).await;
    Ok(StatusCode::NO_CONTENT)
}
