//! What a customer has booked.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Asker, BookingView, row};
use crate::booking::{self, Way};
use crate::{CustomerId, Money, SeatId};

/// A customer's bookings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundBookings {
    /// Soonest first.
    pub bookings: Vec<BookingView>,
}

/// The customer's places in sessions that have not started.
pub async fn find_bookings(conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<FoundBookings> {
    let seats = sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from seat x join session s on s.id = x.session_id
        where x.customer_id = $1 and x.state <> 'cancelled' and s.status = 'scheduled' and s.starts_at > $2
        order by s.starts_at, x.id
        "#,
        asker.customer as CustomerId,
        asker.now,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut bookings = Vec::with_capacity(seats.len());
    for seat in seats {
        bookings.push(booking(conn, asker, seat).await?);
    }
    Ok(FoundBookings { bookings })
}

/// One booking, at the price that was agreed.
pub async fn booking(conn: &mut PgConnection, asker: &Asker, seat: SeatId) -> sqlx::Result<BookingView> {
    let row = sqlx::query!(
        r#"
        select session_id, price_minor, currency, places, payment as "payment: Way", hold_expires_at from seat where id = $1
        "#,
        seat as SeatId,
    )
    .fetch_one(&mut *conn)
    .await?;
    let session = row::by_id(conn, asker, &[row.session_id]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    let mut session = session.view(asker);
    session.price = Money::new(row.price_minor, row.currency);
    Ok(BookingView {
        booking_id: seat,
        session,
        places: row.places,
        payment: Some(row.payment),
        held_until: row.hold_expires_at,
        owes_minor: booking::owes(conn, seat).await?,
    })
}
