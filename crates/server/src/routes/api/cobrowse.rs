//! Asking to see a visitor's page, and ending it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use protocol::cobrowse::{CobrowseRecord, CobrowseSession, CobrowseStepRecord, RedeemCode};
use protocol::id::{CobrowseId, ConversationId};
use protocol::people::Role;
use protocol::problem::ProblemCode;
use store::{CobrowseStep, StoreError};

use crate::app::App;
use crate::auth::guard::Caller;
use crate::cobrowse::{self, Way};
use crate::problem::Problem;
use crate::routes::body::Body;

/// `POST /api/v1/conversations/{conversation_id}/cobrowse`
pub(in crate::routes) async fn ask(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
    Extension(caller): Extension<Caller>,
) -> Result<(StatusCode, Json<CobrowseSession>), Problem> {
    let session = cobrowse::ask(&app, &conversation_id, caller.agent_ref(), Way::Button).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// `POST /api/v1/cobrowse/redeem`
pub(in crate::routes) async fn redeem(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Body(RedeemCode { code }): Body<RedeemCode>,
) -> Result<(StatusCode, Json<CobrowseSession>), Problem> {
    let session = cobrowse::redeem(&app, &code, caller.agent_ref()).await?;
    Ok((StatusCode::CREATED, Json(session)))
}

/// `POST /api/v1/cobrowse/{cobrowse_id}/watch`
pub(in crate::routes) async fn watch(
    State(app): State<Arc<App>>,
    Path(cobrowse_id): Path<CobrowseId>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<CobrowseSession>, Problem> {
    Ok(Json(cobrowse::watch(&app, &cobrowse_id, caller.agent_ref()).await?))
}

/// `GET /api/v1/conversations/{conversation_id}/cobrowse`
pub(in crate::routes) async fn records(
    State(app): State<Arc<App>>,
    Path(conversation_id): Path<ConversationId>,
) -> Result<Json<Vec<CobrowseRecord>>, Problem> {
    if app.store.conversation(&conversation_id).await?.is_none() {
        return Err(StoreError::NoConversation.into());
    }
    let mut records = Vec::new();
    for audit in app.store.cobrowse_audits(&conversation_id).await? {
        let steps = app.store.cobrowse_steps(&audit.cobrowse_id).await?;
        records.push(CobrowseRecord {
            cobrowse_id: audit.cobrowse_id,
            agent: audit.agent,
            asked_at: audit.asked_at,
            granted_at: audit.granted_at,
            ended_at: audit.ended.map(|(at, _)| at),
            end: audit.ended.map(|(_, end)| end),
            steps: steps.into_iter().map(to_record).collect(),
        });
    }
    Ok(Json(records))
}

fn to_record(step: CobrowseStep) -> CobrowseStepRecord {
    let CobrowseStep { agent, at, what, outcome, times } = step;
    CobrowseStepRecord { agent, at, what, outcome, times }
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
