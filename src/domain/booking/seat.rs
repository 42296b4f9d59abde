//! Seats: the rows that are the bookings. The database decides whether there is room (`session_not_overbooked`) and
//! whether somebody has a place already (`seat_one_active_per_customer`).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

use super::refusal::Refusal;
use crate::session::Session;
use crate::{CustomerId, Money, ProposalId, QuoteId, SeatId, SessionId, entitlements, refunds};

/// Who asked for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Via {
    /// The customer, in the chat.
    Customer,
    /// Somebody of the staff.
    Staff,
    /// A program of the tenant.
    Api,
    /// The waiting list.
    Waitlist,
}

/// How a place is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Way {
    /// At the desk, or with a link that is asked for.
    OnSite,
    /// With a link, before it is booked.
    Link,
    /// With credits.
    Credits,
    /// With a membership.
    Membership,
    /// It costs nothing.
    None,
}

/// Who gave a place up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum By {
    /// The one who had it.
    Customer,
    /// The business.
    Business,
    /// Nobody: the time was up.
    Expiry,
    /// It was exchanged for another one.
    Move,
}

/// A place that somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub customer: CustomerId,
    pub places: i32,
    pub via: Via,
    /// Of all places together.
    pub total: Money,
    pub quote: Option<QuoteId>,
    pub proposal: Option<ProposalId>,
    pub moved_from: Option<SeatId>,
    pub settled: Settled,
}

/// How a place is to be settled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Settled {
    /// With what the customer has, else as the session asks.
    Asks,
    /// Not yet: it is held for an offer.
    Held(DateTime<Utc>),
}

/// A place that somebody has, or that is held for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The seat.
    pub seat: SeatId,
    /// Until when it is held, if it is not booked.
    pub held_until: Option<DateTime<Utc>>,
    /// How it is paid.
    pub payment: Way,
    /// What it costs, all places together.
    pub total: Money,
}

/// Takes a place, paid with what the customer has; else it is held until it is paid, or booked and paid on site. A
/// savepoint keeps the transaction alive when the database says no.
pub(crate) async fn take(
    conn: &mut PgConnection,
    session: &Session,
    claim: &Claim,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<Place, Refusal>> {
    let mut savepoint = conn.begin().await?;
    let spent = match claim.total.minor {
        0 => None,
        _ => entitlements::spend(&mut savepoint, session, claim.customer, claim.places).await?,
    };
    let (payment, held_until) = match &spent {
        Some(spent) if spent.is_credit => (Way::Credits, None),
        Some(_) => (Way::Membership, None),
        None => unpaid(session, claim.total.minor, claim.via, now),
    };
    match write(&mut savepoint, session, claim, payment, held_until, now).await? {
        Ok(seat) => {
            if let Some(spent) = spent {
                entitlements::record(&mut savepoint, spent, seat, &session.currency, now).await?;
            }
            savepoint.commit().await?;
            Ok(Ok(Place { seat, held_until, payment, total: claim.total.clone() }))
        }
        Err(refusal) => {
            savepoint.rollback().await?;
            Ok(Err(refusal))
        }
    }
}

/// How a place that nothing covers is paid. Staff book first and take the money then.
fn unpaid(session: &Session, total_minor: i64, via: Via, now: DateTime<Utc>) -> (Way, Option<DateTime<Utc>>) {
    if total_minor == 0 {
        (Way::None, None)
    } else if session.prepaid && via != Via::Staff {
        let until = now + TimeDelta::minutes(session.terms.hold_minutes.into());
        (Way::Link, Some(until.min(session.starts_at)))
    } else {
        (Way::OnSite, None)
    }
}

/// Holds a place for an offer.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    session: &Session,
    claim: &Claim,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<SeatId, Refusal>> {
    let Settled::Held(until) = claim.settled else {
        return Ok(take(conn, session, claim, now).await?.map(|place| place.seat));
    };
    let mut savepoint = conn.begin().await?;
    let written = write(&mut savepoint, session, claim, Way::OnSite, Some(until), now).await?;
    match written {
        Ok(_) => savepoint.commit().await?,
        Err(_) => savepoint.rollback().await?,
    }
    Ok(written)
}

async fn write(
    conn: &mut PgConnection,
    session: &Session,
    claim: &Claim,
    payment: Way,
    held_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<SeatId, Refusal>> {
    let policy = refunds::in_force(conn, now).await?;
    let written = sqlx::query_scalar!(
        r#"
        insert into seat (session_id, customer_id, state, places, price_minor, currency, proposal_id, created_at, hold_expires_at,
                          via, payment, quote_id, refund_policy_id, moved_from)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id as "id: SeatId"
        "#,
        session.id as SessionId,
        claim.customer as CustomerId,
        if held_until.is_some() { "held" } else { "booked" },
        claim.places,
        claim.total.minor,
        claim.total.currency,
        claim.proposal as Option<ProposalId>,
        now,
        held_until,
        claim.via as Via,
        payment as Way,
        claim.quote as Option<QuoteId>,
        policy,
        claim.moved_from as Option<SeatId>,
    )
    .fetch_one(conn)
    .await;
    match written {
        Ok(seat) => Ok(Ok(seat)),
        Err(error) => refused(&error).map(Err).ok_or(error),
    }
}

fn refused(error: &sqlx::Error) -> Option<Refusal> {
    match error.as_database_error()?.constraint()? {
        "session_not_overbooked" => Some(Refusal::Full),
        "seat_one_active_per_customer" => Some(Refusal::AlreadyBooked),
        _ => None,
    }
}

/// Makes a place that was held for an offer theirs: booked, or held on until it is paid.
pub(crate) async fn settle_held(
    conn: &mut PgConnection,
    session: &Session,
    seat: SeatId,
    now: DateTime<Utc>,
) -> sqlx::Result<Place> {
    let row = sqlx::query!(
        r#"select customer_id as "customer: CustomerId", places, price_minor from seat where id = $1 for no key update"#,
        seat as SeatId,
    )
    .fetch_one(&mut *conn)
    .await?;
    let spent = match row.price_minor {
        0 => None,
        _ => entitlements::spend(conn, session, row.customer, row.places).await?,
    };
    let (payment, held_until) = match &spent {
        Some(spent) if spent.is_credit => (Way::Credits, None),
        Some(_) => (Way::Membership, None),
        None => unpaid(session, row.price_minor, Via::Waitlist, now),
    };
    if let Some(spent) = spent {
        entitlements::record(conn, spent, seat, &session.currency, now).await?;
    }
    sqlx::query!(
        "update seat set state = $2, hold_expires_at = $3, payment = $4 where id = $1",
        seat as SeatId,
        if held_until.is_some() { "held" } else { "booked" },
        held_until,
        payment as Way,
    )
    .execute(&mut *conn)
    .await?;
    place(conn, seat).await
}

/// The place as it stands.
pub(crate) async fn place(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Place> {
    let row = sqlx::query!(
        r#"select hold_expires_at, payment as "payment: Way", price_minor, currency from seat where id = $1"#,
        seat as SeatId,
    )
    .fetch_one(conn)
    .await?;
    let total = Money::new(row.price_minor, row.currency);
    Ok(Place { seat, held_until: row.hold_expires_at, payment: row.payment, total })
}

/// Gives a seat back. False when that had been done before. The session of an appointment goes with it, and its time is
/// free again.
pub(crate) async fn give_back(
    conn: &mut PgConnection,
    seat: SeatId,
    by: By,
    late: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let freed = sqlx::query!(
        "update seat set state = 'cancelled', cancelled_at = $2, cancelled_by = $3, late = $4, hold_expires_at = null,
                checked_in_at = null, no_show_at = null
         where id = $1 and state <> 'cancelled'",
        seat as SeatId,
        now,
        by as By,
        late,
    )
    .execute(&mut *conn)
    .await?;
    if freed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "update session s set status = 'cancelled', cancelled_at = $2, cancel_reason = 'the appointment was given up'
         from seat x, service v
         where x.id = $1 and s.id = x.session_id and v.id = s.service_id and v.kind = 'appointment'
           and s.rule_id is null and s.booked = 0 and s.status = 'scheduled'",
        seat as SeatId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// A place of this customer in another session at the same time.
pub(crate) async fn clash(
    conn: &mut PgConnection,
    customer: CustomerId,
    session: &Session,
) -> sqlx::Result<Option<SeatId>> {
    sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from seat x join session s on s.id = x.session_id
        where x.customer_id = $1 and x.state <> 'cancelled' and s.status = 'scheduled' and s.id <> $2
          and s.starts_at < $4 and s.ends_at > $3
        limit 1
        "#,
        customer as CustomerId,
        session.id as SessionId,
        session.starts_at,
        session.ends_at,
    )
    .fetch_optional(conn)
    .await
}

/// The seat that this customer has in this session.
pub(super) async fn active(
    conn: &mut PgConnection,
    session: SessionId,
    customer: CustomerId,
) -> sqlx::Result<Option<SeatId>> {
    sqlx::query_scalar!(
        r#"select id as "id: SeatId" from seat where session_id = $1 and customer_id = $2 and state <> 'cancelled'"#,
        session as SessionId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// The seat that a proposal led to, and whether it still stands.
pub(super) async fn of_proposal(conn: &mut PgConnection, proposal: ProposalId) -> sqlx::Result<Option<(SeatId, bool)>> {
    let row = sqlx::query!(
        r#"select id as "id: SeatId", state <> 'cancelled' as "stands!" from seat where proposal_id = $1"#,
        proposal as ProposalId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.stands)))
}

/// A seat of this customer: its session, and whether it stands.
pub(super) async fn of_customer(
    conn: &mut PgConnection,
    seat: SeatId,
    customer: CustomerId,
) -> sqlx::Result<Option<(SessionId, bool)>> {
    let row = sqlx::query!(
        r#"
        select session_id as "session: SessionId", state <> 'cancelled' as "stands!" from seat
        where id = $1 and customer_id = $2
        "#,
        seat as SeatId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.session, row.stands)))
}
