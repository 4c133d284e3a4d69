//! A WebSocket that waits for what it expects.

use std::collections::VecDeque;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::body::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::PATIENCE;

/// An open WebSocket, and events that came in one frame with one that was asked for.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>, VecDeque<Value>);

/// Conversations come many in a frame; here each comes alone.
fn split(event: Value) -> Vec<Value> {
    match event["conversations"].as_array() {
        Some(conversations) if event["type"] == "conversations" => conversations
            .iter()
            .map(|conversation| json!({ "type": "conversations", "conversations": [conversation] }))
            .collect(),
        _ => vec![event],
    }
}

impl Socket {
    /// Opens a socket, or gives the status it was refused with.
    pub(crate) async fn open(host: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{host}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            let name = hyper::header::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket, VecDeque::new())),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn say(&mut self, command: Value) {
        self.say_text(command.to_string()).await;
    }

    pub(crate) async fn say_text(&mut self, text: String) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.0.send(Message::binary(bytes)).await.unwrap();
    }

    async fn message(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came");
        next.and_then(Result::ok)
    }

    /// Returns the next event, of whatever type.
    pub(crate) async fn event(&mut self) -> Value {
        loop {
            if let Some(waiting) = self.1.pop_front() {
                return waiting;
            }
            match self.message().await {
                Some(Message::Text(text)) => self.1.extend(split(serde_json::from_str(&text).unwrap())),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("no event but {other:?}"),
            }
        }
    }

    /// Returns the next event of this type; others are passed over.
    pub(crate) async fn expect(&mut self, kind: &str) -> Value {
        self.expect_where(kind, |_| true).await
    }

    /// Returns the next event of this type for which something holds; others are passed over.
    pub(crate) async fn expect_where(&mut self, kind: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let found = async {
            loop {
                let event = self.event().await;
                if event["type"] == kind && holds(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("no {kind} came"))
    }

    /// Returns the next conversation of the inbox that is as wanted, whatever comes before it.
    pub(crate) async fn expect_summary(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        let event = self.expect_where("conversations", |event| holds(&event["conversations"][0]));
        event.await["conversations"][0].clone()
    }

    /// Returns the next bytes; text is passed over.
    pub(crate) async fn bytes(&mut self) -> Bytes {
        loop {
            match self.message().await {
                Some(Message::Binary(bytes)) => return bytes,
                Some(Message::Text(_) | Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("no bytes but {other:?}"),
            }
        }
    }

    /// Waits for the end and returns its close code; whatever comes before is passed over.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match self.message().await {
                Some(Message::Close(Some(frame))) => return frame.code.into(),
                Some(Message::Close(None)) | None => return 1006,
                Some(_) => {}
            }
        }
    }

    /// Closes the socket as a page does that is left.
    pub(crate) async fn leave(mut self) {
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }

    /// Sends text as long as the other side takes it, without reading anything.
    pub(crate) async fn try_say(&mut self, text: &str) -> bool {
        self.0.send(Message::text(text.to_owned())).await.is_ok()
    }
}
