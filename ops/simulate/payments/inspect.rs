//! `/_sim/payments…`: look at what happened, and play the customer and the bank.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{act, deliver, deliver::PaymentDelivery, handle::Payments, session::Session};
use crate::simulate::{
    Simulators,
    fields::{self, Fields, Problem},
};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/_sim/payments", get(payments))
        .route("/_sim/payments/delivery", post(delivery))
        .route("/_sim/payments/{session}/pay", post(pay))
        .route("/_sim/payments/{session}/decline", post(decline))
        .route("/_sim/payments/{session}/dispute", post(dispute))
}

async fn payments(State(simulators): State<Simulators>) -> Json<Payments> {
    Json(simulators.payments())
}

async fn delivery(State(simulators): State<Simulators>, body: Bytes) -> Result<Json<PaymentDelivery>, Problem> {
    let delivery = PaymentDelivery::from_json(fields::body(&body)?)?;
    deliver::set(&simulators, delivery);
    Ok(Json(delivery))
}

/// `{"refunds":"at_once"|"later"|"fail"}`, or nothing.
async fn pay(
    State(simulators): State<Simulators>,
    Path(session): Path<String>,
    body: Bytes,
) -> Result<Json<Session>, Problem> {
    let mut fields = optional(&body)?;
    let refunds = fields.take("refunds")?;
    fields.finish("refunds")?;
    act::pay(&simulators, &session, refunds).map(Json)
}

async fn decline(State(simulators): State<Simulators>, Path(session): Path<String>) -> Result<Json<Session>, Problem> {
    act::decline(&simulators, &session).map(Json)
}

/// `{"won":true|false}` ends the dispute that nothing opened.
async fn dispute(
    State(simulators): State<Simulators>,
    Path(session): Path<String>,
    body: Bytes,
) -> Result<Json<Session>, Problem> {
    let mut fields = optional(&body)?;
    let won = fields.take("won")?;
    fields.finish("won")?;
    act::dispute(&simulators, &session, won).map(Json)
}

/// The fields of a body that may be empty.
fn optional(body: &[u8]) -> Result<Fields, Problem> {
    let value: Value = if body.trim_ascii().is_empty() { json!({}) } else { fields::body(body)? };
    Fields::of(value)
}
