//! A connection in a task of its own, by WebSocket or by polling: frames go in and out by bounded channels.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::CHAT_SUBPROTOCOL;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::http::ORIGIN;
use super::polling;

const QUEUE_FRAMES: usize = 256;
/// A connection that ended without a closing handshake (RFC 6455, section 7.4.1).
pub(super) const ABNORMAL: u16 = 1006;

/// What a socket tells.
#[derive(Debug)]
pub(crate) enum Tidings {
    Opened,
    Text(Utf8Bytes),
    Closed(u16),
}

/// An open socket, or one that is being opened. Dropping it ends the connection as a page does that is gone.
#[derive(Debug)]
pub(crate) struct Socket {
    frames: mpsc::Sender<String>,
    tidings: mpsc::Receiver<Tidings>,
    task: JoinHandle<()>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Socket {
    /// Begins to open a socket.
    pub(crate) fn open(address: SocketAddr, path: &'static str, cookie: String) -> Self {
        let (frames, to_send) = mpsc::channel(QUEUE_FRAMES);
        let (told, tidings) = mpsc::channel(QUEUE_FRAMES);
        let task = tokio::spawn(async move {
            let code = match connect(address, path, &cookie).await {
                Ok(socket) => live(socket, to_send, &told).await,
                Err(_) => ABNORMAL,
            };
            let _ = told.send(Tidings::Closed(code)).await;
        });
        Self { frames, tidings, task }
    }

    /// Begins to poll instead.
    pub(crate) fn poll(address: SocketAddr) -> Self {
        let (frames, to_send) = mpsc::channel(QUEUE_FRAMES);
        let (told, tidings) = mpsc::channel(QUEUE_FRAMES);
        let task = tokio::spawn(async move {
            let code = polling::live(address, to_send, &told).await;
            let _ = told.send(Tidings::Closed(code)).await;
        });
        Self { frames, tidings, task }
    }

    /// Sends a frame. One that finds the queue full is dropped with a connection that is stuck anyway.
    pub(crate) fn send(&self, frame: String) {
        let _ = self.frames.try_send(frame);
    }

    /// What happens next. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> Tidings {
        self.tidings.recv().await.unwrap_or(Tidings::Closed(ABNORMAL))
    }
}

/// Opens a WebSocket.
pub(crate) async fn connect(
    address: SocketAddr,
    path: &str,
    cookie: &str,
) -> Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    upgrade(stream, address, path, cookie).await
}

/// Makes a WebSocket of a connection.
pub(crate) async fn upgrade(
    stream: TcpStream,
    address: SocketAddr,
    path: &str,
    cookie: &str,
) -> Result<WebSocketStream<TcpStream>> {
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", CHAT_SUBPROTOCOL.parse()?);
    if cookie.is_empty() {
        headers.insert("origin", ORIGIN.parse()?);
    } else {
        // Agents' pages come from the server itself.
        headers.insert("origin", format!("http://{address}").parse()?);
        headers.insert("cookie", cookie.parse()?);
    }
    let (socket, _) = tokio::time::timeout(Duration::from_secs(20), client_async(request, stream)).await??;
    Ok(socket)
}

async fn live(
    mut socket: WebSocketStream<TcpStream>,
    mut to_send: mpsc::Receiver<String>,
    told: &mpsc::Sender<Tidings>,
) -> u16 {
    if told.send(Tidings::Opened).await.is_err() {
        return ABNORMAL;
    }
    loop {
        tokio::select! {
            frame = to_send.recv() => {
                let Some(frame) = frame else { return ABNORMAL };
                if socket.send(Message::text(frame)).await.is_err() {
                    return ABNORMAL;
                }
            }
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    if told.send(Tidings::Text(text)).await.is_err() {
                        return ABNORMAL;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(ABNORMAL, |frame| frame.code.into());
                    // The closing handshake is finished by reading on.
                    while let Some(Ok(_)) = socket.next().await {}
                    return code;
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(Error::ConnectionClosed)) | None | Some(Err(_)) => return ABNORMAL,
            },
        }
    }
}
