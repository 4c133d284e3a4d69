//! One WebSocket as the rest sees it: text in, events out, and an ending that is said in words.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use broker::{Notice, Subscription};
use protocol::close::CloseCode;
use protocol::limit::HELLO_BYTES_MAX;
use serde::Serialize;
use tokio::time::Instant;

use super::flood::Flood;
use super::pulse::{Beat, Pulse};
use crate::config::Timing;
use crate::drain::{Drain, Turn};
use crate::random;

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

/// What happens next on a chat socket.
#[derive(Debug)]
pub(super) enum Input {
    /// The client said something.
    Text(Utf8Bytes),
    /// Something happened elsewhere.
    Notice(Arc<Notice>),
    /// A heartbeat is due.
    Beat,
    /// The server goes down and it is this socket's turn to move.
    Move,
}

/// One WebSocket.
pub(super) struct Link {
    socket: WebSocket,
    pulse: Pulse,
    flood: Flood,
    /// Where within the spread of a move this socket's turn is.
    turn: Turn,
}

impl Link {
    pub(super) fn new(socket: WebSocket, timing: Timing) -> Self {
        Self { socket, pulse: Pulse::new(timing), flood: Flood::new(Instant::now()), turn: Turn::random() }
    }

    /// Returns the next frame. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> Result<Frame, Ending> {
        loop {
            let message = match self.socket.recv().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(ending_of(&error)),
                None => return Err(Ending::Gone),
            };
            let now = Instant::now();
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

    /// Returns the next text; anything else breaks the protocol.
    pub(super) async fn receive_text(&mut self) -> Result<Utf8Bytes, Ending> {
        match self.receive().await? {
            Frame::Text(text) => Ok(text),
            Frame::Binary(_) => Err(Ending::Close(CloseCode::BadFrame)),
        }
    }

    /// Returns the first text, which has to come in time and be small.
    pub(super) async fn receive_hello(&mut self, time: Duration) -> Result<Utf8Bytes, Ending> {
        let text = tokio::time::timeout(time, self.receive_text())
            .await
            .map_err(|_| Ending::Close(CloseCode::NoHello))??;
        if text.len() > HELLO_BYTES_MAX {
            return Err(Ending::Close(CloseCode::BadFrame));
        }
        Ok(text)
    }

    /// Returns what happens next on a chat socket. May be dropped and called again.
    pub(super) async fn input(
        &mut self,
        subscription: &mut Subscription,
        drain: &Drain,
    ) -> Result<Input, Ending> {
        loop {
            let (look_at, turn) = (self.pulse.look_at(), self.turn);
            tokio::select! {
                text = self.receive_text() => return text.map(Input::Text),
                notice = subscription.next() => {
                    return notice.map(Input::Notice).map_err(|_| Ending::Close(CloseCode::TooSlow));
                }
                () = tokio::time::sleep_until(look_at) => {
                    if self.is_beat_due()? {
                        return Ok(Input::Beat);
                    }
                }
                () = drain.turn_of(turn) => return Ok(Input::Move),
            }
        }
    }

    /// Where within the spread of a move this socket's turn is.
    pub(super) fn turn(&self) -> Turn {
        self.turn
    }

    /// When to ask `is_beat_due` next.
    pub(super) fn look_at(&self) -> Instant {
        self.pulse.look_at()
    }

    /// Whether a heartbeat is due, which the caller then sends; the next one is due a heartbeat later.
    ///
    /// # Errors
    /// When the client was silent for too long.
    pub(super) fn is_beat_due(&mut self) -> Result<bool, Ending> {
        match self.pulse.due(Instant::now()) {
            Some(Beat::Ping) => Ok(true),
            Some(Beat::Silent) => Err(Ending::Close(CloseCode::TooSlow)),
            None => Ok(false),
        }
    }

    /// Sends an event. A reader that does not take it while others pile up behind it is too slow.
    pub(super) async fn send<E: Serialize>(
        &mut self,
        event: &E,
        behind: &Subscription,
    ) -> Result<(), Ending> {
        tokio::select! {
            biased;
            sent = self.send_alone(event) => sent,
            () = behind.overflowed() => Err(Ending::Close(CloseCode::TooSlow)),
        }
    }

    /// Sends an event where nothing piles up behind it.
    pub(super) async fn send_alone<E: Serialize>(&mut self, event: &E) -> Result<(), Ending> {
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

/// Returns after how long a client that has to move connects again: spread, so that they do not come all at once.
pub(super) fn reconnect_after_ms() -> u32 {
    const AT_LEAST_MS: u64 = 500;
    const SPREAD_MS: u64 = 2_500;
    u32::try_from(AT_LEAST_MS + random::number(SPREAD_MS)).unwrap_or(u32::MAX)
}

/// Says what is wrong with a frame without repeating what it held.
pub(super) fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(['`', '"']) {
        Some((before, _)) => format!("the frame cannot be read: {}", before.trim_end()),
        None => format!("the frame cannot be read: {text}"),
    }
}

/// A broken connection is gone; a frame that breaks the protocol is answered with a close.
fn ending_of(error: &axum::Error) -> Ending {
    let text = error.to_string();
    let is_broken_frame = ["too long", "UTF-8", "utf-8", "Space limit", "too big"];
    if is_broken_frame.iter().any(|part| text.contains(part)) {
        return Ending::Close(CloseCode::BadFrame);
    }
    Ending::Gone
}
