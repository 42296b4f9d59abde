//! What customers are told without having asked: written down with the change it is about, sent once.

mod due;
mod quiet;
mod template;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

pub use due::{due, remind};
pub use quiet::{Quiet, due_at};
pub use template::template;
pub use words::{Words, what, where_to_pay, words};

use crate::{CustomerId, MessageId, NoticeId};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// A booked session is near.
    Reminder,
    /// A place is held for somebody who waited.
    WaitlistOffer,
    /// Somebody who waited has a place.
    WaitlistPromoted,
    /// A place is free for whoever comes first.
    PlaceFree,
    /// An offered place was passed on.
    OfferExpired,
    /// Where a booking or a plan is paid.
    PaymentLink,
    /// The money came.
    PaymentReceived,
    /// A place that was not paid was given up.
    HoldExpired,
    /// Money came for a place that was gone, and goes back.
    PaidInVain,
    /// Money went back.
    RefundMade,
    /// The business called a session off.
    SessionCancelled,
    /// Time, place or person of a session changed.
    SessionChanged,
    /// Credits end soon.
    CreditsExpiring,
}

impl Kind {
    /// Whether somebody who does not want to be written to unasked still gets it: it is about money or a booking of theirs
    /// that is not as they think.
    #[must_use]
    pub const fn is_service(self) -> bool {
        !matches!(self, Self::Reminder | Self::PlaceFree | Self::CreditsExpiring)
    }

    /// The name in the database and of templates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::WaitlistOffer => "waitlist_offer",
            Self::WaitlistPromoted => "waitlist_promoted",
            Self::PlaceFree => "place_free",
            Self::OfferExpired => "offer_expired",
            Self::PaymentLink => "payment_link",
            Self::PaymentReceived => "payment_received",
            Self::HoldExpired => "hold_expired",
            Self::PaidInVain => "paid_in_vain",
            Self::RefundMade => "refund_made",
            Self::SessionCancelled => "session_cancelled",
            Self::SessionChanged => "session_changed",
            Self::CreditsExpiring => "credits_expiring",
        }
    }
}

/// A notice to write down.
#[derive(Debug, Clone)]
pub struct Plan {
    /// To whom.
    pub customer: CustomerId,
    /// About what.
    pub kind: Kind,
    /// Which one of its kind: the same twice is one notice.
    pub subject: String,
    /// What cannot be read from the database any more when it is sent.
    pub facts: Value,
    /// When it is sent.
    pub due_at: DateTime<Utc>,
    /// When it is of no use any more.
    pub useful_until: Option<DateTime<Utc>>,
}

/// A notice as it is kept.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// To whom.
    pub customer: CustomerId,
    /// About what.
    pub kind: Kind,
    /// Which one of its kind.
    pub subject: String,
    /// What was written down with it.
    pub facts: Value,
    /// When it is of no use any more.
    pub useful_until: Option<DateTime<Utc>>,
    /// Whether it was sent or given up.
    pub is_settled: bool,
    /// The message that tells it, once there is one.
    pub message: Option<MessageId>,
}

/// Writes a notice down. None: it was written down before.
pub async fn plan(conn: &mut PgConnection, notice: Plan) -> sqlx::Result<Option<NoticeId>> {
    sqlx::query_scalar!(
        r#"
        insert into notice (customer_id, kind, subject, facts, due_at, useful_until) values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint notice_once do nothing returning id as "id: NoticeId"
        "#,
        notice.customer as CustomerId,
        notice.kind as Kind,
        notice.subject,
        notice.facts,
        notice.due_at,
        notice.useful_until,
    )
    .fetch_optional(conn)
    .await
}

/// The notice, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: NoticeId) -> sqlx::Result<Option<Notice>> {
    sqlx::query_as!(
        Notice,
        r#"
        select n.id as "id: NoticeId", coalesce(c.merged_into, c.id) as "customer!: CustomerId", n.kind as "kind: Kind", n.subject,
               n.facts, n.useful_until, n.state <> 'planned' as "is_settled!", n.message_id as "message: MessageId"
        from notice n join customer c on c.id = n.customer_id where n.id = $1 for no key update of n
        "#,
        id as NoticeId,
    )
    .fetch_optional(conn)
    .await
}

/// How a notice ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Ended {
    /// It went out.
    Sent,
    /// It was of no use any more, or not wanted.
    Skipped,
    /// WhatsApp did not take it.
    Failed,
}

/// A notice ends, once.
pub async fn settle(
    conn: &mut PgConnection,
    id: NoticeId,
    ended: Ended,
    reason: Option<&str>,
    message: Option<MessageId>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notice set state = $2, reason = $3, message_id = $4, settled_at = $5 where id = $1 and state = 'planned'",
        id as NoticeId,
        ended as Ended,
        reason,
        message as Option<MessageId>,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
