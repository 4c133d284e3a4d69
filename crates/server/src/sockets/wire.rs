//! What carries the frames of a chat connection: a WebSocket, or one HTTP request after the other.

use std::task::{Context, Poll};

use axum::extract::ws::Utf8Bytes;
use protocol::close::CloseCode;

/// The connection broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A frame of text.
    Text(Utf8Bytes),
    /// A frame that breaks the protocol: bytes, not UTF-8, too large.
    Unfit,
    /// More than is kept for the client until it is taken.
    Flood,
    /// A sign of life.
    Sign,
    /// The other side is gone.
    Gone,
}

/// Carries frames. Everything is polled, so that nothing is lost when another branch is quicker.
pub(super) trait Wire: Send {
    /// Gives the next frame that came in.
    fn poll_incoming(&mut self, context: &mut Context<'_>) -> Poll<Incoming>;

    /// Ready when it takes another frame: when the other side has taken most of what it was given before.
    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>>;

    /// Takes a frame. Only to be called when there is room.
    fn put(&mut self, text: String) -> Result<(), Broken>;

    /// Brings everything that was put on its way.
    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>>;

    /// Ends it, with a code unless the other side is gone.
    fn finish(self, code: Option<CloseCode>) -> impl Future<Output = ()> + Send;
}
