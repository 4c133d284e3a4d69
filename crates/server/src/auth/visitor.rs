//! Who a visitor's token stands for.

use axum::http::HeaderMap;
use protocol::problem::ProblemCode;
use store::Customer;

use super::secret;
use crate::app::App;
use crate::problem::Problem;

/// Returns the customer of `Authorization: Bearer`.
pub(crate) async fn customer(app: &App, headers: &HeaderMap) -> Result<Customer, Problem> {
    let refused = || Problem::new(ProblemCode::Unauthorised, "the token is not accepted");
    let token = secret::bearer(headers).ok_or_else(refused)?;
    app.store.customer_by_secret(&secret::hash(token)).await?.ok_or_else(refused)
}
