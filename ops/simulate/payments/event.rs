//! Events: what the receiver is told.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::VERSION;
use crate::simulate::Simulators;

/// An event, and how it was delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentEvent {
    /// `evt_…`
    pub id: String,
    /// `checkout.session.completed`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// How often it was answered with 2xx.
    pub delivered: u64,
    /// POSTs that it took.
    pub attempts: u64,
    /// As it is posted.
    pub body: Value,
}

impl PaymentEvent {
    pub(crate) fn new(simulators: &Simulators, kind: &str, object: &Value) -> Self {
        let id = format!("evt_{}", simulators.ids().word());
        let at = simulators.now().trunc_subsecs(0);
        let body = json!({
            "id": id,
            "object": "event",
            "api_version": VERSION,
            "created": at.timestamp(),
            "data": { "object": object },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null },
            "type": kind,
        });
        Self { id, kind: kind.to_owned(), at, delivered: 0, attempts: 0, body }
    }

    /// A request led to it.
    pub(crate) fn caused_by(mut self, key: Option<&str>) -> Self {
        self.body["request"]["idempotency_key"] = key.into();
        self
    }
}
