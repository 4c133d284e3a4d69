//! Upgrades: bounded buffers, and no new sockets while the server goes down.

use axum::extract::ws::WebSocketUpgrade;
use protocol::limit::CHAT_FRAME_BYTES_MAX;
use protocol::problem::ProblemCode;
use protocol::{CHAT_SUBPROTOCOL, COBROWSE_SUBPROTOCOL};

use crate::app::App;
use crate::problem::Problem;

/// Keeps an idle socket small: the stack's own buffer would be sixteen times this.
const READ_BUFFER_BYTES: usize = 4 * 1024;
/// What may wait inside the WebSocket stack; it is unlimited unless set.
const CHAT_WRITE_BYTES_MAX: usize = 4 * 1024 * 1024;
const COBROWSE_WRITE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Refuses a socket while the server goes down.
pub(crate) fn require_open(app: &App) -> Result<(), Problem> {
    if app.drain.has_begun() {
        return Err(Problem::new(ProblemCode::Busy, "the server goes down, connect again in a moment"));
    }
    Ok(())
}

/// Prepares a chat socket.
pub(crate) fn chat(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .protocols([CHAT_SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(READ_BUFFER_BYTES)
        .max_write_buffer_size(CHAT_WRITE_BYTES_MAX)
        .max_message_size(CHAT_FRAME_BYTES_MAX)
        .max_frame_size(CHAT_FRAME_BYTES_MAX)
}

/// Prepares a co-browse socket.
pub(crate) fn cobrowse(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .protocols([COBROWSE_SUBPROTOCOL])
        .read_buffer_size(8 * READ_BUFFER_BYTES)
        .write_buffer_size(8 * READ_BUFFER_BYTES)
        .max_write_buffer_size(COBROWSE_WRITE_BYTES_MAX)
        .max_message_size(cobrowse::limit::FRAME_BYTES_MAX)
        .max_frame_size(cobrowse::limit::FRAME_BYTES_MAX)
}
