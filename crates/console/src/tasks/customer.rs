//! What is known of a customer.

use browser::fetch::request_empty;
use browser::{FetchError, Method, json};
use protocol::id::CustomerId;
use protocol::rest::CustomerPatch;

/// Changes what the patch names.
pub(crate) async fn patch(customer_id: &CustomerId, patch: &CustomerPatch) -> Result<(), FetchError> {
    let url = format!("/api/v1/customers/{customer_id}");
    request_empty(Method::Patch, &url, None, Some(&json::to_string(patch))).await
}
