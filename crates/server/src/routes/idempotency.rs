//! `Idempotency-Key` on what is made by POST below `/api/v1`: the same key with the same request is carried out once and
//! answered the same way again; with another request it is refused.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::problem::ProblemCode;
use sha2::{Digest as _, Sha256};

use super::BODY_BYTES_MAX;
use crate::app::App;
use crate::auth::guard::Caller;
use crate::clock;
use crate::problem::Problem;
use crate::replays::{Answer, Fingerprint, Key, Verdict};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_BYTES_MAX: usize = 255;
/// Bytes of an answer that is remembered; all of ours are shorter.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Carries a request with a key out once.
pub(super) async fn once(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(key) = key_of(&request)? else { return Ok(next.run(request).await) };
    let (parts, body) = request.into_parts();
    let body =
        tokio::time::timeout(app.config.timing.request_body, axum::body::to_bytes(body, BODY_BYTES_MAX))
            .await
            .map_err(|_| Problem::new(ProblemCode::BadRequest, "the body came too slowly"))?;
    let body = body.map_err(|_| Problem::new(ProblemCode::TooLong, "the body is too long"))?;
    let fingerprint = fingerprint(&parts, &body);
    let begun = match app.replays.begin(&key, fingerprint, clock::now()) {
        Verdict::New(begun) => begun,
        Verdict::Known(answer) => return Ok(replay(answer)),
        Verdict::Running => {
            let detail = "Idempotency-Key: the same request is being carried out";
            return Err(Problem::new(ProblemCode::Conflict, detail));
        }
        Verdict::Other => return Err(Problem::invalid("Idempotency-Key", "was used for another request")),
    };
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: what was begun is remembered even when nobody waits for the answer any more.
    let running = tokio::spawn(async move {
        let answer = remembered(next.run(request).await).await;
        // What was refused changed nothing, and a handler that broke off is asked again: neither is remembered.
        if let Ok(answer) = &answer
            && answer.status.is_success()
        {
            begun.answered(answer.clone(), clock::now());
        }
        answer
    });
    let answer = running.await.unwrap_or_else(|_| Err(unanswered()))?;
    Ok(respond(answer))
}

fn key_of(request: &Request) -> Result<Option<Key>, Problem> {
    let Some(caller) = request.extensions().get::<Caller>() else { return Ok(None) };
    let Some(value) = request.headers().get(KEY) else { return Ok(None) };
    if request.method() != Method::POST {
        return Ok(None);
    }
    let text = value.to_str().ok().map(|text| text.trim_matches('"'));
    let text = text.filter(|text| !text.is_empty() && text.len() <= KEY_BYTES_MAX);
    let refused = || Problem::new(ProblemCode::BadRequest, "Idempotency-Key: must have 1 to 255 characters");
    Ok(Some((caller.agent.profile.agent_id.clone(), text.ok_or_else(refused)?.to_owned())))
}

/// What was asked: where, and with what. Uploads say it in headers.
fn fingerprint(head: &Parts, body: &[u8]) -> Fingerprint {
    let header = |name| head.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    let mut hash = Sha256::new();
    for part in [head.uri.path().as_bytes(), header("upload-length"), header("upload-metadata"), body] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

async fn remembered(response: Response) -> Result<Answer, Problem> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|_| unanswered())?;
    Ok(Answer { status: parts.status, headers: kept(&parts.headers), body })
}

/// The headers that belong to the answer and not to its way.
fn kept(headers: &HeaderMap) -> HeaderMap {
    let is_kept = |name: &HeaderName| *name != header::CONTENT_LENGTH && *name != header::DATE;
    headers
        .iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn replay(answer: Answer) -> Response {
    let mut response = respond(answer);
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn respond(Answer { status, headers, body }: Answer) -> Response {
    let mut response = (status, Bytes::clone(&body)).into_response();
    *response.headers_mut() = headers;
    response
}

fn unanswered() -> Problem {
    Problem::new(ProblemCode::Internal, "the server could not do it; its log says why")
}
