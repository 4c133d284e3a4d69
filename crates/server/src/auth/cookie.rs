//! The cookie of a log-in: opaque, out of reach of scripts, never sent across sites.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::App;
use crate::forwarded::is_https;
use crate::origin::Origin;

/// How long a log-in lasts.
pub(crate) const SESSION_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// The prefix `__Host-` binds the cookie to this host, which browsers allow only over https.
fn name(app: &App, request: &HeaderMap) -> &'static str {
    if is_secure(app, request) { "__Host-tandem" } else { "tandem_session" }
}

fn is_secure(app: &App, request: &HeaderMap) -> bool {
    app.config.public_url.as_ref().map_or_else(|| is_https(request), Origin::is_secure)
}

/// Returns the token in the request's cookie.
pub(crate) fn token<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = name(app, headers);
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        value.split(';').find_map(|pair| {
            let (key, token) = pair.trim().split_once('=')?;
            (key == name).then_some(token)
        })
    })
}

/// Returns the `Set-Cookie` that keeps the token, or clears it.
pub(crate) fn set(app: &App, request: &HeaderMap, token: Option<&str>) -> HeaderValue {
    let max_age_s = if token.is_some() { SESSION_MS / 1_000 } else { 0 };
    let secure = if is_secure(app, request) { "; Secure" } else { "" };
    let text = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}",
        name(app, request),
        token.unwrap_or("")
    );
    HeaderValue::from_str(&text).expect("names, hexadecimal digits and numbers are header characters")
}
