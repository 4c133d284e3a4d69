//! One co-browse socket as the rest sees it: frames in, frames out, and an ending that is said in words.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use chat_host::{Beat, Flood, Pulse};
use protocol::close::CloseCode;
use protocol::jitter::Jitter;
use protocol::limit::HELLO_BYTES_MAX;
use serde::Serialize;
use tokio::time::Instant;

use crate::config::Timing;
use crate::drain::Turn;
use crate::random;
use crate::sockets::steady;
use crate::sockets::websocket::is_unfit;

/// How long one frame may take to leave before the reader counts as too slow.
const SEND_TIME_MAX: Duration = Duration::from_secs(20);
/// How long a closing may take.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(2);

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The client is gone.
    Gone,
    /// We close it.
    Close(CloseCode),
}

/// What came in.
#[derive(Debug)]
pub(super) enum Frame {
    /// Text.
    Text(Utf8Bytes),
    /// Bytes.
    Binary(Bytes),
}

/// One WebSocket.
pub(super) struct Link {
    socket: WebSocket,
    jitter: Jitter,
    pulse: Pulse,
    flood: Flood,
    /// Where within the spread of a move this socket's turn is.
    turn: Turn,
}

impl Link {
    pub(super) fn new(socket: WebSocket, timing: Timing) -> Self {
        let mut jitter = Jitter::new(random::seed());
        let now = steady::now();
        let (heartbeat_ms, silence_ms) = (steady::ms(timing.heartbeat), steady::ms(timing.silence));
        Self {
            socket,
            pulse: Pulse::new(heartbeat_ms, silence_ms, &mut jitter, now),
            flood: Flood::new(now),
            turn: Turn::random(),
            jitter,
        }
    }

    /// Returns the next frame. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> Result<Frame, Ending> {
        loop {
            let message = match self.socket.recv().await {
                Some(Ok(message)) => message,
                Some(Err(error)) if is_unfit(&error) => return Err(Ending::Close(CloseCode::BadFrame)),
                Some(Err(_)) | None => return Err(Ending::Gone),
            };
            let now = steady::now();
            self.pulse.heard(now);
            if self.flood.is_too_many(now) {
                return Err(Ending::Close(CloseCode::TooMany));
            }
            match message {
                Message::Text(text) => return Ok(Frame::Text(text)),
                Message::Binary(bytes) => return Ok(Frame::Binary(bytes)),
                Message::Close(_) => return Err(Ending::Gone),
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    /// Returns the first text, which has to come in time and be small.
    pub(super) async fn receive_hello(&mut self, time: Duration) -> Result<Utf8Bytes, Ending> {
        let frame = tokio::time::timeout(time, self.receive())
            .await
            .map_err(|_| Ending::Close(CloseCode::NoHello))??;
        match frame {
            Frame::Text(text) if text.len() <= HELLO_BYTES_MAX => Ok(text),
            Frame::Text(_) | Frame::Binary(_) => Err(Ending::Close(CloseCode::BadFrame)),
        }
    }

    /// Where within the spread of a move this socket's turn is.
    pub(super) fn turn(&self) -> Turn {
        self.turn
    }

    /// When to ask `is_beat_due` next.
    pub(super) fn look_at(&self) -> Instant {
        steady::instant(self.pulse.look_at())
    }

    /// Whether a heartbeat is due, which the caller then sends; the next one is due a heartbeat later.
    ///
    /// # Errors
    /// When the client was silent for too long.
    pub(super) fn is_beat_due(&mut self) -> Result<bool, Ending> {
        match self.pulse.due(&mut self.jitter, steady::now()) {
            Some(Beat::Ping) => Ok(true),
            Some(Beat::Silent) => Err(Ending::Close(CloseCode::TooSlow)),
            None => Ok(false),
        }
    }

    /// Sends an event.
    pub(super) async fn send<E: Serialize>(&mut self, event: &E) -> Result<(), Ending> {
        let Ok(text) = serde_json::to_string(event) else {
            tracing::error!("an event cannot be written as JSON");
            return Ok(());
        };
        self.send_message(Message::Text(text.into())).await
    }

    /// Sends bytes.
    pub(super) async fn send_bytes(&mut self, bytes: Bytes) -> Result<(), Ending> {
        self.send_message(Message::Binary(bytes)).await
    }

    /// Sends a ping of the WebSocket itself, which browsers answer by themselves.
    pub(super) async fn ping(&mut self) -> Result<(), Ending> {
        self.send_message(Message::Ping(Bytes::new())).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), Ending> {
        let sent = tokio::time::timeout(SEND_TIME_MAX, self.socket.send(message)).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ending::Gone),
            Err(_) => Err(Ending::Close(CloseCode::TooSlow)),
        }
    }

    /// Closes the socket and listens until the other side has closed as well: a closing that is not waited for
    /// is an unclean one.
    pub(super) async fn finish(mut self, ending: Ending) {
        let closing = async {
            if let Ending::Close(code) = ending {
                let frame = CloseFrame { code: code.number(), reason: Utf8Bytes::from_static("") };
                let _ = self.socket.send(Message::Close(Some(frame))).await;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        // A client that does not answer the closing is dropped without it.
        let _ = tokio::time::timeout(CLOSE_TIME_MAX, closing).await;
    }
}
