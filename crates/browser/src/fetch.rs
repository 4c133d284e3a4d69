//! JSON over HTTP: one request, one answer, problems as RFC 9457 gives them.

use js_sys::ArrayBuffer;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::json;
use crate::page::window;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Replaces.
    Put,
    /// Changes parts.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Why there is no answer to work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// The server was not reached.
    Network,
    /// The server refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem's `code`; empty when the answer names none.
        code: String,
        /// The problem's `detail`, for people who can mend the request; may be empty.
        detail: String,
    },
    /// The server agreed, but with an answer of another shape.
    Unreadable,
}

impl FetchError {
    /// Whether the same request may be answered well later: no connection, 429 and 5xx.
    #[must_use]
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Network => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Unreadable => false,
        }
    }
}

/// Sends a request and reads its JSON answer. `body` is JSON text.
///
/// # Errors
/// As `FetchError` says.
pub async fn request<T: DeserializeOwned>(
    method: Method,
    url: &str,
    bearer: Option<&str>,
    body: Option<&str>,
) -> Result<T, FetchError> {
    let text = request_text(method, url, bearer, body).await?;
    json::from_str(&text).ok_or(FetchError::Unreadable)
}

/// Sends a request whose answer, if any, does not matter.
///
/// # Errors
/// `Network` or `Refused`.
pub async fn request_empty(
    method: Method,
    url: &str,
    bearer: Option<&str>,
    body: Option<&str>,
) -> Result<(), FetchError> {
    request_text(method, url, bearer, body).await.map(drop)
}

/// Sends a request and gives the text of its answer.
///
/// # Errors
/// `Network` or `Refused`.
pub async fn request_text(
    method: Method,
    url: &str,
    bearer: Option<&str>,
    body: Option<&str>,
) -> Result<String, FetchError> {
    let init = RequestInit::new();
    init.set_method(method.name());
    let headers = Headers::new().map_err(|_| FetchError::Network)?;
    if let Some(token) = bearer {
        headers.set("Authorization", &format!("Bearer {token}")).map_err(|_| FetchError::Network)?;
    }
    if let Some(body) = body {
        headers.set("Content-Type", "application/json").map_err(|_| FetchError::Network)?;
        init.set_body(&JsValue::from_str(body));
    }
    init.set_headers(&headers);
    let answer = JsFuture::from(window().fetch_with_str_and_init(url, &init));
    let response: Response = answer.await.map_err(|_| FetchError::Network)?.unchecked_into();
    read_text(response).await
}

/// Gets bytes.
///
/// # Errors
/// `Network` or `Refused`.
pub async fn request_bytes(url: &str) -> Result<ArrayBuffer, FetchError> {
    let answer = JsFuture::from(window().fetch_with_str(url));
    let response: Response = answer.await.map_err(|_| FetchError::Network)?.unchecked_into();
    if !response.ok() {
        return Err(read_text(response).await.err().unwrap_or(FetchError::Unreadable));
    }
    let bytes = response.array_buffer().map_err(|_| FetchError::Network)?;
    Ok(JsFuture::from(bytes).await.map_err(|_| FetchError::Network)?.unchecked_into())
}

async fn read_text(response: Response) -> Result<String, FetchError> {
    let text = response.text().map_err(|_| FetchError::Network)?;
    let text = JsFuture::from(text).await.map_err(|_| FetchError::Network)?.as_string().unwrap_or_default();
    if response.ok() { Ok(text) } else { Err(refusal(response.status(), &text)) }
}

fn refusal(status: u16, text: &str) -> FetchError {
    let problem = js_sys::JSON::parse(text).unwrap_or(JsValue::UNDEFINED);
    let field = |name: &str| {
        let value = js_sys::Reflect::get(&problem, &JsValue::from_str(name)).ok();
        value.and_then(|value| value.as_string()).unwrap_or_default()
    };
    FetchError::Refused { status, code: field("code"), detail: field("detail") }
}
