//! Our own pages, each with its own policy.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use protocol::id::{CobrowseId, RecordingId, TouchpointId};
use protocol::touchpoint::{AssetSource, Touchpoint};
use serde::Deserialize;

use crate::app::App;
use crate::problem::Problem;
use crate::web::assets::Keep;
use crate::web::policy;

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The widget's frame, on pages of the touchpoint's domains.
pub(super) async fn frame(
    State(app): State<Arc<App>>,
    Path(touchpoint_id): Path<TouchpointId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let touchpoint = app.store.touchpoint(&touchpoint_id).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    let mut response = app.assets.respond("frame.html", &headers, Keep::Revalidate);
    policy::put(&mut response, &policy::frame(&app, &headers, &touchpoint));
    // The frame is held by pages of other origins, which is what its policy is for.
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(corp, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// The agents' app.
pub(super) async fn console(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let mut response = app.assets.respond("console/index.html", &headers, Keep::Revalidate);
    policy::put(&mut response, &policy::console(&app, &headers));
    response.headers_mut().insert(COOP, HeaderValue::from_static("same-origin"));
    response
}

/// A file of the agents' app.
pub(super) async fn console_file(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    hashed(&app, &format!("console/{file}"), &headers)
}

/// The page that shows a visitor's page.
pub(super) async fn viewer(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let mut response = app.assets.respond("viewer/index.html", &headers, Keep::Revalidate);
    policy::put(&mut response, &policy::viewer(&app, &headers));
    response
}

/// A file of that page.
pub(super) async fn viewer_file(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    hashed(&app, &format!("viewer/{file}"), &headers)
}

/// Which way a browser lays out the empty document.
#[derive(Debug, Deserialize)]
pub(super) struct Stage {
    #[serde(default)]
    mode: String,
}

/// The empty document a visitor's page is rebuilt in.
pub(super) async fn stage(
    State(app): State<Arc<App>>,
    Path(shown): Path<String>,
    Query(Stage { mode }): Query<Stage>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let touchpoint = touchpoint_of(&app, &shown).await?;
    let assets = touchpoint.map_or(AssetSource::None, |touchpoint| touchpoint.cobrowse.assets);
    let document = if mode == "quirks" {
        "<html><head></head><body></body></html>"
    } else {
        "<!doctype html><html><head></head><body></body></html>"
    };
    let mut response = document.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    policy::put(&mut response, &policy::stage(&policy::asset_sources(&app, &request, assets, &shown)));
    Ok(response)
}

/// The touchpoint of what is shown: a live session, or a recording.
pub(in crate::routes) async fn touchpoint_of(app: &App, shown: &str) -> Result<Option<Touchpoint>, Problem> {
    let recording_id = RecordingId(shown.to_owned());
    let touchpoint_id = if recording_id.is_well_formed() {
        let recording = app.store.recording(&recording_id).await?;
        let recording = recording.ok_or_else(|| Problem::not_found("recording"))?;
        let conversation = app.store.conversation(&recording.conversation_id).await?;
        conversation
            .map(|conversation| conversation.touchpoint_id)
            .ok_or_else(|| Problem::not_found("recording"))?
    } else {
        let entry = app.cobrowse.get(&CobrowseId(recording_id.0));
        entry.map(|entry| entry.touchpoint_id).ok_or_else(|| Problem::not_found("co-browse session"))?
    };
    Ok(app.store.touchpoint(&touchpoint_id).await?)
}

/// The demo's front page.
pub(super) async fn demo_front(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    demo_page(&app, "index.html", &headers)
}

/// A page or file of the demo.
pub(super) async fn demo(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    if file.ends_with('/') {
        return demo_page(&app, &format!("{file}index.html"), &headers);
    }
    let has_ending = file.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if has_ending {
        demo_page(&app, &file, &headers)
    } else {
        demo_page(&app, &format!("{file}.html"), &headers)
    }
}

fn demo_page(app: &App, file: &str, headers: &HeaderMap) -> Response {
    if !app.config.is_demo {
        return Problem::not_found("page").into_response();
    }
    let mut response = app.assets.respond(&format!("demo/{file}"), headers, Keep::Revalidate);
    policy::put(&mut response, policy::demo());
    response
}

/// What lies under the hash of this build never changes.
fn hashed(app: &App, path: &str, headers: &HeaderMap) -> Response {
    let hash = app.assets.hash();
    let is_hashed = !hash.is_empty() && path.split('/').any(|part| part == hash);
    app.assets.respond(path, headers, if is_hashed { Keep::Immutable } else { Keep::Revalidate })
}
