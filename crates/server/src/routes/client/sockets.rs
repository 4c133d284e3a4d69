//! The visitor's two sockets.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::App;
use crate::cobrowse::Party;
use crate::origin::asker;
use crate::problem::Problem;
use crate::sockets::{cobrowse as cobrowse_socket, upgrade, visitor};

/// `GET /client/v1/socket`
pub(in crate::routes) async fn chat(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Result<Response, Problem> {
    upgrade::require_open(&app)?;
    let asker = asker(&app, &headers);
    Ok(upgrade::chat(socket).on_upgrade(move |socket| visitor::serve(app, socket, asker)))
}

/// `GET /client/v1/cobrowse`
pub(in crate::routes) async fn cobrowse(
    State(app): State<Arc<App>>,
    socket: WebSocketUpgrade,
) -> Result<Response, Problem> {
    upgrade::require_open(&app)?;
    Ok(upgrade::cobrowse(socket)
        .on_upgrade(move |socket| cobrowse_socket::serve(app, socket, Party::Visitor)))
}
