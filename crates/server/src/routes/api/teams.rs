//! Agents who answer together.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::id::TeamId;
use protocol::people::Team;
use protocol::rest::{TeamDocument, Teams};

use crate::app::App;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::team;

/// `GET /api/v1/teams`
pub(in crate::routes) async fn list(State(app): State<Arc<App>>) -> Result<Json<Teams>, Problem> {
    Ok(Json(Teams { teams: app.store.teams().await? }))
}

/// `POST /api/v1/teams`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    Body(document): Body<TeamDocument>,
) -> Result<(StatusCode, Json<Team>), Problem> {
    Ok((StatusCode::CREATED, Json(team::create(&app, document).await?)))
}

/// `PUT /api/v1/teams/{team_id}`
pub(in crate::routes) async fn replace(
    State(app): State<Arc<App>>,
    Path(team_id): Path<TeamId>,
    Body(document): Body<TeamDocument>,
) -> Result<Json<Team>, Problem> {
    Ok(Json(team::replace(&app, team_id, document).await?))
}

/// `DELETE /api/v1/teams/{team_id}`
pub(in crate::routes) async fn remove(
    State(app): State<Arc<App>>,
    Path(team_id): Path<TeamId>,
) -> Result<StatusCode, Problem> {
    team::remove(&app, &team_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
