//! The 24 hours after a customer's message in which we may answer freely.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::ConversationId;

/// WhatsApp's customer service window.
const LENGTH: TimeDelta = TimeDelta::hours(24);
/// Given up, so that a message still arrives in time.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// Whether free-form messages may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "window", rename_all = "snake_case")]
pub enum Window {
    /// They may.
    Open {
        /// Before this.
        until: DateTime<Utc>,
    },
    /// Only templates may.
    Closed,
}

/// The window of a conversation, counted from the customer's own time of writing.
pub async fn window(conn: &mut PgConnection, conversation: ConversationId, now: DateTime<Utc>) -> sqlx::Result<Window> {
    let heard = sqlx::query_scalar!(
        "select last_inbound_at from conversation where id = (select coalesce(merged_into, id) from conversation where id = $1)",
        conversation as ConversationId,
    )
    .fetch_one(conn)
    .await?;
    let until = heard.map(|at| at + LENGTH - MARGIN).filter(|until| *until > now);
    Ok(until.map_or(Window::Closed, |until| Window::Open { until }))
}
