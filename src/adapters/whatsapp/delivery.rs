//! What became of a message of ours.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{ApiError, lenient};

/// How far a message of ours came. They may arrive in any order; only the first four have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// It left WhatsApp's servers.
    Sent,
    /// It reached a device.
    Delivered,
    /// It was read.
    Read,
    /// The voice note was played.
    Played,
    /// It did not get there, and will not.
    Failed,
    /// It was deleted.
    Deleted,
    /// A state that this version does not know.
    Other(String),
}

/// One item of `statuses`.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryStatus {
    /// Of our message.
    pub wamid: String,
    /// How far it came.
    pub state: DeliveryState,
    /// Since when, by WhatsApp's clock.
    pub at: DateTime<Utc>,
    /// What we sent as `biz_opaque_callback_data`. It is known before the wamid is.
    pub callback: Option<String>,
    /// Why it failed.
    pub errors: Vec<ApiError>,
    /// What it cost: billable, category, pricing model.
    pub pricing: Option<Value>,
    /// The status as it came.
    pub raw: Value,
}

impl DeliveryStatus {
    /// Reads one item of `statuses`; without an id or a state it says nothing and comes back.
    pub(super) fn read(raw: Value, received: DateTime<Utc>) -> Result<Self, Value> {
        let Some((wamid, state)) = lenient::id(&raw, "id").zip(lenient::text(&raw, "status")) else {
            return Err(raw);
        };
        Ok(Self {
            wamid,
            state: DeliveryState::of(state),
            at: lenient::instant(&raw, "timestamp").unwrap_or(received),
            callback: lenient::id(&raw, "biz_opaque_callback_data"),
            errors: lenient::list(&raw, "errors").iter().map(ApiError::read).collect(),
            pricing: raw.get("pricing").filter(|pricing| pricing.is_object()).cloned(),
            raw,
        })
    }
}

impl DeliveryState {
    fn of(name: String) -> Self {
        match name.as_str() {
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "played" => Self::Played,
            "failed" => Self::Failed,
            "deleted" => Self::Deleted,
            _ => Self::Other(name),
        }
    }

    /// WhatsApp's name of it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
            Self::Deleted => "deleted",
            Self::Other(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(raw: Value) -> Option<DeliveryStatus> {
        DeliveryStatus::read(raw, DateTime::UNIX_EPOCH).ok()
    }

    #[test]
    fn every_state_is_known_or_kept() {
        let cases = [
            ("sent", DeliveryState::Sent),
            ("delivered", DeliveryState::Delivered),
            ("read", DeliveryState::Read),
            ("played", DeliveryState::Played),
            ("failed", DeliveryState::Failed),
            ("deleted", DeliveryState::Deleted),
            ("warming_up", DeliveryState::Other("warming_up".to_owned())),
        ];
        for (name, state) in cases {
            let read = read(json!({"id": "w1", "status": name})).unwrap().state;
            assert_eq!((read.name(), &read), (name, &state));
        }
    }

    #[test]
    fn a_failure_carries_its_errors_and_our_id() {
        let status = read(json!({
            "id": "w1", "status": "failed", "timestamp": 1_763_750_000, "recipient_id": "",
            "biz_opaque_callback_data": "whatsapp:42", "pricing": {"billable": false},
            "errors": [{"code": 131_047, "title": "Re-engagement message", "error_data": {"details": "24 hours"}}, {"code": "1", "details": "old place"}],
        }))
        .unwrap();
        assert_eq!(status.callback.as_deref(), Some("whatsapp:42"));
        assert_eq!(status.at.timestamp(), 1_763_750_000);
        let errors: Vec<_> = status.errors.iter().map(|error| (error.code, error.details.as_str())).collect();
        assert_eq!(errors, [(131_047, "24 hours"), (1, "old place")]);
        assert_eq!(status.pricing, Some(json!({"billable": false})));
    }

    #[test]
    fn a_status_of_nothing_is_none() {
        for raw in [json!({}), json!({"id": "w1"}), json!({"status": "sent"}), json!(3)] {
            assert_eq!(read(raw), None);
        }
    }
}
