//! Money for bookings and plans: asked for, taken, given back.

mod event;
mod latest;
mod refund;
mod take;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

pub use event::{Kept, Told, keep, matched, parked, settle};
pub use latest::latest;
pub use refund::{Due, RefundReason, RefundState, due, pay_back, refund_told, refunded_by_hand};
pub use take::{Captured, ask, capture, dispute, expire, fail, linked, take_cash};

use crate::{CustomerId, EntitlementId, Money, PaymentId, SeatId};

/// How it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Method {
    /// Through a link of the payment provider.
    Card,
    /// At the desk.
    Cash,
}

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thing {
    /// A booking.
    Seat(SeatId),
    /// A plan.
    Entitlement(EntitlementId),
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// Asked for.
    Created,
    /// Promised by the bank, not taken yet.
    Authorised,
    /// Ours.
    Captured,
    /// Ours in part.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// The bank said no.
    Failed,
    /// Nobody paid in time.
    Expired,
    /// The customer's bank asks for it back.
    Disputed,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    pub customer: CustomerId,
    /// For what.
    pub thing: Thing,
    /// How.
    pub method: Method,
    /// Where it stands.
    pub state: State,
    /// What is asked for.
    pub amount: Money,
    /// What was paid, in minor units.
    pub captured_minor: i64,
    /// What of it went back or is on its way, in minor units.
    pub refunded_minor: i64,
    /// The provider's id of the link.
    pub link: Option<String>,
    /// Where it is paid.
    pub link_url: Option<String>,
    /// The provider's id of the payment.
    pub intent: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When the link ends.
    pub expires_at: Option<DateTime<Utc>>,
}

struct Row {
    id: PaymentId,
    customer: CustomerId,
    seat: Option<SeatId>,
    entitlement: Option<EntitlementId>,
    method: Method,
    state: State,
    amount_minor: i64,
    captured_minor: i64,
    refunded_minor: i64,
    currency: String,
    link: Option<String>,
    link_url: Option<String>,
    intent: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl Row {
    fn payment(self) -> sqlx::Result<Payment> {
        let thing = match (self.seat, self.entitlement) {
            (Some(seat), _) => Thing::Seat(seat),
            (None, Some(entitlement)) => Thing::Entitlement(entitlement),
            // The constraint payment_for_one promises that this is not.
            (None, None) => return Err(sqlx::Error::RowNotFound),
        };
        Ok(Payment {
            id: self.id,
            customer: self.customer,
            thing,
            method: self.method,
            state: self.state,
            amount: Money::new(self.amount_minor, self.currency),
            captured_minor: self.captured_minor,
            refunded_minor: self.refunded_minor,
            link: self.link,
            link_url: self.link_url,
            intent: self.intent,
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
}

/// The payment, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id as "id: PaymentId", customer_id as "customer: CustomerId", seat_id as "seat: SeatId",
               entitlement_id as "entitlement: EntitlementId", method as "method: Method", state as "state: State",
               amount_minor, captured_minor, refunded_minor, currency, link, link_url, intent, created_at, expires_at
        from payment where id = $1 for no key update
        "#,
        id as PaymentId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::payment).transpose()
}

/// All payments for a booking, oldest first, locked until the transaction ends.
pub async fn of_seat(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Vec<Payment>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id as "id: PaymentId", customer_id as "customer: CustomerId", seat_id as "seat: SeatId",
               entitlement_id as "entitlement: EntitlementId", method as "method: Method", state as "state: State",
               amount_minor, captured_minor, refunded_minor, currency, link, link_url, intent, created_at, expires_at
        from payment where seat_id = $1 order by id for no key update
        "#,
        seat as SeatId,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::payment).collect()
}

impl Payment {
    /// What of it is ours, in minor units.
    #[must_use]
    pub const fn kept_minor(&self) -> i64 {
        self.captured_minor - self.refunded_minor
    }

    /// Whether it can still be paid.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Created | State::Authorised)
    }
}
