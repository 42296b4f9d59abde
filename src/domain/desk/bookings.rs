//! Bookings, whatever became of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::Page;
use crate::booking::{By, Via, Way};
use crate::{CustomerId, Money, QuoteId, SeatId, ServiceId, SessionId, waitlist};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Standing {
    /// Theirs for a while: until it is paid, or until they take what they were offered.
    Held,
    /// Theirs.
    Booked,
    /// Given up.
    Cancelled,
}

/// One booking.
#[derive(Debug, Clone)]
pub struct Booking {
    /// Its id.
    pub id: SeatId,
    /// Of which session.
    pub session: SessionId,
    /// What that is of.
    pub service: ServiceId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it stands.
    pub state: Standing,
    /// For how many.
    pub places: i32,
    /// Of all places together, as it was agreed.
    pub price: Money,
    /// What is still to be paid, in minor units.
    pub owes_minor: i64,
    /// How it is paid.
    pub payment: Way,
    /// Who asked for it.
    pub via: Via,
    /// How the price came about.
    pub quote: Option<QuoteId>,
    /// The booking that it took the place of.
    pub moved_from: Option<SeatId>,
    /// Until when it is held.
    pub held_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was given up.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Who gave it up.
    pub cancelled_by: Option<By>,
    /// Whether that counts as not having come.
    pub late: bool,
    /// When they came.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When it was said that they did not come.
    pub no_show_at: Option<DateTime<Utc>>,
}

/// Which bookings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// In this session.
    pub session: Option<SessionId>,
    /// That stand so.
    pub state: Option<Standing>,
}

/// A page of bookings, newest first.
pub async fn list(conn: &mut PgConnection, filter: Filter, page: Page) -> sqlx::Result<Vec<Booking>> {
    let ids = sqlx::query_scalar!(
        "select id from seat
         where ($1::bigint is null or customer_id = $1) and ($2::bigint is null or session_id = $2)
           and ($3::text is null or state = $3) and ($4::bigint is null or id < $4)
         order by id desc limit $5",
        filter.customer as Option<CustomerId>,
        filter.session as Option<SessionId>,
        filter.state as Option<Standing>,
        page.after,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One booking, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: SeatId) -> sqlx::Result<Option<Booking>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

/// Whether a booking is no more than a place that is held for an offer of the waiting list.
pub async fn is_offer(conn: &mut PgConnection, id: SeatId) -> sqlx::Result<bool> {
    Ok(waitlist::entry_of_seat(conn, id).await?.is_some())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Booking>> {
    let rows = sqlx::query!(
        r#"
        select x.id as "id: SeatId", x.session_id as "session: SessionId", s.service_id as "service: ServiceId", s.starts_at,
               x.customer_id as "customer: CustomerId", x.state as "state: Standing", x.places, x.price_minor, x.currency,
               owed(x) as "owes!",
               x.payment as "payment: Way", x.via as "via: Via", x.quote_id as "quote: QuoteId", x.moved_from as "moved_from: SeatId",
               x.hold_expires_at, x.created_at, x.cancelled_at, x.cancelled_by as "cancelled_by: By", x.late, x.checked_in_at,
               x.no_show_at
        from seat x join session s on s.id = x.session_id where x.id = any($1) order by x.id desc
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let bookings = rows.into_iter().map(|row| Booking {
        id: row.id,
        session: row.session,
        service: row.service,
        starts_at: row.starts_at,
        customer: row.customer,
        state: row.state,
        places: row.places,
        price: Money::new(row.price_minor, row.currency),
        owes_minor: row.owes,
        payment: row.payment,
        via: row.via,
        quote: row.quote,
        moved_from: row.moved_from,
        held_until: row.hold_expires_at,
        created_at: row.created_at,
        cancelled_at: row.cancelled_at,
        cancelled_by: row.cancelled_by,
        late: row.late,
        checked_in_at: row.checked_in_at,
        no_show_at: row.no_show_at,
    });
    Ok(bookings.collect())
}
