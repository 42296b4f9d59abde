//! Answers: each write happens once a key (<https://docs.stripe.com/api/idempotent_requests>).

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Stripe, call::Call, entry::Entry, error::StripeError, expire};
use crate::simulate::{
    Simulators,
    faults::{Target, Trouble, silence},
};

/// How long a key keeps its answer.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What a request leads to.
pub(crate) struct Done {
    pub(crate) body: Value,
    pub(crate) entries: Vec<Entry>,
}

impl Done {
    /// Nothing changes.
    pub(crate) fn telling(body: Value) -> Self {
        Self { body, entries: Vec::new() }
    }
}

/// The answer that a key keeps.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) key: String,
    endpoint: String,
    params: BTreeMap<String, String>,
    status: u16,
    body: Value,
    at: DateTime<Utc>,
}

/// Answers a request, as far as faults let it.
pub(crate) async fn give(
    simulators: &Simulators,
    call: &Call,
    act: impl FnOnce(&Stripe) -> Result<Done, StripeError>,
) -> Response {
    let mut answer = match simulators.faults().before(Target::Payments, None).await {
        Ok(()) => {
            let answer = run(simulators, call, act);
            simulators.faults().after(Target::Payments, None, answer).await
        }
        Err(Trouble::Silence) => return silence(),
        Err(Trouble::Error(fault)) => StripeError::fault(&fault).into_response(),
    };
    put(&mut answer, "request-id", &format!("req_{}", simulators.ids().word()));
    if let Some(key) = &call.key {
        put(&mut answer, "idempotency-key", key);
    }
    answer
}

fn run(simulators: &Simulators, call: &Call, act: impl FnOnce(&Stripe) -> Result<Done, StripeError>) -> Response {
    expire::due(simulators);
    let (stripe, now) = (simulators.stripe(), simulators.now());
    let saved = call.key.as_ref().and_then(|key| stripe.answers.get(key));
    if let Some(saved) = saved.filter(|saved| now - saved.at < KEPT) {
        return saved.again(call);
    }
    let (status, body, mut entries, is_kept) = match act(&stripe) {
        Ok(done) => (200, done.body, done.entries, true),
        Err(error) => (error.status(), error.body(), Vec::new(), error.is_kept),
    };
    if let Some(key) = call.key.clone().filter(|_| is_kept) {
        let (endpoint, params) = (call.endpoint.clone(), call.params.as_map().clone());
        let saved = Saved { key, endpoint, params, status, body: body.clone(), at: now };
        entries.push(Entry::Answer(Box::new(saved)));
    }
    simulators.commit(stripe, entries);
    response(status, body)
}

impl Saved {
    /// The same answer, if the same is asked for.
    fn again(&self, call: &Call) -> Response {
        if self.endpoint != call.endpoint || self.params != *call.params.as_map() {
            return StripeError::other_request(&self.key).into_response();
        }
        let mut answer = response(self.status, self.body.clone());
        put(&mut answer, "idempotent-replayed", "true");
        answer
    }
}

fn response(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::OK), Json(body)).into_response()
}

fn put(answer: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
