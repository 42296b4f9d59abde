//! Money came, or did not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Connection, PgConnection};

use super::seat::{self, By};
use crate::after::After;
use crate::notices::{self, Kind};
use crate::payments::{self, Captured, Method, Payment, RefundReason, Thing};
use crate::session::{self, Session};
use crate::waitlist::{self, Vacancy};
use crate::{CustomerId, PaymentId, SeatId, SessionId, entitlements};

/// What came of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paid {
    /// The booking or the plan is theirs.
    Settled,
    /// The place had been given up, and was still free: it is theirs again.
    Reseated,
    /// The place is gone: the money goes back.
    InVain,
    /// It had been told before.
    Before,
}

struct Held {
    session: SessionId,
    customer: CustomerId,
    state: String,
    places: i32,
}

/// The money of a payment came. Told again, it changes nothing.
pub async fn paid(
    conn: &mut PgConnection,
    payment: PaymentId,
    intent: Option<&str>,
    amount_minor: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<(Paid, After)> {
    // The session is locked before the payment, as everywhere.
    let seat =
        sqlx::query_scalar!(r#"select seat_id as "seat: SeatId" from payment where id = $1"#, payment as PaymentId)
            .fetch_one(&mut *conn)
            .await?;
    let held = match seat {
        Some(seat) => Some((seat, lock(conn, seat).await?)),
        None => None,
    };
    let payment = match payments::capture(conn, payment, intent, amount_minor, now).await? {
        Captured::New(payment) => payment,
        Captured::Before(_) => return Ok((Paid::Before, After::default())),
    };
    let mut after = After::default();
    let paid = match (payment.thing, held) {
        (Thing::Entitlement(id), _) => {
            entitlements::activate(conn, id, now).await?;
            Paid::Settled
        }
        (Thing::Seat(seat), Some((_, (mut session, held)))) => {
            settle(conn, &mut session, seat, &held, now, &mut after).await?
        }
        (Thing::Seat(_), None) => return Err(sqlx::Error::RowNotFound),
    };
    if payment.method == Method::Card && paid != Paid::InVain {
        after.receipts.push(payment.id);
    }
    let surplus = match (paid, payment.thing) {
        (Paid::InVain, _) => payment.captured_minor,
        (_, Thing::Seat(seat)) => surplus(conn, seat).await?.min(payment.captured_minor),
        _ => 0,
    };
    if surplus > 0 {
        after.refunds.push(payments::pay_back(conn, &payment, surplus, RefundReason::PaidInVain, now).await?);
    }
    tell(conn, &payment, paid, now, &mut after).await?;
    Ok((paid, after))
}

/// What was paid for a booking beyond its price: twice, or by card and by credits.
async fn surplus(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select (greatest(0, coalesce(sum(p.captured_minor - p.refunded_minor), 0)::bigint
                - case when x.payment in ('on_site', 'link') then x.price_minor else 0 end)) as "surplus!"
        from seat x left join payment p on p.seat_id = x.id where x.id = $1 group by x.tenant_id, x.id
        "#,
        seat as SeatId,
    )
    .fetch_one(conn)
    .await
}

async fn lock(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<(Session, Held)> {
    let id = sqlx::query_scalar!(r#"select session_id as "id: SessionId" from seat where id = $1"#, seat as SeatId)
        .fetch_one(&mut *conn)
        .await?;
    let session = session::lock(conn, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    let held = sqlx::query_as!(
        Held,
        r#"select session_id as "session: SessionId", customer_id as "customer: CustomerId", state, places from seat where id = $1"#,
        seat as SeatId,
    )
    .fetch_one(conn)
    .await?;
    Ok((session, held))
}

async fn settle(
    conn: &mut PgConnection,
    session: &mut Session,
    seat: SeatId,
    held: &Held,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<Paid> {
    match held.state.as_str() {
        "booked" => Ok(Paid::Settled),
        "held" => {
            let awaited = sqlx::query_scalar!(
                "update seat set state = 'booked', hold_expires_at = null where id = $1 returning awaited_by",
                seat as SeatId,
            );
            after.waits.extend(awaited.fetch_one(&mut *conn).await?);
            after.waits.extend(waitlist::taken_by_payment(conn, seat, now).await?);
            Ok(Paid::Settled)
        }
        _ if session.is_cancelled || session.has_started(now) => Ok(Paid::InVain),
        _ => {
            // Who waits comes first, here too.
            waitlist::promote(conn, session, Vacancy::PassedOn, now, after).await?;
            let free = session.free() >= held.places && seat::clash(conn, held.customer, session).await?.is_none();
            Ok(if free && reseat(conn, seat).await? { Paid::Reseated } else { Paid::InVain })
        }
    }
}

/// Brings a given-up place back to life, if the database lets it: the customer may have another one by now.
async fn reseat(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<bool> {
    let mut savepoint = conn.begin().await?;
    let revived = sqlx::query!(
        "update seat set state = 'booked', cancelled_at = null, cancelled_by = null, late = false where id = $1",
        seat as SeatId,
    )
    .execute(&mut *savepoint)
    .await;
    match revived {
        Ok(_) => savepoint.commit().await.map(|()| true),
        Err(error) if error.as_database_error().is_some_and(|error| error.constraint().is_some()) => {
            savepoint.rollback().await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

async fn tell(
    conn: &mut PgConnection,
    payment: &Payment,
    paid: Paid,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    let told = notices::Plan {
        customer: payment.customer,
        kind: if paid == Paid::InVain { Kind::PaidInVain } else { Kind::PaymentReceived },
        subject: format!("payment:{}", payment.id),
        facts: json!({ "payment": payment.id, "paid": paid }),
        due_at: now,
        useful_until: None,
    };
    after.notices.extend(notices::plan(conn, told).await?);
    Ok(())
}

/// The time of a place that is held until it is paid is up. None: it was paid, given up, or has time left.
pub async fn release_hold(conn: &mut PgConnection, seat: SeatId, now: DateTime<Utc>) -> sqlx::Result<Option<After>> {
    let (mut session, held) = lock(conn, seat).await?;
    let over = sqlx::query_scalar!(
        r#"
        select state = 'held' and hold_expires_at <= $2
          and not exists (select from waitlist_entry e where e.seat_id = x.id and e.state = 'offered') as "over!"
        from seat x where id = $1
        "#,
        seat as SeatId,
        now,
    );
    if !over.fetch_one(&mut *conn).await? {
        return Ok(None);
    }
    let mut after = After::default();
    seat::give_back(conn, seat, By::Expiry, false, now).await?;
    session.booked -= held.places;
    for payment in payments::of_seat(conn, seat).await?.iter().filter(|payment| payment.is_open()) {
        payments::expire(conn, payment.id).await?;
        after.links.push(payment.id);
    }
    let told = notices::Plan {
        customer: held.customer,
        kind: Kind::HoldExpired,
        subject: format!("seat:{seat}"),
        facts: json!({ "seat": seat, "session": held.session }),
        due_at: now,
        useful_until: Some(session.starts_at),
    };
    after.notices.extend(notices::plan(conn, told).await?);
    waitlist::promote(conn, &mut session, Vacancy::Fresh, now, &mut after).await?;
    Ok(Some(after))
}

/// What a customer still has to pay for a booking, in minor units.
pub async fn owes(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<i64> {
    let owes = sqlx::query_scalar!(r#"select owed(x) as "owes!" from seat x where x.id = $1"#, seat as SeatId);
    owes.fetch_one(conn).await
}

/// Who pays for a booking that stands, and in which currency.
pub async fn payer(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Option<(CustomerId, String)>> {
    let row = sqlx::query!(
        r#"select customer_id as "customer: CustomerId", currency from seat where id = $1 and state <> 'cancelled'"#,
        seat as SeatId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.customer, row.currency)))
}

/// Until when a place is held, if it is. `workflow` is told when there is nothing to wait for any more.
pub async fn held_until(
    conn: &mut PgConnection,
    seat: SeatId,
    workflow: Option<i64>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    // Whoever ends the hold reads under this lock whom to tell.
    lock(conn, seat).await?;
    let until = sqlx::query_scalar!(
        "update seat set awaited_by = $2 where id = $1 and state = 'held' returning hold_expires_at",
        seat as SeatId,
        workflow,
    );
    Ok(until.fetch_optional(conn).await?.flatten())
}
