//! Files as they are given out: never as a page of ours, whatever stands in them.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::attachment::Attachment;
use protocol::problem::ProblemCode;

use crate::app::App;
use crate::problem::Problem;
use crate::web::policy;

/// Gives a file out, or the part of it the request names.
pub(super) async fn give(
    app: &App,
    attachment: &Attachment,
    request: &HeaderMap,
) -> Result<Response, Problem> {
    // The bytes of an id never change.
    let tag = format!("\"{}\"", attachment.attachment_id);
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag)) {
        return Ok(with_headers(StatusCode::NOT_MODIFIED.into_response(), attachment, &tag));
    }
    let range = match range(request, attachment.bytes) {
        Wanted::All => None,
        Wanted::Part(range) => Some(range),
        Wanted::Nothing => return Ok(not_satisfiable(attachment.bytes)),
    };
    let is_part = range.is_some();
    let opened = app.files.place().read(&attachment.attachment_id, range).await.map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "a file could not be read");
        Problem::new(ProblemCode::Busy, "the file cannot be read at the moment")
    })?;
    let reading = opened.ok_or_else(|| Problem::not_found("attachment"))?;
    let Range { start, end } = reading.range;
    let mut response = Body::from_stream(reading.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    if is_part {
        let content_range = format!("bytes {start}-{}/{}", end.saturating_sub(1), attachment.bytes);
        if let Ok(content_range) = HeaderValue::from_str(&content_range) {
            headers.insert(header::CONTENT_RANGE, content_range);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(with_headers(response, attachment, &tag))
}

fn with_headers(mut response: Response, attachment: &Attachment, tag: &str) -> Response {
    let headers = response.headers_mut();
    // Asked for again each time, so that a file that was taken back is not shown from a cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    for (name, text) in [
        (header::CONTENT_TYPE, attachment.media_type.as_str()),
        (header::CONTENT_DISPOSITION, &disposition(&attachment.name)),
        (header::ETAG, tag),
    ] {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
    policy::put(&mut response, "sandbox; default-src 'none'");
    response
}

/// The name in ASCII for old clients, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "!#$&+-.^_`|~ ".contains(char);
    let plain: String = name.chars().map(|char| if is_plain(char) { char } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn not_satisfiable(bytes: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// Which bytes a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    /// None that are there.
    Nothing,
}

/// Reads `Range` (RFC 9110, section 14.2): one range of bytes; of anything else the whole file comes.
fn range(request: &HeaderMap, bytes: u64) -> Wanted {
    let value = request.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) = value.and_then(|value| value.strip_prefix("bytes=")?.split_once('-')) else {
        return Wanted::All;
    };
    let wanted = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..bytes.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..bytes,
        (Err(_), Ok(count)) if first.is_empty() => bytes.saturating_sub(count)..bytes,
        _ => return Wanted::All,
    };
    if wanted.is_empty() { Wanted::Nothing } else { Wanted::Part(wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_anything_else_is_the_whole_file() {
        let wanted = |value: &'static str| {
            range(&HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(value))]), 100)
        };
        assert_eq!(wanted("bytes=0-9"), Wanted::Part(0..10));
        assert_eq!(wanted("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(wanted("bytes=90-500"), Wanted::Part(90..100));
        assert_eq!(wanted("bytes=-10"), Wanted::Part(90..100));
        assert_eq!(wanted("bytes=100-"), Wanted::Nothing);
        assert_eq!(wanted("bytes=-0"), Wanted::Nothing);
        for odd in ["bytes=9-0", "bytes=0-1,5-6", "lines=0-9", "bytes=a-b", "bytes="] {
            assert_eq!(wanted(odd), Wanted::All, "{odd}");
        }
    }

    #[test]
    fn no_name_breaks_out_of_its_header() {
        assert_eq!(disposition("a b.png"), "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        let odd = disposition("é\"; x=\r\n.png");
        let encoded = "%C3%A9%22%3B%20x%3D%0D%0A.png";
        assert_eq!(odd, format!("attachment; filename=\"___ x___.png\"; filename*=UTF-8''{encoded}"));
    }
}
