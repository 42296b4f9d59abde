//! `/_sim/faults`.

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{Active, Fault};
use crate::simulate::{
    Simulators,
    fields::{self, Problem},
};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().route("/_sim/faults", post(add).get(list).delete(clear))
}

/// One fault, or an array of which either all are set or none.
async fn add(State(simulators): State<Simulators>, body: Bytes) -> Result<Response, Problem> {
    let faults = match fields::body(&body)? {
        Value::Array(faults) => faults,
        one => vec![one],
    };
    let faults = faults.into_iter().map(Fault::from_json).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<u64> = faults.into_iter().map(|fault| simulators.faults().add(fault)).collect();
    Ok((StatusCode::CREATED, Json(json!({ "ids": ids }))).into_response())
}

async fn list(State(simulators): State<Simulators>) -> Json<Vec<Active>> {
    Json(simulators.faults().list())
}

async fn clear(State(simulators): State<Simulators>) -> StatusCode {
    simulators.clear_faults();
    StatusCode::NO_CONTENT
}
