//! JSON bodies and query strings, with refusals that name the field.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use protocol::problem::ProblemCode;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::Problem;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        // A form of a foreign page can send plain text without asking first, so only JSON is read as JSON.
        let is_json = content_type
            .is_some_and(|value| value.split(';').next().map(str::trim) == Some("application/json"));
        if !is_json {
            return Err(Problem::new(ProblemCode::BadRequest, "send application/json"));
        }
        let bytes = Bytes::from_request(request, app);
        let bytes = tokio::time::timeout(app.config.timing.request_body, bytes)
            .await
            .map_err(|_| Problem::new(ProblemCode::BadRequest, "the body came too slowly"))?
            .map_err(|_| Problem::new(ProblemCode::TooLong, "the body is too long"))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let code = if error.is_data() { ProblemCode::Invalid } else { ProblemCode::BadRequest };
            Problem::new(code, error.to_string())
        })
    }
}

/// The query of an address.
pub(super) struct Filter<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Filter<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query
            .map(|Query(value)| Self(value))
            .map_err(|error| Problem::new(ProblemCode::BadRequest, error.body_text()))
    }
}
