//! The port: takes connections, gives each a time in which the head of a request has to come, and lets those that are
//! open end when the server goes down.

use std::convert::Infallible;
use std::io::{Error, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tower_service::Service as _;

use crate::connections::{Connections, Guest, Refusal, Standing};

/// When no connection can be taken, for want of file descriptors say, the next try comes after this time.
const BREATH: Duration = Duration::from_millis(200);

/// A connection in one of the last places has to say by then what it wants.
const HEAD_TIME_WHEN_FULL: Duration = Duration::from_secs(5);

/// Bytes of one connection that the kernel holds beyond those on their way.
const UNSENT_BYTES_MAX: u32 = 64 * 1024;

/// What waits behind the port.
pub(crate) struct Port {
    pub(crate) router: Router,
    pub(crate) connections: Arc<Connections>,
    /// The head of a request has to come in this time.
    pub(crate) head_time: Duration,
}

impl Port {
    /// Serves until it is told to stop, and comes back when every connection has ended.
    pub(crate) async fn serve(self, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
        // Every connection holds a receiver until it has ended.
        let (going_down, open) = watch::channel(());
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = &mut stopped => break,
            };
            match accepted {
                // One that has no place is closed by being dropped.
                Ok((stream, peer)) => {
                    if let Some(guest) = self.connections.enter(peer.ip()) {
                        self.begin(stream, peer, guest, open.clone());
                    }
                }
                Err(error) => {
                    if let Some(pause) = pause_after(&error) {
                        self.connections.refusals.count(Refusal::NoDescriptor);
                        tracing::debug!(%error, "no connection can be taken");
                        tokio::time::sleep(pause).await;
                    }
                }
            }
        }
        // Nobody new comes in while those who are here end.
        drop((listener, open));
        going_down.send_replace(());
        going_down.closed().await;
    }

    fn begin(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        guest: Arc<Guest>,
        mut going_down: watch::Receiver<()>,
    ) {
        let head_time = match guest.standing {
            Standing::Welcome => self.head_time,
            Standing::StaffOnly | Standing::TurnedAway => self.head_time.min(HEAD_TIME_WHEN_FULL),
        };
        let service = service(self.router.clone(), peer, Arc::clone(&guest));
        let stream = Held { stream: prepared(stream), _guest: guest };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_time)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                _ = going_down.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
}

/// Hands requests to the routes, with the address they come from and what their connection may ask for.
fn service(
    router: Router,
    peer: SocketAddr,
    guest: Arc<Guest>,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send,
> + Send {
    service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(Arc::clone(&guest));
        // A router is always ready.
        router.clone().call(request)
    })
}

/// Chat frames are small: waiting for more to send would only make them late. And what a client does not take in waits
/// here, where it is counted, not by the megabyte in the kernel.
fn prepared(stream: TcpStream) -> TcpStream {
    let told = stream.set_nodelay(true);
    if let Err(error) = told.and_then(|()| SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX)) {
        tracing::debug!(%error, "a connection stays as it is");
    }
    stream
}

/// How long to wait after an error; none when the fault is of the connection that came, and the next one may be fine.
/// Without descriptors the port stays ready, so trying again at once would take a whole processor.
fn pause_after(error: &Error) -> Option<Duration> {
    let is_of_one_connection = matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    );
    (!is_of_one_connection).then_some(BREATH)
}

/// A connection that keeps its place, also as a socket, until it is closed.
struct Held {
    stream: TcpStream,
    _guest: Arc<Guest>,
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize, Error>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::errno::Errno;

    #[test]
    fn without_descriptors_the_port_pauses_and_goes_on() {
        for errno in [Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOMEM] {
            assert_eq!(pause_after(&Error::from(errno)), Some(BREATH), "{errno}");
        }
        for errno in [Errno::ECONNABORTED, Errno::ECONNRESET] {
            assert_eq!(pause_after(&Error::from(errno)), None, "{errno}");
        }
    }
}
