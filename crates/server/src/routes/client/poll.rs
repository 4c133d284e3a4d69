//! The visitor's chat by requests, where no socket gets through.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

use crate::app::App;
use crate::forwarded::ClientAddress;
use crate::origin::asker;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::sockets::polling::{self, PollBody};

/// `POST /client/v1/poll`
pub(in crate::routes) async fn poll(
    State(app): State<Arc<App>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(body): Body<PollBody>,
) -> Result<impl IntoResponse, Problem> {
    let asker = asker(&app, &headers);
    let reply = polling::poll(&app, asker, address, body).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reply)))
}
