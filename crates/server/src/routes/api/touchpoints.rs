//! Touchpoints as admins keep them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::id::TouchpointId;
use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::touchpoint;

/// `GET /api/v1/touchpoints`
pub(in crate::routes) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<Touchpoint>>, Problem> {
    Ok(Json(app.store.touchpoints().await?))
}

/// `POST /api/v1/touchpoints`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    Body(document): Body<Touchpoint>,
) -> Result<(StatusCode, Json<Touchpoint>), Problem> {
    let kept = touchpoint::put(&app, Touchpoint { config_version: 0, ..document }).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// `GET /api/v1/touchpoints/{touchpoint_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
) -> Result<Json<Touchpoint>, Problem> {
    let found = app.store.touchpoint(&touchpoint_id).await?;
    Ok(Json(found.ok_or_else(|| Problem::not_found("touchpoint"))?))
}

/// `PUT /api/v1/touchpoints/{touchpoint_id}`: takes effect while `config_version` is the one stored.
pub(in crate::routes) async fn replace(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    Body(document): Body<Touchpoint>,
) -> Result<Json<Touchpoint>, Problem> {
    if document.touchpoint_id != touchpoint_id {
        return Err(Problem::invalid("touchpoint_id", "is another one than in the address"));
    }
    if app.store.touchpoint(&touchpoint_id).await?.is_none() {
        return Err(Problem::not_found("touchpoint"));
    }
    Ok(Json(touchpoint::put(&app, document).await?))
}
