//! The API's routes.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};

use super::{call::Call, checkout, refunds, reply};
use crate::simulate::Simulators;

pub(crate) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/v1/checkout/sessions", post(create))
        .route("/v1/checkout/sessions/{id}", get(retrieve))
        .route("/v1/checkout/sessions/{id}/expire", post(end))
        .route("/v1/refunds", post(refund).get(refunded))
}

async fn create(State(simulators): State<Simulators>, call: Call) -> Response {
    reply::give(&simulators, &call, |_| checkout::create(&simulators, &call)).await
}

async fn retrieve(State(simulators): State<Simulators>, Path(id): Path<String>, call: Call) -> Response {
    reply::give(&simulators, &call, |stripe| checkout::retrieve(stripe, &id)).await
}

async fn end(State(simulators): State<Simulators>, Path(id): Path<String>, call: Call) -> Response {
    reply::give(&simulators, &call, |stripe| checkout::expire(&simulators, stripe, &id, &call)).await
}

async fn refund(State(simulators): State<Simulators>, call: Call) -> Response {
    reply::give(&simulators, &call, |stripe| refunds::create(&simulators, stripe, &call)).await
}

async fn refunded(State(simulators): State<Simulators>, call: Call) -> Response {
    reply::give(&simulators, &call, |stripe| refunds::list(stripe, call.params.clone())).await
}
