//! Moving up: free places go to those who wait, in their order.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::Entry;
use super::log::{Event, write};
use crate::after::After;
use crate::booking::seat::{self, Claim, Settled};
use crate::notices::{self, Kind};
use crate::session::{Mode, Session};
use crate::{CustomerId, EntryId, SeatId, SessionId, booking::Via, pricing};

/// An offer stands at least so long.
const SHORTEST_CLAIM: TimeDelta = TimeDelta::minutes(5);
/// An offer takes at most this part of the time that is left before nobody is moved up any more.
const PART: i32 = 8;

/// Whether somebody waits for a place in this session.
pub(crate) async fn waits(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from waitlist_entry where session_id = $1 and state = 'waiting') as "waits!""#,
        session as SessionId,
    )
    .fetch_one(conn)
    .await
}

/// How a place came to be free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vacancy {
    /// Somebody gave it up, or there are more places: everybody who waits may have it.
    Fresh,
    /// Somebody did not take it: those who missed an offer are not asked again about the same place.
    PassedOn,
}

/// Gives or offers free places to those who wait, as the house does it. The session is locked; what it counts as booked is
/// kept in step. Who cannot be moved up is passed over with a reason, and keeps their place.
pub(crate) async fn promote(
    conn: &mut PgConnection,
    session: &mut Session,
    vacancy: Vacancy,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    if session.is_cancelled || session.is_past_cutoff(now) || session.free() <= 0 {
        return Ok(());
    }
    for entry in queue(conn, session.id).await? {
        if session.free() <= 0 {
            break;
        }
        if vacancy == Vacancy::PassedOn && entry.missed > 0 {
            continue;
        }
        if let Some(reason) = obstacle(conn, session, &entry).await? {
            write(conn, entry.id, Event::Skipped, Some(reason), now).await?;
            continue;
        }
        match session.terms.waitlist {
            Mode::Notify => tell(conn, session, &entry, now, after).await?,
            Mode::Offer => offer(conn, session, &entry, now, after).await?,
            Mode::Auto => give(conn, session, &entry, now, after).await?,
        }
    }
    Ok(())
}

async fn queue(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"
        select id as "id: EntryId", session_id as "session: SessionId", customer_id as "customer: CustomerId", places, state,
               seat_id as "seat: SeatId", offer_expires_at, missed, awaited_by
        from waitlist_entry where session_id = $1 and state = 'waiting' order by missed, id
        "#,
        session as SessionId,
    )
    .fetch_all(conn)
    .await
}

/// Why somebody cannot be moved up now.
async fn obstacle(conn: &mut PgConnection, session: &Session, entry: &Entry) -> sqlx::Result<Option<&'static str>> {
    if entry.places > session.free() {
        return Ok(Some("more places are wanted than are free"));
    }
    let blocked = sqlx::query_scalar!(
        r#"select blocked_at is not null or erased_at is not null as "blocked!" from customer where id = $1"#,
        entry.customer as CustomerId,
    );
    if blocked.fetch_one(&mut *conn).await? {
        return Ok(Some("the customer is blocked"));
    }
    if seat::clash(conn, entry.customer, session).await?.is_some() {
        return Ok(Some("has another booking at that time"));
    }
    Ok(None)
}

/// Tells everybody, once for each time that places become free.
async fn tell(
    conn: &mut PgConnection,
    session: &Session,
    entry: &Entry,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    // What was told is not told again before somebody took the place and gave it back.
    let subject = format!("entry:{}:{}", entry.id, session.booked);
    let notice = notice(entry, Kind::PlaceFree, subject, session, now);
    if let Some(notice) = notices::plan(conn, notice).await? {
        after.notices.push(notice);
        write(conn, entry.id, Event::Told, None, now).await?;
    }
    Ok(())
}

/// Holds a place until it is taken or the time is up.
async fn offer(
    conn: &mut PgConnection,
    session: &mut Session,
    entry: &Entry,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    let until = claim_until(session, now);
    let price = pricing::quote(conn, session, entry.customer, entry.places, now).await?;
    let claim = Claim::of_waitlist(entry, &price, Settled::Held(until));
    let Ok(seat) = seat::insert(conn, session, &claim, now).await? else {
        return write(conn, entry.id, Event::Skipped, Some("has a place in it"), now).await;
    };
    session.booked += entry.places;
    sqlx::query!(
        "update waitlist_entry set state = 'offered', seat_id = $2, offer_expires_at = $3 where id = $1",
        entry.id as EntryId,
        seat as SeatId,
        until,
    )
    .execute(&mut *conn)
    .await?;
    write(conn, entry.id, Event::Offered, None, now).await?;
    let mut plan = notice(entry, Kind::WaitlistOffer, format!("seat:{seat}"), session, now);
    plan.facts = json!({ "entry": entry.id, "seat": seat });
    plan.useful_until = Some(until);
    after.notices.extend(notices::plan(conn, plan).await?);
    after.offers.push(entry.id);
    Ok(())
}

/// The window to claim a place shrinks as the session comes near.
fn claim_until(session: &Session, now: DateTime<Utc>) -> DateTime<Utc> {
    let cutoff = session.starts_at - TimeDelta::minutes(session.terms.cutoff_minutes.into());
    let most = TimeDelta::minutes(session.terms.claim_minutes.into());
    now + most.min((cutoff - now) / PART).max(SHORTEST_CLAIM)
}

/// Books the place; where it must be paid first, holds it until it is.
async fn give(
    conn: &mut PgConnection,
    session: &mut Session,
    entry: &Entry,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    let price = pricing::quote(conn, session, entry.customer, entry.places, now).await?;
    let claim = Claim::of_waitlist(entry, &price, Settled::Asks);
    let Ok(place) = seat::take(conn, session, &claim, now).await? else {
        return write(conn, entry.id, Event::Skipped, Some("has a place in it"), now).await;
    };
    session.booked += entry.places;
    promoted(conn, entry.id, place.seat).await?;
    write(conn, entry.id, Event::Promoted, None, now).await?;
    let mut plan = notice(entry, Kind::WaitlistPromoted, format!("seat:{}", place.seat), session, now);
    plan.facts = json!({ "seat": place.seat });
    after.notices.extend(notices::plan(conn, plan).await?);
    if place.held_until.is_some() {
        after.holds.push(place.seat);
    }
    Ok(())
}

pub(super) async fn promoted(conn: &mut PgConnection, entry: EntryId, seat: SeatId) -> sqlx::Result<()> {
    sqlx::query!(
        "update waitlist_entry set state = 'promoted', seat_id = $2, offer_expires_at = null where id = $1",
        entry as EntryId,
        seat as SeatId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn notice(entry: &Entry, kind: Kind, subject: String, session: &Session, now: DateTime<Utc>) -> notices::Plan {
    notices::Plan {
        customer: entry.customer,
        kind,
        subject,
        facts: json!({ "session": session.id }),
        due_at: now,
        useful_until: Some(session.starts_at),
    }
}

/// Gives up the place that is held for an offer.
pub(super) async fn release(
    conn: &mut PgConnection,
    session: &mut Session,
    entry: &Entry,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(seat) = entry.seat else { return Ok(()) };
    if seat::give_back(conn, seat, seat::By::Expiry, false, now).await? {
        session.booked -= entry.places;
    }
    Ok(())
}

impl Claim {
    fn of_waitlist(entry: &Entry, price: &pricing::Quote, settled: Settled) -> Self {
        Self {
            customer: entry.customer,
            places: entry.places,
            via: Via::Waitlist,
            total: price.total.clone(),
            quote: Some(price.id),
            proposal: None,
            moved_from: None,
            settled,
        }
    }
}
