//! Looks at each request before any route does: whether its connection may ask for this, and, behind a proxy, whether
//! the one it really comes from has enough already.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::problem::ProblemCode;

use super::{Counted, Guest, Refusal, Standing};
use crate::app::App;
use crate::forwarded::{ClientAddress, is_trusted};
use crate::problem::Problem;

/// After how many seconds somebody who found no room may come again.
const RETRY_AFTER_S: u32 = 20;

/// What a browser asks for when it wants server-sent events.
const EVENT_STREAM: &str = "text/event-stream";

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
    let refused = match guest.standing {
        Standing::Welcome => None,
        // Agents and health checks may share an address with many visitors.
        Standing::StaffOnly | Standing::TurnedAway if is_of_staff(&request) => None,
        Standing::StaffOnly => Some(Refusal::Full),
        Standing::TurnedAway => Some(Refusal::OfAddress),
    };
    if let Some(refusal) = refused {
        return refuse(&app, refusal, &request);
    }
    if !is_trusted(peer.ip(), &app.config.trusted_proxies) {
        return next.run(request).await;
    }
    let Ok(counted) = app.connections.by_address.count(address) else {
        return refuse(&app, Refusal::OfAddress, &request);
    };
    let response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        guest.keep(counted);
        return response;
    }
    response.map(|body| Body::new(CountedBody { body, _counted: counted }))
}

fn is_of_staff(request: &Request) -> bool {
    STAFF_PATHS.iter().any(|staff| request.uri().path().starts_with(staff))
}

fn refuse(app: &App, refusal: Refusal, request: &Request) -> Response {
    app.connections.refusals.count(refusal);
    let problem = match refusal {
        Refusal::Full | Refusal::Closed | Refusal::NoDescriptor => {
            Problem::new(ProblemCode::Busy, "the server has no room for more connections at the moment")
        }
        Refusal::OfAddress => {
            Problem::new(ProblemCode::TooMany, "there are too many connections from this address already")
        }
    };
    let mut response = if wants_events(request.headers()) {
        no_events()
    } else {
        Problem { retry_after_s: Some(RETRY_AFTER_S), ..problem }.into_response()
    };
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn wants_events(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == EVENT_STREAM.as_bytes())
}

/// A stream without events: a browser gives up for good on one that is refused, and comes again to one that ends.
fn no_events() -> Response {
    let headers = [(header::CONTENT_TYPE, EVENT_STREAM), (header::CACHE_CONTROL, "no-store")];
    (headers, format!("retry: {}\n\n", RETRY_AFTER_S * 1_000)).into_response()
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
