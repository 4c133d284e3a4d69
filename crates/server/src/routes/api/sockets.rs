//! The agents' two sockets.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Extension, State};
use axum::response::Response;

use crate::app::App;
use crate::auth::guard::Caller;
use crate::cobrowse::Party;
use crate::problem::Problem;
use crate::sockets::{agent, cobrowse as cobrowse_socket, upgrade};

/// `GET /api/v1/socket`
pub(in crate::routes) async fn chat(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    socket: WebSocketUpgrade,
) -> Result<Response, Problem> {
    upgrade::require_open(&app)?;
    Ok(upgrade::chat(socket).on_upgrade(move |socket| agent::serve(app, socket, caller)))
}

/// `GET /api/v1/cobrowse/socket`
pub(in crate::routes) async fn cobrowse(
    State(app): State<Arc<App>>,
    socket: WebSocketUpgrade,
) -> Result<Response, Problem> {
    upgrade::require_open(&app)?;
    Ok(upgrade::cobrowse(socket).on_upgrade(move |socket| cobrowse_socket::serve(app, socket, Party::Agent)))
}
