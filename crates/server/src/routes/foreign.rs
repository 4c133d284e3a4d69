//! What a shared page names and its viewer cannot load by itself, fetched by the server. The key in the address is
//! given to viewers only; the agent's cookie counts for nothing here.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use protocol::id::CobrowseId;
use serde::Deserialize;

use super::pages::touchpoint_of;
use crate::app::App;
use crate::foreign::{Kind, URL_BYTES_MAX, for_stage};
use crate::problem::Problem;
use crate::web::policy;

/// Which file.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    url: String,
}

/// `GET /viewer/asset/{shown}/{key}?url=…`: why a file is not to be had is told to nobody, as that would tell what the
/// server can reach.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path((shown, key)): Path<(String, String)>,
    Query(Wanted { url }): Query<Wanted>,
) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("file");
    if !app.foreign.is_key(&shown, &key) {
        return Err(nothing());
    }
    let touchpoint = touchpoint_of(&app, &shown).await?;
    let route =
        touchpoint.and_then(|touchpoint| app.foreign.route(&touchpoint, &shown)).ok_or_else(nothing)?;
    let Some(file) = app.foreign.file(&shown, &url).await else {
        // What lies behind a log-in or in a network of its own, the visitor's page has all the same.
        if let Some(entry) = app.cobrowse.get(&CobrowseId(shown)).filter(|_| url.len() <= URL_BYTES_MAX) {
            entry.channel.missing(url);
        }
        return Err(nothing());
    };
    let mut response = match file.kind {
        Kind::Style => for_stage(&String::from_utf8_lossy(&file.bytes), &file.url, &route).into_response(),
        Kind::Image | Kind::Font => file.bytes.clone().into_response(),
    };
    let media_type = HeaderValue::from_str(&file.media_type).map_err(|_| nothing())?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300"));
    policy::put(&mut response, policy::foreign());
    Ok(response)
}
