//! Errors over HTTP: RFC 9457 problem documents. Never SQL, paths, secrets or message text.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::problem::{Problem as Document, ProblemCode};
use store::StoreError;

/// After how many seconds a client may try again when the server is busy.
const RETRY_AFTER_S: u32 = 1;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: ProblemCode,
    pub(crate) detail: String,
    pub(crate) retry_after_s: Option<u32>,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let retry_after_s = (code == ProblemCode::Busy).then_some(RETRY_AFTER_S);
        Self { code, detail: detail.into(), retry_after_s }
    }

    /// A value that is not allowed, with the field it stands in.
    pub(crate) fn invalid(field: &str, why: &str) -> Self {
        Self::new(ProblemCode::Invalid, format!("{field}: {why}"))
    }

    /// What is not there, or not for the one who asks.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(ProblemCode::NotFound, format!("there is no such {what}"))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(ProblemCode::Busy, "the server is busy, try again in a moment"),
            StoreError::NoConversation => Self::not_found("conversation"),
            StoreError::NoCustomer => Self::not_found("customer"),
            StoreError::NoAgent => Self::not_found("agent"),
            StoreError::NoTouchpoint => Self::not_found("touchpoint"),
            StoreError::NoTeam => Self::not_found("team"),
            StoreError::NoMessage => Self::not_found("message"),
            StoreError::NoRecording => Self::not_found("recording"),
            StoreError::NoAttachment => Self::not_found("attachment"),
            StoreError::Forbidden => Self::new(ProblemCode::Forbidden, "this is not yours to change"),
            StoreError::TooManyUploads => {
                Self::new(ProblemCode::TooMany, "there are too many unfinished uploads already")
            }
            StoreError::TooManyUnsentBytes => {
                Self::new(ProblemCode::TooMany, "the unsent files are too large together")
            }
            StoreError::TooManyBytes => {
                Self::new(ProblemCode::TooLong, "the customer's files are too large together")
            }
            // What is refused now can be tried again: the operator makes room, or the folder writable.
            StoreError::Unwritable => Self::new(ProblemCode::Busy, "the server cannot write at the moment"),
            StoreError::TooManyConversations => {
                Self::new(ProblemCode::TooMany, "there are too many open conversations already")
            }
            StoreError::Conflict => Self::new(
                ProblemCode::Conflict,
                "it is there already with another content, or was changed meanwhile",
            ),
            StoreError::Broken(reason) => {
                tracing::error!(reason, "the store refused");
                Self::new(ProblemCode::Internal, "the server could not do it; its log says why")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let document = Document {
            type_uri: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            code: self.code,
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
