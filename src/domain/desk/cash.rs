//! Cash for a booking, taken at the desk.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::bookings::{self, Standing};
use crate::after::After;
use crate::payments::{self, Method, Thing};
use crate::{Money, PaymentId, SeatId, booking, session};

/// What is to be paid for a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owed {
    /// So much.
    Amount(Money),
    /// Nothing any more.
    Nothing,
    /// Nothing yet: the place is held for an offer that is not taken.
    Offered,
    /// It does not stand.
    Cancelled,
}

/// What is to be paid for a booking, if the tenant has it.
pub async fn owed(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Option<Owed>> {
    let Some(booking) = bookings::one(conn, seat).await? else { return Ok(None) };
    Ok(Some(if booking.state == Standing::Cancelled {
        Owed::Cancelled
    } else if bookings::is_offer(conn, seat).await? {
        Owed::Offered
    } else if booking.owes_minor == 0 {
        Owed::Nothing
    } else {
        Owed::Amount(Money::new(booking.owes_minor, booking.price.currency))
    }))
}

/// What came of taking cash.
#[derive(Debug, Clone)]
pub enum Cash {
    /// It is in the till.
    Taken {
        /// As which payment.
        payment: PaymentId,
        /// What is to be done.
        after: After,
    },
    /// There is nothing to take it for.
    Not(Owed),
}

/// Takes all that is owed for a booking. A link through which the same could be paid is closed.
pub async fn take(conn: &mut PgConnection, seat: SeatId, now: DateTime<Utc>) -> sqlx::Result<Option<Cash>> {
    let Some(booking) = bookings::one(conn, seat).await? else { return Ok(None) };
    // The session is locked before the payment, as everywhere; then what is owed is read again.
    session::lock(conn, booking.session).await?;
    let amount = match owed(conn, seat).await? {
        Some(Owed::Amount(amount)) => amount,
        other => return Ok(other.map(Cash::Not)),
    };
    let mut links = Vec::new();
    for open in payments::of_seat(conn, seat).await?.iter().filter(|payment| payment.is_open()) {
        payments::expire(conn, open.id).await?;
        links.push(open.id);
    }
    let payment = payments::ask(conn, Thing::Seat(seat), booking.customer, Method::Cash, &amount, now).await?;
    let (_, mut after) = booking::paid(conn, payment, None, amount.minor, now).await?;
    after.links.extend(links);
    Ok(Some(Cash::Taken { payment, after }))
}
