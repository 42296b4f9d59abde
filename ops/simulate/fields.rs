//! Reads JSON that people write by hand, and says which field is wrong.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use thiserror::Error;

/// What is wrong with a steering request, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("{field}: {message}")]
pub struct Problem {
    /// The offending field; `body` for the whole.
    pub field: String,
    /// What to give instead.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": self }))).into_response()
    }
}

/// Parses a body as JSON, whatever its content type claims.
pub(crate) fn body(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|e| Problem::new("body", format!("is not JSON: {e}")))
}

/// The fields of one object, taken one at a time.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn of(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            other => Err(Problem::new("body", format!("must be an object, not {other}"))),
        }
    }

    /// The field's value; `None` if it is missing or null.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|e| Problem::new(name, e.to_string())),
        }
    }

    pub(crate) fn require<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Problem> {
        self.take(name)?.ok_or_else(|| Problem::new(name, "is required"))
    }

    /// What nobody took yet.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }

    /// Refuses what nobody took: a typing error must not pass as a default.
    pub(crate) fn finish(self, known: &str) -> Result<(), Problem> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((field, _)) => Err(Problem::new(field, format!("is unknown here; known are {known}"))),
        }
    }
}
