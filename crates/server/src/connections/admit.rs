//! Looks at each request before any route does: whether its connection may ask for this, and, behind a proxy, whether
//! the one it really comes from has enough already.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::problem::ProblemCode;

use super::{Counted, Guest, Refusal, Standing};
use crate::app::App;
use crate::forwarded::{ClientAddress, is_trusted};
use crate::problem::Problem;

/// After how many seconds somebody who found no room may come again.
const RETRY_AFTER_S: u32 = 20;

/// What agents and those who watch over the server ask for.
const STAFF_PATHS: [&str; 5] = ["/api/", "/console", "/viewer", "/healthz", "/readyz"];

/// Lets a request through, or says why not and closes the connection.
pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(guest): Extension<Arc<Guest>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
    next: Next,
) -> Response {
    let connections = &app.connections;
    let path = request.uri().path();
    match guest.standing {
        Standing::Welcome => {}
        Standing::StaffOnly if STAFF_PATHS.iter().any(|staff| path.starts_with(staff)) => {}
        Standing::StaffOnly => {
            connections.refusals.count(Refusal::Full);
            return refuse(ProblemCode::Busy, "the server has no room for more connections at the moment");
        }
        Standing::TurnedAway => {
            connections.refusals.count(Refusal::OfAddress);
            return enough();
        }
    }
    if !is_trusted(peer.ip(), &app.config.trusted_proxies) {
        return next.run(request).await;
    }
    let Ok(counted) = connections.by_address.count(address) else {
        connections.refusals.count(Refusal::OfAddress);
        return enough();
    };
    let response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        guest.keep(counted);
        return response;
    }
    response.map(|body| Body::new(CountedBody { body, _counted: counted }))
}

fn enough() -> Response {
    refuse(ProblemCode::TooMany, "there are too many connections from this address already")
}

fn refuse(code: ProblemCode, detail: &str) -> Response {
    let problem = Problem { retry_after_s: Some(RETRY_AFTER_S), ..Problem::new(code, detail) };
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that is counted until it is read, or let go of.
struct CountedBody {
    body: Body,
    _counted: Counted,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}
