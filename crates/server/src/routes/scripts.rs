//! Scripts that other people's pages load.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use protocol::id::TouchpointId;
use sha2::{Digest as _, Sha384};

use crate::app::App;
use crate::auth::base64;
use crate::problem::Problem;
use crate::web::assets::Keep;
use crate::web::{policy, script};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `/w/{touchpoint}.js`: the one script a site owner pastes.
pub(super) async fn touchpoint(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name = file.strip_suffix(".js").ok_or_else(|| Problem::not_found("script"))?;
    let touchpoint = app.store.touchpoint(&TouchpointId(name.to_owned())).await?;
    Ok(match touchpoint {
        Some(touchpoint) => app.scripts.respond(&app.assets, &touchpoint, &headers),
        None => script::unknown(name, &headers),
    })
}

/// `/w/config/{touchpoint}.js`: the settings alone, as a module.
pub(super) async fn config(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name = file.strip_suffix(".js").ok_or_else(|| Problem::not_found("script"))?;
    let touchpoint = app.store.touchpoint(&TouchpointId(name.to_owned())).await?;
    let touchpoint = touchpoint.ok_or_else(|| Problem::not_found("touchpoint"))?;
    Ok(script::config_module(&app.assets, &touchpoint, &headers))
}

/// `/w/sri.json`: the hash by which a page may pin the loader of this version.
pub(super) async fn integrity(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let loader = script::bare_loader(&app.assets).ok_or_else(|| Problem::not_found("loader"))?;
    let digest = Sha384::digest(loader.as_bytes());
    let published = serde_json::json!({
        "src": format!("/w/{VERSION}/loader.js"),
        "integrity": format!("sha384-{}", base64::encode(&digest)),
    });
    let mut response = Json(published).into_response();
    policy::open_to_all(&mut response);
    Ok(response)
}

/// `/w/{hash}/…`: modules that never change, and the loader of a version.
pub(super) async fn module(
    State(app): State<Arc<App>>,
    Path((segment, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut response = if segment == VERSION && file == "loader.js" {
        pinned_loader(&app)
    } else {
        app.assets.respond(&format!("w/{segment}/{file}"), &headers, Keep::Immutable)
    };
    policy::open_to_all(&mut response);
    response
}

fn pinned_loader(app: &App) -> Response {
    let Some(loader) = script::bare_loader(&app.assets) else {
        return Problem::not_found("loader").into_response();
    };
    let mut response = loader.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, keep);
    response
}

/// `/sdk/`: how recorder and viewer are used.
pub(super) async fn sdk_guide(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    sdk_file(&app, "index.html", &headers)
}

/// `/sdk/…`: recorder and viewer for other people's pages, with their guide and example.
pub(super) async fn sdk(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    if file.ends_with('/') {
        return sdk_file(&app, &format!("{file}index.html"), &headers);
    }
    sdk_file(&app, &file, &headers)
}

fn sdk_file(app: &App, file: &str, headers: &HeaderMap) -> Response {
    let mut response = app.assets.respond(&format!("sdk/{file}"), headers, Keep::Revalidate);
    if file == "example/stage.html" {
        policy::put(&mut response, &policy::stage(""));
    } else if file.ends_with(".html") {
        policy::put(&mut response, policy::sdk());
    } else {
        policy::open_to_all(&mut response);
    }
    response
}
