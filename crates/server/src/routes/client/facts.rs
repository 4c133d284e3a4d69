//! The facts the server adds for rules.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use protocol::id::TouchpointId;
use protocol::touchpoint::Touchpoint;

use crate::app::App;
use crate::facts;
use crate::origin::{asker, require_allowed};
use crate::problem::Problem;

/// `GET /client/v1/touchpoints/{touchpoint_id}/facts`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let touchpoint = allowed(&app, &touchpoint_id, &headers).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(facts::of(&app, &touchpoint))))
}

/// `GET /client/v1/touchpoints/{touchpoint_id}/facts/stream`
pub(in crate::routes) async fn stream(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    allowed(&app, &touchpoint_id, &headers).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], facts::stream(app, touchpoint_id)))
}

async fn allowed(
    app: &App,
    touchpoint_id: &TouchpointId,
    headers: &HeaderMap,
) -> Result<Touchpoint, Problem> {
    let touchpoint = app.store.touchpoint(touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    require_allowed(&asker(app, headers), &touchpoint)?;
    Ok(touchpoint)
}
