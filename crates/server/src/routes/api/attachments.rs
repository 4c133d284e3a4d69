//! Agents' files: uploaded in pieces, and read where they belong to a conversation.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::id::AttachmentId;
use store::Uploader;

use crate::app::App;
use crate::auth::guard::Caller;
use crate::problem::Problem;
use crate::routes::{download, tus};

const BASE: &str = "/api/v1/attachments";

/// `OPTIONS /api/v1/attachments`
pub(in crate::routes) async fn speaks() -> Response {
    tus::options()
}

/// `POST /api/v1/attachments`
pub(in crate::routes) async fn create(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    tus::create(&app, uploader(&caller), BASE, &headers).await
}

/// `HEAD /api/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn show(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    tus::show(&app, &uploader(&caller), &attachment_id).await
}

/// `PATCH /api/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn append(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    tus::append(&app, &uploader(&caller), &attachment_id, &headers, body).await
}

/// `DELETE /api/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn delete(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    tus::delete(&app, &uploader(&caller), &attachment_id).await
}

/// `GET /api/v1/attachments/{attachment_id}`
pub(in crate::routes) async fn read(
    State(app): State<Arc<App>>,
    Path(attachment_id): Path<AttachmentId>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let own = uploader(&caller);
    let found = app.store.attachment(&attachment_id).await?;
    let readable =
        found.filter(|found| found.is_whole && (found.uploader == own || found.conversation_id.is_some()));
    let readable = readable.ok_or_else(|| Problem::not_found("attachment"))?;
    download::give(&app, &readable.attachment, &headers).await
}

fn uploader(caller: &Caller) -> Uploader {
    Uploader::Agent(caller.agent.profile.agent_id.clone())
}
