//! The visitor's first action that needs storing: they become a customer and get their token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::conversation::Side;
use protocol::id::{CustomerId, TouchpointId};
use protocol::problem::ProblemCode;
use protocol::rest::{CustomerToken, NewCustomer};
use protocol::touchpoint::TouchpointState;
use store::Customer;

use crate::app::App;
use crate::auth::visitor;
use crate::export;
use crate::forwarded::ClientAddress;
use crate::origin::{asker, require_allowed};
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::customer::shortened;
use crate::usecase::erasure;
use crate::{clock, random};

/// `POST /client/v1/touchpoints/{touchpoint_id}/customers`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(NewCustomer { page }): Body<NewCustomer>,
) -> Result<Response, Problem> {
    let touchpoint = app.store.touchpoint(&touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    require_allowed(&asker(&app, &headers), &touchpoint)?;
    if touchpoint.state == TouchpointState::Inactive {
        return Err(Problem::new(ProblemCode::Forbidden, "this touchpoint is INACTIVE"));
    }
    if let Some(max) = app.config.customers_per_address
        && let Err(wait_s) = app.customer_limit.count(address, max, clock::now())
    {
        let problem = Problem::new(ProblemCode::TooMany, "too many new visitors come from this address");
        return Err(Problem { retry_after_s: Some(wait_s), ..problem });
    }
    let (token, secret) = random::token();
    let customer_id = CustomerId::new(clock::now(), random::entropy());
    let customer = store::NewCustomer {
        customer_id: customer_id.clone(),
        touchpoint_id,
        secret,
        page: shortened(page),
        created_at: clock::now(),
    };
    app.store.create_customer(customer).await?;
    let answer = Json(CustomerToken { customer_id, token });
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], answer).into_response())
}

/// `DELETE /client/v1/customer`: the visitor wants to be forgotten.
pub(in crate::routes) async fn erase(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let customer = own(&app, &headers).await?;
    erasure::erase_customer(&app, &customer.customer_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /client/v1/customer/export`: the visitor wants to have what is known of them.
pub(in crate::routes) async fn export(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let customer = own(&app, &headers).await?;
    export::respond(&app, &customer.customer_id, Side::Customer).await
}

/// Returns whose token it is, if this page may ask for them.
pub(super) async fn own(app: &App, headers: &HeaderMap) -> Result<Customer, Problem> {
    let customer = visitor::customer(app, headers).await?;
    let touchpoint = app.store.touchpoint(&customer.touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    require_allowed(&asker(app, headers), &touchpoint)?;
    Ok(customer)
}
