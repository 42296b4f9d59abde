//! How sending can end.

use domain::{MessageId, conversation, outbound, outbound::Outbound, turn};
use engine::effect;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::key;
use crate::Cx;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// WhatsApp has it.
    Sent {
        /// Ours.
        message: MessageId,
        /// WhatsApp's name for it.
        wamid: String,
    },
    /// The customer wrote on; the next turn answers everything.
    Overtaken,
    /// More than 24 hours have passed; staff were called.
    WindowClosed,
    /// WhatsApp will never take it; staff were called.
    Refused {
        /// Code and title.
        reason: String,
    },
}

impl Said {
    /// The word for it in the turn.
    pub(super) const fn outcome(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "answered",
            Self::Overtaken => turn::OVERTAKEN,
            Self::WindowClosed => "window_closed",
            Self::Refused { .. } => "refused",
        }
    }
}

/// It will not be sent, and that is all right.
pub(super) async fn drop(conn: &mut PgConnection, message: &Outbound, reason: &str) -> sqlx::Result<()> {
    effect::refuse(conn, &key(message), reason).await?;
    outbound::failed(conn, message.id, None, reason).await
}

/// Free-form messages are over until the customer writes again.
pub(super) async fn close_window(cx: &Cx, conn: &mut PgConnection, message: &Outbound) -> sqlx::Result<()> {
    drop(conn, message, "the 24-hour window is closed").await?;
    conversation::close_window(conn, message.conversation).await?;
    call_staff(cx, conn, message, "a reply came too late: the 24-hour window is closed").await
}

/// It will never be sent.
pub(super) async fn refused(
    cx: &Cx,
    conn: &mut PgConnection,
    message: &Outbound,
    code: Option<i32>,
    reason: String,
) -> sqlx::Result<Said> {
    effect::refuse(conn, &key(message), &reason).await?;
    outbound::failed(conn, message.id, code, &reason).await?;
    call_staff(cx, conn, message, &format!("WhatsApp did not take a reply: {reason}")).await?;
    Ok(Said::Refused { reason })
}

async fn call_staff(cx: &Cx, conn: &mut PgConnection, message: &Outbound, reason: &str) -> sqlx::Result<()> {
    conversation::needs_person(conn, message.conversation, reason, cx.world.clock.now()).await
}
