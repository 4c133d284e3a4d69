//! The web files: found in the binary, negotiated, and answered with how long they may be kept.

use std::borrow::Cow;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::auth::secret::hex;
use crate::config::WebFiles;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../www/dist/"]
#[allow_missing = true]
struct Dist;

/// How long a browser may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// For ever: its address changes with its content.
    Immutable,
    /// Only after asking again.
    Revalidate,
}

impl Keep {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "no-cache",
        })
    }
}

/// One file.
pub(crate) struct Asset {
    pub(crate) bytes: Cow<'static, [u8]>,
    digest: [u8; 32],
}

/// The web files.
#[derive(Debug)]
pub(crate) struct Assets {
    files: WebFiles,
}

#[derive(Debug, Default, Deserialize)]
struct Manifest {
    hash: String,
}

impl Assets {
    pub(crate) fn new(files: WebFiles) -> Self {
        Self { files }
    }

    /// Returns a file by its path, which is relative and stays within the folder.
    pub(crate) fn find(&self, path: &str) -> Option<Asset> {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains('\\') {
            return None;
        }
        match &self.files {
            WebFiles::Embedded => {
                let file = Dist::get(path)?;
                Some(Asset { digest: file.metadata.sha256_hash(), bytes: file.data })
            }
            WebFiles::Folder(folder) => read(folder.join(path)),
        }
    }

    /// Returns the path segment of the modules of this build; empty when it was built without web files.
    pub(crate) fn hash(&self) -> String {
        let manifest =
            self.find("manifest.json").map(|asset| serde_json::from_slice::<Manifest>(&asset.bytes));
        manifest.and_then(Result::ok).unwrap_or_default().hash
    }

    /// Answers with a file, in the smallest encoding the browser takes.
    pub(crate) fn respond(&self, path: &str, request: &HeaderMap, keep: Keep) -> Response {
        let Some(plain) = self.find(path) else {
            return Problem::not_found("page").into_response();
        };
        let encoded = encodings(request).iter().find_map(|(encoding, ending)| {
            self.find(&format!("{path}{ending}")).map(|asset| (*encoding, asset))
        });
        let etag = format!("\"{}\"", &hex(&plain.digest)[..32]);
        let (encoding, asset) = match encoded {
            Some((encoding, asset)) => (Some(encoding), asset),
            None => (None, plain),
        };
        let mut response = conditional(request, &etag, || Body::from(asset.bytes.into_owned()));
        let headers = response.headers_mut();
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        headers.insert(header::CACHE_CONTROL, keep.header());
        response
    }
}

fn read(file: PathBuf) -> Option<Asset> {
    let bytes = std::fs::read(file).ok()?;
    Some(Asset { digest: Sha256::digest(&bytes).into(), bytes: bytes.into() })
}

/// Answers with a body, or with 304 when the browser has it. The tag is weak, as one stands for every encoding.
pub(crate) fn conditional(request: &HeaderMap, etag: &str, body: impl FnOnce() -> Body) -> Response {
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known =
        known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body()) };
    if let Ok(value) = HeaderValue::from_str(&format!("W/{etag}")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Returns what the browser takes, the smallest first, with the ending of files in it.
pub(crate) fn encodings(request: &HeaderMap) -> Vec<(&'static str, &'static str)> {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let mut parts = part.split(';').map(str::trim);
            let is_named = parts.next().is_some_and(|token| token.eq_ignore_ascii_case(name));
            is_named && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    [("br", ".br"), ("gzip", ".gz")].into_iter().filter(|(name, _)| takes(name)).collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
