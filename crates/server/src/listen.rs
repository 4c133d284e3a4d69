//! The port: takes connections, gives each a time in which the head of a request has to come, and lets those that are
//! open end when the server goes down.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tower_service::Service as _;

/// When no connection can be taken, for want of file descriptors say, the next try comes after this time.
const BREATH: Duration = Duration::from_millis(200);

/// Bytes of one connection that the kernel holds beyond those on their way.
const UNSENT_BYTES_MAX: u32 = 64 * 1024;

/// Serves until it is told to stop, and comes back when every connection has ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    head_time: Duration,
    mut stopped: oneshot::Receiver<()>,
) {
    // Every connection holds a receiver until it has ended.
    let (going_down, open) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(head_time)
                    .serve_connection(TokioIo::new(prepared(stream)), service(router.clone(), peer))
                    .with_upgrades();
                let mut going_down = open.clone();
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
            Err(error) if is_of_one_connection(error.kind()) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    // Nobody new comes in while those who are here end.
    drop((listener, open));
    going_down.send_replace(());
    going_down.closed().await;
}

/// Hands requests to the routes, with the address they come from.
fn service(
    router: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send,
> + Send {
    service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
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

/// Whether the fault is of the connection that came, and the next one may be fine.
fn is_of_one_connection(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused)
}
