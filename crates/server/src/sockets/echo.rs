//! A socket that says what it hears, for conformance suites: the upgrade, the reading of errors and the closing are
//! those of the chat. Only the sizes are others, as suites send frames of many megabytes.

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::routing::get;
use protocol::close::CloseCode;

use super::upgrade;
use super::websocket::SocketWire;
use super::wire::{Incoming, Wire as _};

/// More than the largest message of any suite.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Returns a router that echoes on `/`.
pub fn router() -> Router {
    Router::new().route(
        "/",
        get(async |socket: WebSocketUpgrade| {
            upgrade::chat(socket)
                .max_message_size(MESSAGE_BYTES_MAX)
                .max_frame_size(MESSAGE_BYTES_MAX)
                .max_write_buffer_size(2 * MESSAGE_BYTES_MAX)
                .on_upgrade(echo)
        }),
    )
}

async fn echo(socket: WebSocket) {
    let mut wire = SocketWire::new(socket);
    let code = match wire.echo().await {
        Incoming::Unfit => Some(CloseCode::BadFrame),
        Incoming::Text(_) | Incoming::Flood | Incoming::Sign | Incoming::Gone => None,
    };
    wire.finish(code).await;
}
