//! Resumable uploads as tus 1.0.0 has them, with its extensions creation, expiration and termination: the same for
//! visitors and agents, who differ in how they prove who they are. <https://tus.io/protocols/resumable-upload>

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::id::AttachmentId;
use protocol::limit::ATTACHMENT_BYTES_MAX;
use protocol::problem::ProblemCode;
use protocol::time::UnixMillis;
use store::Uploader;

use crate::app::App;
use crate::auth::base64;
use crate::problem::Problem;
use crate::usecase::upload::{self, NewUpload};

/// The version spoken here.
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// `OPTIONS`: what is spoken here.
pub(super) fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    for (name, value) in [("tus-version", "1.0.0"), ("tus-extension", "creation,expiration,termination")] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(HeaderName::from_static("tus-max-size"), HeaderValue::from(ATTACHMENT_BYTES_MAX));
    response
}

/// `POST`: begins an upload; its address is below `base`.
pub(super) async fn create(
    app: &Arc<App>,
    uploader: Uploader,
    base: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let (name, media_type) = metadata(headers)?;
    let bytes = number(headers, &LENGTH)?;
    let begun = upload::begin(app, uploader, NewUpload { name, media_type, bytes }).await?;
    let location = format!("{base}/{}", begun.attachment.attachment_id);
    let mut response = StatusCode::CREATED.into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert(EXPIRES, http_date(upload::expires_at(begun.created_at)));
    Ok(response)
}

/// `HEAD`: how far it is.
pub(super) async fn show(
    app: &Arc<App>,
    uploader: &Uploader,
    attachment_id: &AttachmentId,
) -> Result<Response, Problem> {
    let found = upload::own(app, uploader, attachment_id).await?;
    let offset = upload::offset(app, &found).await?;
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(offset));
    headers.insert(LENGTH, HeaderValue::from(found.attachment.bytes));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if found.conversation_id.is_none() {
        headers.insert(EXPIRES, http_date(upload::expires_at(found.created_at)));
    }
    Ok(response)
}

/// `PATCH`: goes on with it.
pub(super) async fn append(
    app: &Arc<App>,
    uploader: &Uploader,
    attachment_id: &AttachmentId,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type != Some("application/offset+octet-stream") {
        return Err(Problem::new(ProblemCode::Unsupported, "send application/offset+octet-stream"));
    }
    let offset = number(headers, &OFFSET)?;
    let found = upload::own(app, uploader, attachment_id).await?;
    let begun_at = found.created_at;
    let offset = upload::append(app, found, offset, body.into_data_stream()).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(OFFSET, HeaderValue::from(offset));
    response.headers_mut().insert(EXPIRES, http_date(upload::expires_at(begun_at)));
    Ok(response)
}

/// `DELETE`: gives it up.
pub(super) async fn delete(
    app: &App,
    uploader: &Uploader,
    attachment_id: &AttachmentId,
) -> Result<Response, Problem> {
    let found = upload::own(app, uploader, attachment_id).await?;
    upload::give_up(app, &found).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets through what is spoken here, and says in every answer which version that is.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let is_version_free = matches!(*request.method(), Method::OPTIONS | Method::GET);
    let mut response = if is_version_free || request.headers().get(RESUMABLE) == Some(&VERSION) {
        next.run(request).await
    } else {
        let mut refusal = StatusCode::PRECONDITION_FAILED.into_response();
        refusal.headers_mut().insert(HeaderName::from_static("tus-version"), VERSION);
        refusal
    };
    response.headers_mut().insert(RESUMABLE, VERSION);
    response
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    value.ok_or_else(|| Problem::new(ProblemCode::BadRequest, format!("{name}: must be a number of bytes")))
}

/// Returns file name and media type of `Upload-Metadata`: pairs of a key and base64, divided by commas.
fn metadata(headers: &HeaderMap) -> Result<(String, String), Problem> {
    let refused = || Problem::new(ProblemCode::BadRequest, "Upload-Metadata: cannot be read");
    let (mut name, mut media_type) = (String::new(), String::new());
    let Some(value) = headers.get(METADATA) else { return Ok((name, media_type)) };
    for pair in value.to_str().map_err(|_| refused())?.split(',') {
        let (key, encoded) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        let decoded = base64::decode(encoded.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
        match key {
            "filename" => name = decoded.ok_or_else(refused)?,
            "filetype" => media_type = decoded.ok_or_else(refused)?,
            _ => {}
        }
    }
    Ok((name, media_type))
}

/// Returns a moment as headers write it (RFC 9110, section 5.6.7).
fn http_date(at: UnixMillis) -> HeaderValue {
    let text = jiff::Timestamp::from_millisecond(at.0)
        .map(|moment| moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &'static str) -> Result<(String, String), Problem> {
        metadata(&HeaderMap::from_iter([(METADATA, HeaderValue::from_static(value))]))
    }

    #[test]
    fn metadata_are_pairs_of_a_key_and_base64() {
        let expected = ("photo ü.png".to_owned(), "image/png".to_owned());
        assert_eq!(read("filename cGhvdG8gw7wucG5n, filetype aW1hZ2UvcG5n,is_secret"), Ok(expected));
        assert_eq!(metadata(&HeaderMap::new()), Ok((String::new(), String::new())));
        for wrong in ["filename !", "filename /////w=="] {
            assert_eq!(read(wrong).unwrap_err().code, ProblemCode::BadRequest, "{wrong}");
        }
    }

    #[test]
    fn moments_are_written_as_headers_write_them() {
        let at = UnixMillis::parse_rfc3339("1994-11-06T08:49:37Z").unwrap();
        assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
