//! `/_sim/whatsapp/…`: look at what happened, and play the customer.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    batch::Batch,
    inbound::{Inbound, Receipt},
    log::Sent,
    stats::Stats,
};
use crate::simulate::{
    Simulators,
    fields::{self, Problem},
};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/_sim/whatsapp/messages", get(messages).delete(reset))
        .route("/_sim/whatsapp/stats", get(stats))
        .route("/_sim/whatsapp/inbound", post(inbound))
        .route("/_sim/whatsapp/batch", post(batch))
}

#[derive(Deserialize)]
struct Recipient {
    to: Option<String>,
}

/// A `+` in a query string arrives as a space; addresses are read without regard to either.
async fn messages(State(simulators): State<Simulators>, Query(recipient): Query<Recipient>) -> Json<Vec<Sent>> {
    Json(simulators.messages(recipient.to.as_deref()))
}

async fn reset(State(simulators): State<Simulators>) -> StatusCode {
    simulators.reset();
    StatusCode::NO_CONTENT
}

async fn stats(State(simulators): State<Simulators>) -> Json<Stats> {
    Json(simulators.stats())
}

async fn inbound(State(simulators): State<Simulators>, body: Bytes) -> Result<Json<Receipt>, Problem> {
    let message = Inbound::from_json(fields::body(&body)?)?;
    Ok(Json(simulators.inbound(message).await))
}

async fn batch(State(simulators): State<Simulators>, body: Bytes) -> Result<Json<Vec<Receipt>>, Problem> {
    let batch = Batch::from_json(fields::body(&body)?)?;
    Ok(Json(batch.send(&simulators).await))
}
