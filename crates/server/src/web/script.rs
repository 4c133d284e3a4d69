//! The script a site owner pastes: the loader with the touchpoint's public settings inside, put together and
//! compressed once per version of either.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use protocol::id::TouchpointId;
use protocol::touchpoint::{CobrowseSettings, PublicSettings, Touchpoint, TouchpointState};
use sha2::{Digest as _, Sha256};

use super::assets::{Assets, conditional, encodings};
use super::policy;
use crate::auth::secret::hex;

/// Stands in the loader exactly once, where the settings belong.
const TOKEN: &str = "\"__TANDEM_SETTINGS__\"";

const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=60, stale-while-revalidate=600");

/// One script in every encoding.
#[derive(Debug)]
struct Script {
    text: String,
    etag: String,
    plain: Bytes,
    brotli: Bytes,
    gzip: Bytes,
}

/// The scripts put together so far, one per touchpoint.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    made: Mutex<BTreeMap<TouchpointId, Arc<Script>>>,
}

impl Scripts {
    /// Answers with the script of a touchpoint.
    pub(crate) fn respond(&self, assets: &Assets, touchpoint: &Touchpoint, request: &HeaderMap) -> Response {
        let text = match touchpoint.state {
            TouchpointState::Active => with_settings(assets, touchpoint),
            TouchpointState::Inactive => format!(
                "console.info(\"Tandem: touchpoint {} is INACTIVE, nothing is shown\");\n",
                touchpoint.touchpoint_id
            ),
        };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let present = made.get(&touchpoint.touchpoint_id).filter(|script| script.text == text);
        let script = match present {
            Some(script) => Arc::clone(script),
            None => {
                let script = Arc::new(Script::new(text));
                made.insert(touchpoint.touchpoint_id.clone(), Arc::clone(&script));
                script
            }
        };
        drop(made);
        answer(&script, request)
    }
}

/// Answers for a touchpoint that is not there: a script, so that the page learns of it in one clear line.
pub(crate) fn unknown(name: &str, request: &HeaderMap) -> Response {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let name = if name.len() <= 60 && name.bytes().all(is_safe) { name } else { "of this name" };
    let text = format!("console.error(\"Tandem: there is no touchpoint {name}; check the script tag\");\n");
    answer(&Script::new(text), request)
}

/// Answers with the settings as an ES module, for pages that pin the loader by its hash.
pub(crate) fn config_module(assets: &Assets, touchpoint: &Touchpoint, request: &HeaderMap) -> Response {
    answer(&Script::new(format!("export default {};\n", settings_json(assets, touchpoint))), request)
}

/// Returns the loader without settings, for pages that pin it by its hash.
pub(crate) fn bare_loader(assets: &Assets) -> Option<String> {
    let loader = String::from_utf8(assets.find("loader.js")?.bytes.into_owned()).ok()?;
    Some(loader.replacen(TOKEN, "null", 1))
}

fn with_settings(assets: &Assets, touchpoint: &Touchpoint) -> String {
    let loader = assets.find("loader.js").and_then(|asset| String::from_utf8(asset.bytes.into_owned()).ok());
    match loader {
        Some(loader) => loader.replacen(TOKEN, &settings_json(assets, touchpoint), 1),
        None => "console.error(\"Tandem: this server was built without its web files\");\n".to_owned(),
    }
}

fn settings_json(assets: &Assets, touchpoint: &Touchpoint) -> String {
    let settings = PublicSettings {
        touchpoint_id: touchpoint.touchpoint_id.clone(),
        state: touchpoint.state,
        config_version: touchpoint.config_version,
        hash: assets.hash(),
        settings: touchpoint.settings.clone(),
        rules: touchpoint.rules.iter().filter(|rule| rule.is_enabled).cloned().collect(),
        survey: touchpoint.survey.clone(),
        // How recordings are kept is nobody's business on a page.
        cobrowse: CobrowseSettings { recording: false, recording_days: None, ..touchpoint.cobrowse.clone() },
        attachments: touchpoint.attachments.clone(),
    };
    let json = serde_json::to_string(&settings).unwrap_or_else(|_| "null".to_owned());
    inert(&json)
}

/// JSON that cannot end a script element and is a JavaScript expression in every browser.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

impl Script {
    fn new(text: String) -> Self {
        Self {
            etag: format!("\"{}\"", &hex(&Sha256::digest(text.as_bytes()))[..32]),
            brotli: brotli(text.as_bytes()).into(),
            gzip: gzip(text.as_bytes()).into(),
            plain: Bytes::from(text.clone()),
            text,
        }
    }
}

fn answer(script: &Script, request: &HeaderMap) -> Response {
    let encoding = encodings(request).first().map(|(encoding, _)| *encoding);
    let body = match encoding {
        Some("br") => &script.brotli,
        Some("gzip") => &script.gzip,
        Some(_) | None => &script.plain,
    };
    let mut response = conditional(request, &script.etag, || Body::from(body.clone()));
    let headers = response.headers_mut();
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CACHE_CONTROL, KEEP);
    policy::open_to_all(&mut response);
    response
}

fn brotli(text: &[u8]) -> Vec<u8> {
    const QUALITY: u32 = 11;
    const WINDOW_BITS: u32 = 22;
    const BUFFER_BYTES: usize = 16 * 1024;
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, QUALITY, WINDOW_BITS);
    encoder.write_all(text).expect("writing to memory does not fail");
    encoder.into_inner()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_cannot_end_the_script_they_stand_in() {
        assert_eq!(inert("{\"a\":\"</script>\u{2028}\"}"), "{\"a\":\"\\u003c/script>\\u2028\"}");
    }

    #[tokio::test]
    async fn an_unknown_name_cannot_write_the_script() {
        let response = unknown("tp_\");alert(1)//", &HeaderMap::new());
        let body = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(
            body,
            "console.error(\"Tandem: there is no touchpoint of this name; check the script tag\");\n"
        );
    }
}
