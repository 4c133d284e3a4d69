//! Which pages may ask: our own, where the widget's frame lives, and those of a touchpoint's domains.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::touchpoint::TouchpointState;

use crate::app::App;
use crate::origin::{Asker, Origin, asker, foreign};
use crate::problem::Problem;

/// What a page may say, and what it may read: the headers of resumable uploads among them.
const ALLOWED: &str =
    "authorization, content-type, tus-resumable, upload-length, upload-metadata, upload-offset";
const EXPOSED: &str = "location, tus-resumable, upload-length, upload-offset, upload-expires, retry-after";

/// Refuses foreign pages before anything else is read. Each route looks again, at its own touchpoint.
pub(in crate::routes) async fn cors(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let page = match asker(&app, request.headers()) {
        Asker::NoPage | Asker::Ours => return Ok(next.run(request).await),
        Asker::Page(page) => page,
        Asker::Opaque => return Err(foreign()),
    };
    if !is_known(&app, &page).await? {
        return Err(foreign());
    }
    let mut response =
        if request.method() == Method::OPTIONS { preflight() } else { next.run(request).await };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&page.to_string()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    let corp = header::HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(corp, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

async fn is_known(app: &App, page: &Origin) -> Result<bool, Problem> {
    let touchpoints = app.store.touchpoints().await?;
    let mut active = touchpoints.iter().filter(|touchpoint| touchpoint.state == TouchpointState::Active);
    Ok(active.any(|touchpoint| page.is_one_of(&touchpoint.allowed_domains)))
}

fn preflight() -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PATCH, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    (StatusCode::NO_CONTENT, headers).into_response()
}
