//! `POST /{version}/{phone_number_id}/messages`.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{accept, error::GraphError, event::Event, outbound::Outbound, receipts};
use crate::simulate::{
    Simulators,
    faults::{Target, Trouble, silence},
};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().route("/{version}/{number}/messages", post(messages))
}

async fn messages(
    State(simulators): State<Simulators>,
    Path((version, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = match read(&version, &number, &headers, &body) {
        Ok(request) if request["status"].is_string() => receipts::mark(&simulators, &request),
        Ok(request) => send(&simulators, &number, request).await,
        Err(refusal) => Err(refusal),
    };
    answer.unwrap_or_else(|refusal| {
        simulators.record(Event::Refused { code: refusal.code });
        refusal.into_response()
    })
}

/// Checks what does not depend on the kind of request.
fn read(version: &str, number: &str, headers: &HeaderMap, body: &[u8]) -> Result<Value, GraphError> {
    authorize(version, headers)?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(GraphError::unknown_object(number));
    }
    serde_json::from_slice(body).map_err(|e| GraphError::parameter(format!("The body is not valid JSON: {e}")))
}

/// Checks the API version and that there is a token; any will do.
pub(crate) fn authorize(version: &str, headers: &HeaderMap) -> Result<(), GraphError> {
    let known = version.strip_prefix('v').and_then(|version| version.split_once('.'));
    if known.is_none_or(|(major, minor)| major.parse::<u8>().is_err() || minor != "0") {
        return Err(GraphError::unknown_object(version));
    }
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .filter(|token| !token.trim().is_empty())
        .map(drop)
        .ok_or_else(GraphError::token)
}

async fn send(simulators: &Simulators, number: &str, request: Value) -> Result<Response, GraphError> {
    let message = Outbound::read(request)?;
    let to = message.to.clone();
    let faults = simulators.faults();
    match faults.before(Target::Whatsapp, Some(&to)).await {
        Ok(()) => {}
        Err(Trouble::Silence) => return Ok(silence()),
        Err(Trouble::Error(fault)) => return Err(GraphError::fault(&fault)),
    }
    let accepted = accept::accept(simulators, number, message)?;
    accept::begin_statuses(simulators, &accepted).await;
    let answer = Json(json!({
        "messaging_product": "whatsapp",
        "contacts": [accepted.contact],
        "messages": [{ "id": accepted.course.wamid, "message_status": "accepted" }],
    }));
    Ok(faults.after(Target::Whatsapp, Some(&to), answer.into_response()).await)
}
