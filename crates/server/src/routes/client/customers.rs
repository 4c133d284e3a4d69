//! The visitor's first action that needs storing: they become a customer and get their token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::id::{CustomerId, TouchpointId};
use protocol::problem::ProblemCode;
use protocol::rest::{CustomerToken, NewCustomer};
use protocol::touchpoint::TouchpointState;

use crate::app::App;
use crate::origin::{asker, require_allowed};
use crate::problem::Problem;
use crate::routes::body::Body;
use crate::usecase::customer::shortened;
use crate::{clock, random};

/// `POST /client/v1/touchpoints/{touchpoint_id}/customers`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    headers: HeaderMap,
    Body(NewCustomer { page }): Body<NewCustomer>,
) -> Result<Response, Problem> {
    let touchpoint = app.store.touchpoint(&touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    require_allowed(&asker(&app, &headers), &touchpoint)?;
    if touchpoint.state == TouchpointState::Inactive {
        return Err(Problem::new(ProblemCode::Forbidden, "this touchpoint is INACTIVE"));
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
