//! What a customer has booked.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Asker, BookingView, row};
use crate::booking::{self, Way};
use crate::waitlist::{self, Waiting};
use crate::{CustomerId, Money, SeatId, SessionView};

/// A customer's bookings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundBookings {
    /// Soonest first.
    pub bookings: Vec<BookingView>,
    /// Sessions that they wait for, soonest first.
    #[serde(default)]
    pub waiting: Vec<WaitingView>,
}

/// A customer's place in a waiting list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    /// What they wait for.
    pub session: SessionView,
    /// 1 is next.
    pub position: i64,
}

/// The customer's places in sessions that have not started, and in waiting lists. A place that is only offered is none yet.
pub async fn find_bookings(conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<FoundBookings> {
    let seats = sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from seat x join session s on s.id = x.session_id
        where x.customer_id = $1 and x.state <> 'cancelled' and s.status = 'scheduled' and s.starts_at > $2
          and not exists (select from waitlist_entry e where e.seat_id = x.id and e.state = 'offered')
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
    Ok(FoundBookings { bookings, waiting: waiting(conn, asker).await? })
}

async fn waiting(conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<Vec<WaitingView>> {
    let mut found = Vec::new();
    for Waiting { session, position } in waitlist::of_customer(conn, asker.customer, asker.now).await? {
        found.push(WaitingView { session: row::session(conn, asker, session).await?, position });
    }
    Ok(found)
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
