//! Errors on the wire: RFC 9457 `application/problem+json` over HTTP, the same codes on sockets.

use serde::{Deserialize, Serialize};

/// What went wrong, as a client may act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 400: the request cannot be read.
    BadRequest,
    /// 401: no session, or a token that is not accepted.
    Unauthorised,
    /// 403: not for this role or origin.
    Forbidden,
    /// 404: not there, or not yours.
    NotFound,
    /// 409: the same id with another content, or a state that does not allow it.
    Conflict,
    /// 413: the text or the file is too long.
    TooLong,
    /// 415: a file of this kind is not taken.
    Unsupported,
    /// 422: a value is not allowed.
    Invalid,
    /// 429: too many requests; wait.
    TooMany,
    /// 503: the server is busy; wait.
    Busy,
    /// 500: our fault.
    Internal,
}

impl ProblemCode {
    /// The HTTP status.
    #[must_use]
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorised => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLong => 413,
            Self::Unsupported => 415,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Busy => 503,
            Self::Internal => 500,
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `about:blank`: the code says it all.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong with this request, naming the culprit; never SQL, paths, secrets or message text.
    pub detail: String,
    /// The code for programs.
    pub code: ProblemCode,
}
