//! How far a message of ours got.

use serde::{Deserialize, Serialize};

/// The states of an outbound message. Notices come late, twice and in any order, so a message only
/// ever moves to a greater one: whatever the order, the end is the same. `Failed` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum State {
    /// Written down, not sent yet; or sent with no answer.
    Planned,
    /// WhatsApp took it.
    Accepted,
    /// It left WhatsApp.
    Sent,
    /// It reached the phone.
    Delivered,
    /// It was seen.
    Read,
    /// A voice note was played.
    Played,
    /// It will not arrive.
    Failed,
}

impl State {
    /// The state that a status of a webhook means; `None` for one we do not know.
    #[must_use]
    pub fn of_status(status: &str) -> Option<Self> {
        Some(match status {
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "played" => Self::Played,
            "failed" => Self::Failed,
            _ => return None,
        })
    }
}
