//! What the provider tells, kept until it can be understood.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{PaymentId, RefundId};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    New,
    /// It was told before.
    Duplicate,
}

/// An event that waits to be applied.
#[derive(Debug, Clone)]
pub struct Told {
    /// The provider's id of it.
    pub event: String,
    /// What it says.
    pub body: Value,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// Keeps an event, once however often it is told.
pub async fn keep(conn: &mut PgConnection, event: &str, body: &Value, now: DateTime<Utc>) -> sqlx::Result<Kept> {
    let kept = sqlx::query!(
        "insert into payment_event (event, body, received_at) values ($1, $2, $3) on conflict do nothing",
        event,
        body,
        now,
    )
    .execute(conn)
    .await?;
    Ok(if kept.rows_affected() == 1 { Kept::New } else { Kept::Duplicate })
}

/// An event that was not applied yet, locked until the transaction ends.
pub async fn parked(conn: &mut PgConnection, event: &str) -> sqlx::Result<Option<Told>> {
    sqlx::query_as!(
        Told,
        "select event, body, received_at from payment_event where event = $1 and applied_at is null for no key update",
        event,
    )
    .fetch_optional(conn)
    .await
}

/// The event was applied; `outcome` says what came of it.
pub async fn settle(conn: &mut PgConnection, event: &str, outcome: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment_event set applied_at = $2, outcome = $3 where event = $1 and applied_at is null",
        event,
        now,
        outcome,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The payment that the provider means: by our own id, else by that of the link, of the payment or of our refund.
pub async fn matched(
    conn: &mut PgConnection,
    ours: Option<PaymentId>,
    link: Option<&str>,
    intent: Option<&str>,
    refund: Option<RefundId>,
) -> sqlx::Result<Option<PaymentId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id!: PaymentId" from (
          select 1 as rank, id from payment where id = $1
          union all select 2, id from payment where link = $2
          union all select 3, id from payment where intent = $3
          union all select 4, payment_id from refund where id = $4
        ) found order by rank limit 1
        "#,
        ours as Option<PaymentId>,
        link,
        intent,
        refund as Option<RefundId>,
    )
    .fetch_optional(conn)
    .await
}
