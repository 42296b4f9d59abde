//! The model's routes.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{completions, script};
use crate::simulate::{
    Simulators,
    fields::{self, Problem},
};

/// A long conversation with its tool results.
const LARGEST: usize = 16 * 1024 * 1024;

pub(crate) fn routes() -> Router<Simulators> {
    let complete = || post(completions::complete).layer(DefaultBodyLimit::max(LARGEST));
    Router::new()
        .route("/v1/chat/completions", complete())
        .route("/llm/v1/chat/completions", complete())
        .route("/_sim/llm/script", post(append).delete(clear))
        .route("/_sim/llm/requests", get(requests).delete(forget))
}

async fn append(State(simulators): State<Simulators>, body: Bytes) -> Result<Response, Problem> {
    let waiting = script::append(&simulators, fields::body(&body)?)?;
    Ok((StatusCode::CREATED, Json(json!({ "waiting": waiting }))).into_response())
}

async fn clear(State(simulators): State<Simulators>) -> StatusCode {
    simulators.llm().script.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(simulators): State<Simulators>) -> Json<Vec<Value>> {
    Json(simulators.llm_requests())
}

async fn forget(State(simulators): State<Simulators>) -> StatusCode {
    simulators.llm().requests.clear();
    StatusCode::NO_CONTENT
}
