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

/// Whether a turn's reply may still be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The customer wrote, changed or took back something after the turn took up its messages. Its reply is then to be
    /// dropped: the next turn answers all of it.
    pub overtaken: bool,
    /// Counted from the customer's own time of writing.
    pub window: Window,
}

/// How the reply of this turn stands now.
pub async fn standing(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Standing> {
    let row = sqlx::query!(
        r#"
        select last_inbound_at,
               exists (select from message where conversation_id = v.id and answerable and turn_id is null and deleted_at is null)
            or exists (select from message where turn_id = $2 and direction = 'in' and deleted_at is not null) as "overtaken!"
        from conversation v where id = (select coalesce(merged_into, id) from conversation where id = $1)
        "#,
        conversation as ConversationId,
        turn_id,
    )
    .fetch_one(conn)
    .await?;
    Ok(Standing { overtaken: row.overtaken, window: Window::of(row.last_inbound_at, now) })
}

/// Whether a conversation may be written to freely now.
pub async fn window(conn: &mut PgConnection, conversation: ConversationId, now: DateTime<Utc>) -> sqlx::Result<Window> {
    let last = sqlx::query_scalar!(
        "select last_inbound_at from conversation where id = (select coalesce(merged_into, id) from conversation where id = $1)",
        conversation as ConversationId,
    )
    .fetch_one(conn)
    .await?;
    Ok(Window::of(last, now))
}

impl Window {
    fn of(last_inbound: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        let until = last_inbound.map(|at| at + LENGTH - MARGIN).filter(|until| *until > now);
        until.map_or(Self::Closed, |until| Self::Open { until })
    }
}
