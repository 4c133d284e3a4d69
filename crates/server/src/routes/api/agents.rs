//! Colleagues and their presence.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use protocol::people::AgentPresence;

use crate::app::App;

/// `GET /api/v1/agents`
pub(in crate::routes) async fn list(State(app): State<Arc<App>>) -> Json<Vec<AgentPresence>> {
    Json(app.presence.watch().borrow().as_ref().clone())
}
