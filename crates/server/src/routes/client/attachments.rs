//! A visitor's files: uploaded in pieces, and read where they belong to a conversation of theirs.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::id::{AttachmentId, CustomerId};
use store::Uploader;

use crate::app::App;
use crate::auth::visitor;
use crate::origin::{asker, require_allowed};
use crate::problem::Problem;
use crate::routes::{download, tus};

const BASE: &str = "/client/v1/attachments";

/// `OPTIONS /client/v1/attachments`
pub(in crate::routes) async fn speaks() -> Response {
    tus::options()
}

/// `POST /client/v1/attachments`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let uploader = Uploader::Customer(customer_id(&app, &headers).await?);
    tus::create(&app, uploader, BASE, &headers).await
}

/// `HEAD /client/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let uploader = Uploader::Customer(customer_id(&app, &headers).await?);
    tus::show(&app, &uploader, &attachment_id).await
}

/// `PATCH /client/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn append(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let uploader = Uploader::Customer(customer_id(&app, &headers).await?);
    tus::append(&app, &uploader, &attachment_id, &headers, body).await
}

/// `DELETE /client/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn delete(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let uploader = Uploader::Customer(customer_id(&app, &headers).await?);
    tus::delete(&app, &uploader, &attachment_id).await
}

/// `GET /client/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn read(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let own = customer_id(&app, &headers).await?;
    let found = app.store.attachment(&attachment_id).await?;
    let readable = found.filter(|found| {
        let is_own = found.uploader == Uploader::Customer(own.clone());
        found.is_whole && (is_own || found.customer_id.as_ref() == Some(&own))
    });
    let readable = readable.ok_or_else(|| Problem::not_found("attachment"))?;
    download::give(&app, &readable.attachment, &headers).await
}

/// Returns whose token it is, if this page may ask for them.
async fn customer_id(app: &App, headers: &HeaderMap) -> Result<CustomerId, Problem> {
    let customer = visitor::customer(app, headers).await?;
    let touchpoint = app.store.touchpoint(&customer.touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    require_allowed(&asker(app, headers), &touchpoint)?;
    Ok(customer.customer_id)
}
