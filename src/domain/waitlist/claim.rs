//! Taking what was offered, or letting it go.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::join::set_state;
use super::log::{Event, write};
use super::promote::{self, Vacancy, promoted, release};
use super::{Entry, load};
use crate::after::After;
use crate::booking::seat::{self, Place};
use crate::notices::{self, Kind};
use crate::session::{self, Session};
use crate::{CustomerId, EntryId, SeatId};

/// What came of taking an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Claimed {
    /// The place is theirs, or held until it is paid.
    Taken {
        /// The place.
        place: Place,
        /// What is to be done.
        after: After,
    },
    /// The time was up and somebody else is asked: they are in the list again, where they were.
    TooLate {
        /// What is to be done.
        after: After,
    },
    /// The session has begun or was called off.
    Closed,
    /// Nothing was offered to this customer.
    NotOffered,
}

/// Takes the place that is held for somebody who waited. One who comes too late gets their turn back.
pub async fn claim(
    conn: &mut PgConnection,
    entry: EntryId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Claimed> {
    let Some((mut session, entry)) = locked(conn, entry, customer).await? else { return Ok(Claimed::NotOffered) };
    match (entry.state.as_str(), entry.seat) {
        ("promoted", Some(seat)) => {
            let place = seat::place(conn, seat).await?;
            Ok(Claimed::Taken { place, after: After::default() })
        }
        ("waiting", _) => turn_up(conn, &mut session, &entry, After::default(), now).await,
        ("offered", Some(seat)) if session.is_cancelled || session.has_started(now) => {
            seat::give_back(conn, seat, seat::By::Expiry, false, now).await?;
            set_state(conn, entry.id, "closed").await?;
            write(conn, entry.id, Event::Closed, None, now).await?;
            Ok(Claimed::Closed)
        }
        ("offered", Some(_)) if entry.offer_expires_at.is_some_and(|until| until <= now) => {
            let mut after = After { waits: entry.awaited_by.into_iter().collect(), ..After::default() };
            run_out(conn, &mut session, &entry, now, &mut after).await?;
            turn_up(conn, &mut session, &entry, after, now).await
        }
        ("offered", Some(seat)) => {
            let after = After { waits: entry.awaited_by.into_iter().collect(), ..After::default() };
            taken(conn, &session, entry.id, seat, after, now).await
        }
        ("closed", _) => Ok(Claimed::Closed),
        _ => Ok(Claimed::NotOffered),
    }
}

async fn taken(
    conn: &mut PgConnection,
    session: &Session,
    entry: EntryId,
    seat: SeatId,
    mut after: After,
    now: DateTime<Utc>,
) -> sqlx::Result<Claimed> {
    let place = seat::settle_held(conn, session, seat, now).await?;
    promoted(conn, entry, seat).await?;
    write(conn, entry, Event::Accepted, None, now).await?;
    if place.held_until.is_some() {
        after.holds.push(seat);
    }
    Ok(Claimed::Taken { place, after })
}

/// One who missed an offer is there now: they have their turn again, and the place if nobody else has it.
async fn turn_up(
    conn: &mut PgConnection,
    session: &mut Session,
    entry: &Entry,
    mut after: After,
    now: DateTime<Utc>,
) -> sqlx::Result<Claimed> {
    sqlx::query!("update waitlist_entry set missed = 0 where id = $1", entry.id as EntryId).execute(&mut *conn).await?;
    promote::promote(conn, session, Vacancy::PassedOn, now, &mut after).await?;
    match load(conn, entry.id).await? {
        Some(Entry { state, seat: Some(seat), .. }) if state == "offered" => {
            taken(conn, session, entry.id, seat, After::default(), now).await
        }
        _ => Ok(Claimed::TooLate { after }),
    }
}

/// What came of letting an offer go, or of its time being up.
pub async fn pass(
    conn: &mut PgConnection,
    entry: EntryId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<After>> {
    let Some((mut session, entry)) = locked(conn, entry, customer).await? else { return Ok(None) };
    if !matches!(entry.state.as_str(), "offered" | "waiting") {
        return Ok(None);
    }
    let mut after = After { waits: entry.awaited_by.into_iter().collect(), ..After::default() };
    release(conn, &mut session, &entry, now).await?;
    set_state(conn, entry.id, "left").await?;
    write(conn, entry.id, Event::Declined, None, now).await?;
    promote::promote(conn, &mut session, Vacancy::PassedOn, now, &mut after).await?;
    Ok(Some(after))
}

/// The time of an offer is up: the place goes to the next. None: it was taken, let go, or has time left.
pub async fn expire(conn: &mut PgConnection, entry: EntryId, now: DateTime<Utc>) -> sqlx::Result<Option<After>> {
    let Some(found) = load(conn, entry).await? else { return Ok(None) };
    let Some((mut session, entry)) = locked(conn, entry, found.customer).await? else { return Ok(None) };
    if entry.state != "offered" || entry.offer_expires_at.is_none_or(|until| until > now) {
        return Ok(None);
    }
    let mut after = After::default();
    run_out(conn, &mut session, &entry, now, &mut after).await?;
    Ok(Some(after))
}

/// The offer could not be told: the place goes to the next at once.
pub async fn withdraw(conn: &mut PgConnection, entry: EntryId, now: DateTime<Utc>) -> sqlx::Result<Option<After>> {
    let Some(found) = load(conn, entry).await? else { return Ok(None) };
    let Some((mut session, entry)) = locked(conn, entry, found.customer).await? else { return Ok(None) };
    if entry.state != "offered" {
        return Ok(None);
    }
    let mut after = After { waits: entry.awaited_by.into_iter().collect(), ..After::default() };
    release(conn, &mut session, &entry, now).await?;
    back_to_waiting(conn, entry.id).await?;
    write(conn, entry.id, Event::Undeliverable, None, now).await?;
    promote::promote(conn, &mut session, Vacancy::PassedOn, now, &mut after).await?;
    Ok(Some(after))
}

async fn run_out(
    conn: &mut PgConnection,
    session: &mut Session,
    entry: &Entry,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    release(conn, session, entry, now).await?;
    back_to_waiting(conn, entry.id).await?;
    write(conn, entry.id, Event::Expired, None, now).await?;
    let told = notices::Plan {
        customer: entry.customer,
        kind: Kind::OfferExpired,
        subject: format!("entry:{}:{}", entry.id, entry.missed),
        facts: serde_json::json!({ "session": entry.session, "entry": entry.id }),
        due_at: now,
        useful_until: Some(session.starts_at),
    };
    after.notices.extend(notices::plan(conn, told).await?);
    promote::promote(conn, session, Vacancy::PassedOn, now, after).await
}

/// Waits again, after everybody who has missed fewer offers.
async fn back_to_waiting(conn: &mut PgConnection, entry: EntryId) -> sqlx::Result<()> {
    sqlx::query!(
        "update waitlist_entry set state = 'waiting', seat_id = null, offer_expires_at = null, awaited_by = null, missed = missed + 1 where id = $1",
        entry as EntryId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The entry of this customer under the lock of its session.
async fn locked(
    conn: &mut PgConnection,
    entry: EntryId,
    customer: CustomerId,
) -> sqlx::Result<Option<(Session, Entry)>> {
    let Some(found) = load(conn, entry).await?.filter(|entry| entry.customer == customer) else { return Ok(None) };
    let session = session::lock(conn, found.session).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok(load(conn, entry).await?.map(|entry| (session, entry)))
}

/// The place that an offer holds.
pub(crate) async fn entry_of_seat(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Option<EntryId>> {
    sqlx::query_scalar!(
        r#"select id as "id: EntryId" from waitlist_entry where seat_id = $1 and state = 'offered'"#,
        seat as SeatId,
    )
    .fetch_optional(conn)
    .await
}

/// Until when an offer stands, if it does. `workflow` is told when there is nothing to wait for any more.
pub async fn offered_until(
    conn: &mut PgConnection,
    entry: EntryId,
    workflow: Option<i64>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    // Whoever ends the offer reads under this lock whom to tell.
    let Some(found) = load(conn, entry).await? else { return Ok(None) };
    session::lock(conn, found.session).await?;
    let until = sqlx::query_scalar!(
        "update waitlist_entry set awaited_by = $2 where id = $1 and state = 'offered' returning offer_expires_at",
        entry as EntryId,
        workflow,
    );
    Ok(until.fetch_optional(conn).await?.flatten())
}

/// Who pays for a place that is offered to them takes it. Returns the workflow that waits for the end of the offer.
pub(crate) async fn taken_by_payment(
    conn: &mut PgConnection,
    seat: SeatId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let Some(id) = entry_of_seat(conn, seat).await? else { return Ok(None) };
    let workflow = load(conn, id).await?.and_then(|entry| entry.awaited_by);
    promoted(conn, id, seat).await?;
    write(conn, id, Event::Accepted, None, now).await?;
    Ok(workflow)
}
