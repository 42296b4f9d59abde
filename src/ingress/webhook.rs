//! One delivery: checked, recorded, answered.

use std::time::Duration;

use adapters::whatsapp::signature;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use super::{Ingress, body, recording};

/// How long the database may take. Meta repeats what is not answered, and nothing is recorded
/// twice.
const DEADLINE: Duration = Duration::from_secs(10);

/// `POST`: 200 once everything is committed, 401 without a good signature, 413 when too long, 503
/// when the database cannot take it now.
pub(super) async fn receive(State(ingress): State<Ingress>, headers: HeaderMap, body: Body) -> Response {
    let body = match body::read(body).await {
        Ok(body) => body,
        Err(status) => return refused(status, "unreadable").into_response(),
    };
    let signature = headers.get(signature::HEADER).map_or(&[][..], |header| header.as_bytes());
    if !ingress.secrets.verify(signature, &body) {
        return refused(StatusCode::UNAUTHORIZED, "unsigned").into_response();
    }
    match timeout(DEADLINE, recording::record(&ingress.intake, &body)).await {
        Ok(Ok(outcome)) => {
            count(outcome.name());
            StatusCode::OK.into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "webhook not recorded; Meta will send it again");
            later()
        }
        Err(_) => {
            tracing::error!("webhook not recorded in time; Meta will send it again");
            later()
        }
    }
}

fn refused(status: StatusCode, outcome: &'static str) -> StatusCode {
    count(outcome);
    status
}

fn later() -> Response {
    count("failed");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
}

fn count(outcome: &'static str) {
    metrics::counter!("holdfast_webhooks_total", "source" => "whatsapp", "outcome" => outcome).increment(1);
}
