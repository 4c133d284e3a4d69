//! A WebSocket as the wire of a chat connection.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{Sink, Stream};
use protocol::close::CloseCode;

use super::wire::{Broken, Incoming, Wire};

/// What may wait inside the WebSocket stack before the machine keeps the rest.
const UNFLUSHED_BYTES_MAX: usize = 16 * 1024;
/// How long a closing may take.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(2);

/// A WebSocket.
pub(super) struct SocketWire {
    socket: WebSocket,
    unflushed_bytes: usize,
    /// The code it is closed with whatever the machine says: a frame broke the WebSocket protocol itself.
    refusal: Option<u16>,
}

impl SocketWire {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self { socket, unflushed_bytes: 0, refusal: None }
    }

    /// Sends back every frame until one is refused or the other side is gone, and says which.
    #[cfg(feature = "echo")]
    pub(super) async fn echo(&mut self) -> Incoming {
        loop {
            let message = match self.socket.recv().await {
                Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => message,
                // Pings are answered by the stack.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Close(_))) | None => return Incoming::Gone,
                Some(Err(error)) => return self.failed(&error),
            };
            if self.socket.send(message).await.is_err() {
                return Incoming::Gone;
            }
        }
    }

    /// Takes an error of the stack.
    fn failed(&mut self, error: &axum::Error) -> Incoming {
        self.refusal = refusal(error);
        if is_unfit(error) { Incoming::Unfit } else { Incoming::Gone }
    }
}

impl Wire for SocketWire {
    fn poll_incoming(&mut self, context: &mut Context<'_>) -> Poll<Incoming> {
        let incoming = match ready!(Pin::new(&mut self.socket).poll_next(context)) {
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Binary(_))) => Incoming::Unfit,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Sign,
            Some(Ok(Message::Close(_))) | None => Incoming::Gone,
            Some(Err(error)) => self.failed(&error),
        };
        Poll::Ready(incoming)
    }

    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if self.unflushed_bytes > UNFLUSHED_BYTES_MAX {
            ready!(self.poll_flush(context))?;
        }
        Pin::new(&mut self.socket).poll_ready(context).map_err(|_| Broken)
    }

    fn put(&mut self, text: String) -> Result<(), Broken> {
        self.unflushed_bytes += text.len();
        Pin::new(&mut self.socket).start_send(Message::Text(text.into())).map_err(|_| Broken)
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        if self.unflushed_bytes == 0 {
            return Poll::Ready(Ok(()));
        }
        ready!(Pin::new(&mut self.socket).poll_flush(context)).map_err(|_| Broken)?;
        self.unflushed_bytes = 0;
        Poll::Ready(Ok(()))
    }

    /// Listens until the other side has closed as well: a closing that is not waited for is an unclean one.
    async fn finish(mut self, code: Option<CloseCode>) {
        let closing = async {
            if let Some(code) = code {
                let code = self.refusal.unwrap_or(code.number());
                let frame = CloseFrame { code, reason: Utf8Bytes::from_static("") };
                // The other side may be gone already.
                let _ = self.socket.send(Message::Close(Some(frame))).await;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        // A client that does not answer the closing is dropped without it.
        let _ = tokio::time::timeout(CLOSE_TIME_MAX, closing).await;
    }
}

/// Whether a frame broke the protocol, rather than the connection.
pub(super) fn is_unfit(error: &axum::Error) -> bool {
    let text = error.to_string();
    ["too long", "UTF-8", "utf-8", "Space limit", "too big"].iter().any(|part| text.contains(part))
}

/// Returns the code of RFC 6455, section 7.4.1, for what is wrong with a frame by that standard. What only our own
/// protocol forbids, size included, has our own code.
fn refusal(error: &axum::Error) -> Option<u16> {
    const PROTOCOL_ERROR: u16 = 1002;
    const INVALID_PAYLOAD: u16 = 1007;
    let text = error.to_string();
    if text.contains("UTF-8") || text.contains("utf-8") {
        return Some(INVALID_PAYLOAD);
    }
    text.contains("Control frame").then_some(PROTOCOL_ERROR)
}
