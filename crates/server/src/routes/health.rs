//! Whether the server lives, and whether it takes messages.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use protocol::problem::ProblemCode;
use store::Health;

use crate::app::App;
use crate::problem::Problem;

/// `GET /healthz`: 200 from the first request to the beginning of the end.
pub(super) async fn lives(State(app): State<Arc<App>>) -> Response {
    if app.drain.has_begun() {
        return draining().into_response();
    }
    "ready\n".into_response()
}

/// `GET /readyz`: 200 while messages can be stored, else 503 with what is in the way.
pub(super) async fn is_ready(State(app): State<Arc<App>>) -> Response {
    if app.drain.has_begun() {
        return draining().into_response();
    }
    let what = match app.store.health().await {
        Health::Writable => return "ready\n".into_response(),
        Health::Full => "the disk is full: messages are refused until there is room again",
        Health::ReadOnly => "the data cannot be written: messages are refused until it can",
    };
    Problem::new(ProblemCode::Busy, what).into_response()
}

fn draining() -> Problem {
    Problem::new(ProblemCode::Busy, "the server goes down")
}
