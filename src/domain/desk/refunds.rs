//! Money that goes back because the staff wants it to.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::Page;
use crate::payments::{self, RefundReason, RefundState, State};
use crate::{PaymentId, RefundId};

/// One refund.
#[derive(Debug, Clone)]
pub struct Refund {
    /// Its id.
    pub id: RefundId,
    /// Of which payment.
    pub payment: PaymentId,
    /// In minor units.
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Why.
    pub reason: RefundReason,
    /// Where it stands.
    pub state: RefundState,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
}

/// A page of what went back of a payment, newest first.
pub async fn list(conn: &mut PgConnection, payment: PaymentId, page: Page) -> sqlx::Result<Vec<Refund>> {
    let ids = sqlx::query_scalar!(
        "select id from refund where payment_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        payment as PaymentId,
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One refund, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: RefundId) -> sqlx::Result<Option<Refund>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Refund>> {
    sqlx::query_as!(
        Refund,
        r#"
        select r.id as "id: RefundId", r.payment_id as "payment: PaymentId", r.amount_minor, p.currency,
               r.reason as "reason: RefundReason", r.state as "state: RefundState", r.created_at, r.settled_at
        from refund r join payment p on p.id = r.payment_id where r.id = any($1) order by r.id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// What came of giving money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It is on its way.
    Begun(RefundId),
    /// There is only so much left of the payment, in minor units.
    TooLarge(i64),
    /// The customer's bank asks for the money already.
    Disputed,
}

/// Gives a part of a payment back, out of goodwill. The database decides whether so much is left of it
/// (`payment_refunds_within_captured`).
pub async fn give(
    conn: &mut PgConnection,
    payment: PaymentId,
    amount_minor: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Given>> {
    let Some(payment) = payments::lock(conn, payment).await? else { return Ok(None) };
    if payment.state == State::Disputed {
        return Ok(Some(Given::Disputed));
    }
    let mut savepoint = conn.begin().await?;
    match payments::pay_back(&mut savepoint, &payment, amount_minor, RefundReason::Goodwill, now).await {
        Ok(refund) => {
            savepoint.commit().await?;
            Ok(Some(Given::Begun(refund)))
        }
        Err(error) if is_too_large(&error) => {
            savepoint.rollback().await?;
            Ok(Some(Given::TooLarge(payment.kept_minor())))
        }
        Err(error) => Err(error),
    }
}

fn is_too_large(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    constraint == Some("payment_refunds_within_captured")
}
