//! From asking for money to having it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Method, Payment, State, Thing, lock};
use crate::ledger::{self, Account, Kind};
use crate::{CustomerId, EntitlementId, Money, PaymentId, SeatId};

/// Asks for an amount. While a payment for the same thing is open, that one is it; one by another method is closed, and
/// should it be paid all the same, the money goes back.
pub async fn ask(
    conn: &mut PgConnection,
    thing: Thing,
    customer: CustomerId,
    method: Method,
    amount: &Money,
    now: DateTime<Utc>,
) -> sqlx::Result<PaymentId> {
    let (seat, entitlement) = match thing {
        Thing::Seat(seat) => (Some(seat), None),
        Thing::Entitlement(entitlement) => (None, Some(entitlement)),
    };
    // Twice, for somebody else may ask at the same time; then theirs is found.
    for _ in 0..2 {
        let asked = sqlx::query_scalar!(
            r#"
            with closed as (
              update payment set state = 'expired'
              where (seat_id = $2 or entitlement_id = $3) and method <> $4 and state in ('created', 'authorised')
            )
            insert into payment (customer_id, seat_id, entitlement_id, method, state, amount_minor, currency, created_at)
            values ($1, $2, $3, $4, 'created', $5, $6, $7) on conflict do nothing returning id as "id: PaymentId"
            "#,
            customer as CustomerId,
            seat as Option<SeatId>,
            entitlement as Option<EntitlementId>,
            method as Method,
            amount.minor,
            amount.currency,
            now,
        )
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(id) = asked {
            return Ok(id);
        }
        if let Some(id) = open(conn, seat, entitlement, method).await? {
            return Ok(id);
        }
    }
    Err(sqlx::Error::RowNotFound)
}

async fn open(
    conn: &mut PgConnection,
    seat: Option<SeatId>,
    entitlement: Option<EntitlementId>,
    method: Method,
) -> sqlx::Result<Option<PaymentId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id: PaymentId" from payment
        where (seat_id = $1 or entitlement_id = $2) and method = $3 and state in ('created', 'authorised')
        "#,
        seat as Option<SeatId>,
        entitlement as Option<EntitlementId>,
        method as Method,
    )
    .fetch_optional(conn)
    .await
}

/// The provider made a link for it.
pub async fn linked(
    conn: &mut PgConnection,
    id: PaymentId,
    link: &str,
    url: &str,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set link = $2, link_url = $3, expires_at = $4 where id = $1",
        id as PaymentId,
        link,
        url,
        expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Cash was put on the desk.
pub async fn take_cash(conn: &mut PgConnection, id: PaymentId, now: DateTime<Utc>) -> sqlx::Result<Captured> {
    let amount = lock(conn, id).await?.ok_or(sqlx::Error::RowNotFound)?.amount.minor;
    capture(conn, id, None, amount, now).await
}

/// What came of being told that money arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Captured {
    /// It is ours now.
    New(Payment),
    /// It was ours before.
    Before(Payment),
}

/// Money arrived, once however often that is told. It counts whatever we thought of the payment: expired, failed.
pub async fn capture(
    conn: &mut PgConnection,
    id: PaymentId,
    intent: Option<&str>,
    amount_minor: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Captured> {
    let payment = lock(conn, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    if payment.captured_minor > 0 {
        return Ok(Captured::Before(payment));
    }
    let captured_minor = amount_minor.min(payment.amount.minor);
    sqlx::query!(
        "update payment set state = 'captured', captured_minor = $2, intent = coalesce($3, intent), captured_at = $4
         where id = $1",
        id as PaymentId,
        captured_minor,
        intent,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let debit = account(payment.method);
    let credit = match payment.thing {
        Thing::Entitlement(id) if has_credits(conn, id).await? => Account::Prepaid,
        Thing::Entitlement(_) | Thing::Seat(_) => Account::Sales,
    };
    let value = (debit, credit, captured_minor);
    ledger::post(conn, Kind::Capture, &format!("payment:{id}"), value, &payment.amount.currency, now).await?;
    let intent = intent.map(str::to_owned).or_else(|| payment.intent.clone());
    Ok(Captured::New(Payment { state: State::Captured, captured_minor, intent, ..payment }))
}

async fn has_credits(conn: &mut PgConnection, id: EntitlementId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select credits is not null as "has!" from entitlement where id = $1"#, id as EntitlementId)
        .fetch_one(conn)
        .await
}

/// Where the money of a method lies.
pub(super) const fn account(method: Method) -> Account {
    match method {
        Method::Card => Account::Card,
        Method::Cash => Account::Cash,
    }
}

/// Nobody paid in time. Does nothing to a payment that was paid.
pub async fn expire(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    close(conn, id, State::Expired).await
}

/// The bank said no. Does nothing to a payment that was paid.
pub async fn fail(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    close(conn, id, State::Failed).await
}

async fn close(conn: &mut PgConnection, id: PaymentId, state: State) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set state = $2 where id = $1 and state in ('created', 'authorised')",
        id as PaymentId,
        state as State,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The customer's bank asks for the money back (`won` none), or has decided.
pub async fn dispute(
    conn: &mut PgConnection,
    payment: &Payment,
    dispute: &str,
    won: Option<bool>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (kind, (debit, credit), state) = match won {
        None => (Kind::Dispute, (Account::Disputed, Account::Card), State::Disputed),
        Some(true) => (Kind::DisputeWon, (Account::Card, Account::Disputed), State::Captured),
        Some(false) => (Kind::DisputeLost, (Account::Refunds, Account::Disputed), State::Disputed),
    };
    sqlx::query!("update payment set state = $2 where id = $1", payment.id as PaymentId, state as State)
        .execute(&mut *conn)
        .await?;
    let value = (debit, credit, payment.kept_minor());
    ledger::post(conn, kind, &format!("dispute:{dispute}"), value, &payment.amount.currency, now).await
}
