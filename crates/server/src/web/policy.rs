//! The content security policies of our own pages: nothing at first, and the least on top.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use protocol::touchpoint::{AssetSource, Touchpoint};

use crate::app::App;
use crate::origin::is_authority;

/// The addresses a page of ours may open sockets to. Some browsers do not count sockets as `'self'`.
fn own_sockets(app: &App, request: &HeaderMap) -> String {
    match authority(app, request) {
        Some(authority) => format!("'self' ws://{authority} wss://{authority}"),
        None => "'self'".to_owned(),
    }
}

/// Host and port under which browsers reach us.
fn authority(app: &App, request: &HeaderMap) -> Option<String> {
    let public = app.config.public_url.as_ref().map(|origin| origin.authority().to_owned());
    let host = request.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    public.or(host).filter(|authority| is_authority(authority))
}

/// The widget's frame: only pages of the touchpoint's domains may hold it.
pub(crate) fn frame(app: &App, request: &HeaderMap, touchpoint: &Touchpoint) -> String {
    let ancestors: Vec<String> = touchpoint
        .allowed_domains
        .iter()
        .filter(|domain| is_authority(domain.trim_start_matches("*.")))
        .map(|domain| {
            let port = if domain.contains(':') { "" } else { ":*" };
            format!("http://{domain}{port} https://{domain}{port}")
        })
        .collect();
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; media-src 'self'; connect-src {}; base-uri 'none'; form-action 'none'; \
         frame-ancestors {ancestors}",
        own_sockets(app, request)
    )
}

/// The console.
pub(crate) fn console(app: &App, request: &HeaderMap) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; media-src 'self'; connect-src {}; frame-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'none'",
        own_sockets(app, request)
    )
}

/// The page of the viewer, which the console holds.
pub(crate) fn viewer(app: &App, request: &HeaderMap) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src {}; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; \
         form-action 'none'",
        own_sockets(app, request)
    )
}

/// The empty document a visitor's page is rebuilt in: no script, whatever stands in it, and nothing is asked of anybody
/// but of `sources`, each with a blank behind it.
pub(crate) fn stage(sources: &str) -> String {
    format!(
        "default-src 'none'; style-src 'unsafe-inline' {sources}data: blob:; img-src {sources}data: blob:; \
         font-src {sources}data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
         sandbox allow-same-origin"
    )
}

/// Where the stage of a session or recording may ask for images, styles and fonts.
pub(crate) fn asset_sources(app: &App, request: &HeaderMap, assets: AssetSource, shown: &str) -> String {
    match assets {
        AssetSource::None => String::new(),
        AssetSource::Direct => "http: https: ".to_owned(),
        AssetSource::Server => authority(app, request)
            .map(|authority| format!("{authority}/viewer/asset/{shown}/ "))
            .unwrap_or_default(),
    }
}

/// A file of another site: whatever it is, it runs nothing and asks nobody, also when it is opened by itself.
pub(crate) fn foreign() -> &'static str {
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
}

/// The demo's shop, as strict as a careful site owner's page.
pub(crate) fn demo() -> &'static str {
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
}

/// The SDK's guide and example, whose two sides lie in frames of one page.
pub(crate) fn sdk() -> &'static str {
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
}

/// Everything that is not a page.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Puts a policy on an answer.
pub(crate) fn put(response: &mut Response, policy: &str) {
    if let Ok(value) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// Lets pages of other origins load this answer as a script or module.
pub(crate) fn open_to_all(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
}

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Puts the headers on an answer that every answer has, unless its route said otherwise.
pub(crate) async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, NOTHING),
        (CORP, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
