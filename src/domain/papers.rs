//! What a customer's papers say: the facts of a receipt and of a calendar entry, from the rows as they are now.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::catalog::{self, Asker};
use crate::documents::calendar::{CalendarEvent, Status};
use crate::documents::receipt::{Business, Line, Payment, PaymentMethod, Receipt, Refund};
use crate::payments::{self, Method, Thing};
use crate::{CustomerId, Language, Money, PaymentId, SeatId, booking, notices, replies, tenant};

/// A receipt, and whose it is.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Who paid.
    pub customer: CustomerId,
    /// What they are spoken to in.
    pub language: Language,
    /// What it says.
    pub receipt: Receipt,
}

/// The receipt of what a payment was for, with everything that was paid for it and went back. None: nothing was paid.
pub async fn receipt(
    conn: &mut PgConnection,
    payment: PaymentId,
    language: Option<Language>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Issued>> {
    let paid = payments::lock(conn, payment).await?.filter(|payment| payment.captured_minor > 0);
    let Some(paid) = paid else { return Ok(None) };
    let to = crate::customer::addressee(conn, paid.customer).await?;
    let asker = Asker::new(conn, paid.customer, language.unwrap_or(to.language), now).await?;
    let (line, balance) = line(conn, &asker, &paid).await?;
    let (payments, refunds) = moves(conn, &paid, asker.zone).await?;
    let receipt = Receipt {
        business: business(conn).await?,
        number: payment.to_string(),
        date: now.with_timezone(&asker.zone).date_naive(),
        customer: name(conn, paid.customer).await?,
        lines: vec![line],
        payments,
        refunds,
        balance,
    };
    Ok(Some(Issued { customer: paid.customer, language: asker.language, receipt }))
}

/// What was sold, and what of it is still to be paid.
async fn line(conn: &mut PgConnection, asker: &Asker, paid: &payments::Payment) -> sqlx::Result<(Line, Money)> {
    match paid.thing {
        Thing::Seat(seat) => {
            let booking = catalog::booking(conn, asker, seat).await?;
            let session = booking.session;
            let owes = Money::new(booking::owes(conn, seat).await?, &session.price.currency);
            let description = if session.crew.is_empty() {
                session.service.clone()
            } else {
                format!("{} · {}", session.service, session.crew)
            };
            let starts = Some(session.date.and_time(session.time));
            Ok((Line { description, starts, places: Some(booking.places), amount: session.price }, owes))
        }
        Thing::Entitlement(_) => {
            let description = notices::what(conn, asker, paid.thing).await?;
            let owes = Money::new(paid.amount.minor - paid.captured_minor, &paid.amount.currency);
            Ok((Line { description, starts: None, places: None, amount: paid.amount.clone() }, owes))
        }
    }
}

/// What came for the same thing and what went back of it, oldest first.
async fn moves(
    conn: &mut PgConnection,
    paid: &payments::Payment,
    zone: Tz,
) -> sqlx::Result<(Vec<Payment>, Vec<Refund>)> {
    let (seat, entitlement) = match paid.thing {
        Thing::Seat(seat) => (Some(seat), None),
        Thing::Entitlement(entitlement) => (None, Some(entitlement)),
    };
    let rows = sqlx::query!(
        r#"
        select p.method as "method: Method", p.captured_at as "at!", p.captured_minor as "amount!", p.currency as "currency!", false as "back!"
        from payment p where (p.seat_id = $1 or p.entitlement_id = $2) and p.captured_at is not null
        union all
        select p.method, coalesce(r.settled_at, r.created_at), r.amount_minor, p.currency, true
        from payment p join refund r on r.payment_id = p.id
        where (p.seat_id = $1 or p.entitlement_id = $2) and r.state <> 'failed'
        order by 2
        "#,
        seat as Option<SeatId>,
        entitlement as Option<crate::EntitlementId>,
    )
    .fetch_all(conn)
    .await?;
    let (mut payments, mut refunds) = (Vec::new(), Vec::new());
    for row in rows {
        let (at, amount) = (local(row.at, zone), Money::new(row.amount, row.currency));
        match (row.back, row.method) {
            (true, _) => refunds.push(Refund { at, amount }),
            (false, Some(Method::Cash)) => payments.push(Payment { method: PaymentMethod::Cash, at, amount }),
            (false, _) => payments.push(Payment { method: PaymentMethod::Card, at, amount }),
        }
    }
    Ok((payments, refunds))
}

fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

async fn business(conn: &mut PgConnection) -> sqlx::Result<Business> {
    let tenant = tenant::current(conn).await?;
    let address = sqlx::query_scalar!("select address from location order by id limit 1").fetch_optional(conn).await?;
    Ok(Business {
        name: tenant.name,
        address: address.unwrap_or_default(),
        phone: tenant.phone,
        website: tenant.website,
    })
}

async fn name(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<String> {
    let name = sqlx::query_scalar!("select name from customer where id = $1", customer as CustomerId);
    Ok(name.fetch_optional(conn).await?.flatten().unwrap_or_default())
}

/// A booking as an entry of the customer's calendar. None: there is no such booking.
pub async fn calendar_event(
    conn: &mut PgConnection,
    seat: SeatId,
    language: Language,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CalendarEvent>> {
    let row = sqlx::query!(
        r#"
        select x.customer_id as "customer: CustomerId", x.state <> 'cancelled' and s.status = 'scheduled' as "stands!",
               s.starts_at, s.ends_at, l.address
        from seat x join session s on s.id = x.session_id join location l on l.id = s.location_id where x.id = $1
        "#,
        seat as SeatId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let asker = Asker::new(conn, row.customer, language, now).await?;
    let session = catalog::booking(conn, &asker, seat).await?.session;
    let tenant = tenant::current(conn).await?;
    Ok(Some(CalendarEvent {
        uid: format!("seat-{seat}.tenant-{}@holdfast", tenant.id),
        stamp: now,
        sequence: u32::from(!row.stands),
        starts: row.starts_at,
        ends: row.ends_at,
        summary: replies::calendar_summary(language, &session.service, &tenant.name),
        location: format!("{}, {}", session.location, row.address),
        description: replies::calendar_description(language, &session.crew, &seat.to_string()),
        status: if row.stands { Status::Confirmed } else { Status::Cancelled },
    }))
}
