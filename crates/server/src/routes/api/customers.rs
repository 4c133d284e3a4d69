//! What is known of a customer.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use protocol::conversation::Side;
use protocol::id::CustomerId;
use protocol::people::CustomerProfile;
use protocol::rest::CustomerPatch;

use crate::app::App;
use crate::export;
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::{announce, customer, erasure};

/// `GET /api/v1/customers/{customer_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(customer_id): Path<CustomerId>,
) -> Result<Json<CustomerProfile>, Problem> {
    let found = app.store.customer(&customer_id).await?;
    Ok(Json(announce::profile(&app, found.ok_or_else(|| Problem::not_found("customer"))?)))
}

/// `PATCH /api/v1/customers/{customer_id}`
pub(in crate::routes) async fn change(
    State(app): State<Arc<App>>,
    Path(customer_id): Path<CustomerId>,
    Body(patch): Body<CustomerPatch>,
) -> Result<Json<CustomerProfile>, Problem> {
    customer::patch(&app, &customer_id, patch).await?;
    show(State(app), Path(customer_id)).await
}

/// `DELETE /api/v1/customers/{customer_id}`: for good, with everything that belongs to them.
pub(in crate::routes) async fn erase(
    State(app): State<Arc<App>>,
    Path(customer_id): Path<CustomerId>,
) -> Result<StatusCode, Problem> {
    erasure::erase_customer(&app, &customer_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/customers/{customer_id}/export`: all that is known, as one archive.
pub(in crate::routes) async fn export(
    State(app): State<Arc<App>>,
    Path(customer_id): Path<CustomerId>,
) -> Result<Response, Problem> {
    export::respond(&app, &customer_id, Side::Agent).await
}
