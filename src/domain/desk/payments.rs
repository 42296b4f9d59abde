//! Payments, and what of them went back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Page;
use crate::payments::{Method, State};
use crate::{CustomerId, EntitlementId, PaymentId, SeatId};

/// One payment. Amounts are in minor units.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    pub customer: CustomerId,
    /// For which booking.
    pub booking: Option<SeatId>,
    /// Or for which plan of theirs.
    pub entitlement: Option<EntitlementId>,
    /// How.
    pub method: Method,
    /// Where it stands.
    pub state: State,
    /// What is asked for.
    pub amount_minor: i64,
    /// What was paid.
    pub captured_minor: i64,
    /// What of that went back or is on its way.
    pub refunded_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Where it is paid.
    pub link_url: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When the link ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was paid.
    pub captured_at: Option<DateTime<Utc>>,
}

/// Which payments.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// For this booking.
    pub booking: Option<SeatId>,
    /// That stand so.
    pub state: Option<State>,
}

/// A page of payments, newest first.
pub async fn list(conn: &mut PgConnection, filter: Filter, page: Page) -> sqlx::Result<Vec<Payment>> {
    let ids = sqlx::query_scalar!(
        "select id from payment
         where ($1::bigint is null or customer_id = $1) and ($2::bigint is null or seat_id = $2)
           and ($3::text is null or state = $3) and ($4::bigint is null or id < $4)
         order by id desc limit $5",
        filter.customer as Option<CustomerId>,
        filter.booking as Option<SeatId>,
        filter.state as Option<State>,
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One payment, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

/// The payment whose receipt is the one of a booking: the last that came. None: nothing was paid.
pub async fn last_for(conn: &mut PgConnection, booking: SeatId) -> sqlx::Result<Option<PaymentId>> {
    sqlx::query_scalar!(
        r#"select id as "id: PaymentId" from payment where seat_id = $1 and captured_minor > 0 order by captured_at desc, id desc limit 1"#,
        booking as SeatId,
    )
    .fetch_optional(conn)
    .await
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Payment>> {
    sqlx::query_as!(
        Payment,
        r#"
        select id as "id: PaymentId", customer_id as "customer: CustomerId", seat_id as "booking: SeatId",
               entitlement_id as "entitlement: EntitlementId", method as "method: Method", state as "state: State", amount_minor,
               captured_minor, refunded_minor, currency, link_url, created_at, expires_at, captured_at
        from payment where id = any($1) order by id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}
