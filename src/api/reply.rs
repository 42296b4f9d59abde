//! What is answered to a change.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::After;
use serde::Serialize;

use super::problem::{self, Problem};

/// On an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";

/// What is answered to a change, and what it leaves to do. A refusal is a reply, too, where it left something.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    body: String,
    location: Option<String>,
    pub after: After,
}

impl Reply {
    /// It is done.
    pub fn ok<T: Serialize>(body: &T) -> Result<Self, Problem> {
        Self::with(StatusCode::OK, body)
    }

    /// There is something new, which has no address of its own.
    pub fn made<T: Serialize>(body: &T) -> Result<Self, Problem> {
        Self::with(StatusCode::CREATED, body)
    }

    /// There is something new, and where.
    pub fn created<T: Serialize>(location: String, body: &T) -> Result<Self, Problem> {
        Ok(Self { location: Some(location), ..Self::made(body)? })
    }

    /// It has begun.
    pub fn accepted<T: Serialize>(body: &T) -> Result<Self, Problem> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// It is done, and there is nothing to tell.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: String::new(), location: None, after: After::default() }
    }

    /// It was not done.
    pub fn refused(problem: &Problem) -> Self {
        Self { status: problem.status(), body: problem.json(), location: None, after: After::default() }
    }

    /// What was answered before.
    pub fn again(status: StatusCode, body: String, location: Option<String>) -> Self {
        Self { status, body, location, after: After::default() }
    }

    /// As it is told again.
    pub fn replayed(self) -> Response {
        let mut answer = self.into_response();
        answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        answer
    }

    /// The same, with what is left to do.
    pub fn leaving(self, after: After) -> Self {
        Self { after, ..self }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    fn with<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| {
            tracing::error!(%error, "an answer does not serialise");
            Problem::internal()
        })?;
        Ok(Self { status, body, location: None, after: After::default() })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let is_problem = self.status.is_client_error();
        let mut answer = Response::new(Body::from(self.body));
        *answer.status_mut() = self.status;
        let kind = if is_problem { problem::MEDIA_TYPE } else { "application/json" };
        if self.status != StatusCode::NO_CONTENT {
            answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(location) = self.location.and_then(|location| location.parse().ok()) {
            answer.headers_mut().insert(header::LOCATION, location);
        }
        answer
    }
}
