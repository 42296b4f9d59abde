//! Joining and leaving.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::log::{Event, write};
use super::promote::{self, Vacancy, release};
use crate::after::After;
use crate::session;
use crate::{CustomerId, EntryId, ProposalId, SessionId};

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Their place in the list.
    pub entry: EntryId,
    /// 1 is next.
    pub position: i64,
}

/// What came of the wish to wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Joined {
    /// They wait.
    Waiting(Position),
    /// They did before.
    Already(Position),
    /// There is a place: nobody needs to wait.
    PlaceFree,
    /// They have a place.
    HasPlace,
    /// It is too late, or it does not take place.
    Closed,
    /// The tenant has no such session.
    Unknown,
}

/// Puts a customer at the end of a session's list.
pub async fn join(
    conn: &mut PgConnection,
    session: SessionId,
    customer: CustomerId,
    places: i32,
    proposal: Option<ProposalId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Joined> {
    let Some(session) = session::lock(conn, session).await? else { return Ok(Joined::Unknown) };
    if let Some(position) = position(conn, session.id, customer).await? {
        return Ok(Joined::Already(position));
    }
    // The time of an appointment that is given up is free again: nobody waits for its session.
    if session.is_cancelled || session.is_appointment || session.has_started(now) {
        return Ok(Joined::Closed);
    }
    let has_place = sqlx::query_scalar!(
        r#"select exists (select from seat where session_id = $1 and customer_id = $2 and state <> 'cancelled') as "has!""#,
        session.id as SessionId,
        customer as CustomerId,
    );
    if has_place.fetch_one(&mut *conn).await? {
        return Ok(Joined::HasPlace);
    }
    if session.free() >= places && !promote::waits(conn, session.id).await? {
        return Ok(Joined::PlaceFree);
    }
    let entry = sqlx::query_scalar!(
        r#"
        insert into waitlist_entry (session_id, customer_id, places, joined_at, proposal_id) values ($1, $2, $3, $4, $5)
        returning id as "id: EntryId"
        "#,
        session.id as SessionId,
        customer as CustomerId,
        places,
        now,
        proposal as Option<ProposalId>,
    )
    .fetch_one(&mut *conn)
    .await?;
    write(conn, entry, Event::Joined, None, now).await?;
    let position = position(conn, session.id, customer).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok(Joined::Waiting(position))
}

/// Where a customer stands in a session's list, if they wait.
pub async fn position(
    conn: &mut PgConnection,
    session: SessionId,
    customer: CustomerId,
) -> sqlx::Result<Option<Position>> {
    sqlx::query_as!(
        Position,
        r#"
        select e.id as "entry: EntryId",
               (select count(*) from waitlist_entry o where o.session_id = e.session_id and o.state in ('waiting', 'offered')
                and (o.missed, o.id) <= (e.missed, e.id)) as "position!"
        from waitlist_entry e where e.session_id = $1 and e.customer_id = $2 and e.state in ('waiting', 'offered')
        "#,
        session as SessionId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// What a customer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// A place in this session.
    pub session: SessionId,
    /// 1 is next.
    pub position: i64,
}

/// The lists that a customer is in, of sessions that are still to come, soonest first.
pub async fn of_customer(
    conn: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"
        select e.session_id as "session: SessionId",
               (select count(*) from waitlist_entry o where o.session_id = e.session_id and o.state in ('waiting', 'offered')
                and (o.missed, o.id) <= (e.missed, e.id)) as "position!"
        from waitlist_entry e join session s on s.id = e.session_id
        where e.customer_id = $1 and e.state in ('waiting', 'offered') and s.status = 'scheduled' and s.starts_at > $2
        order by s.starts_at, e.id
        "#,
        customer as CustomerId,
        now,
    )
    .fetch_all(conn)
    .await
}

/// How many wait for a place in a session.
pub async fn length(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "length!" from waitlist_entry where session_id = $1 and state in ('waiting', 'offered')"#,
        session as SessionId,
    )
    .fetch_one(conn)
    .await
}

/// What came of the wish not to wait any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Left {
    /// They are off the list; what was held for them is passed on.
    Left {
        /// What is to be done about those who come next.
        after: After,
    },
    /// They do not wait.
    NotWaiting,
}

/// Takes a customer off the list.
pub async fn leave(
    conn: &mut PgConnection,
    entry: EntryId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Left> {
    let Some(found) = super::load(conn, entry).await?.filter(|entry| entry.customer == customer) else {
        return Ok(Left::NotWaiting);
    };
    let mut session = session::lock(conn, found.session).await?.ok_or(sqlx::Error::RowNotFound)?;
    let entry = super::load(conn, entry).await?.ok_or(sqlx::Error::RowNotFound)?;
    if !matches!(entry.state.as_str(), "waiting" | "offered") {
        return Ok(Left::NotWaiting);
    }
    let mut after = After { waits: entry.awaited_by.into_iter().collect(), ..After::default() };
    if entry.state == "offered" {
        release(conn, &mut session, &entry, now).await?;
    }
    set_state(conn, entry.id, "left").await?;
    write(conn, entry.id, Event::Left, None, now).await?;
    promote::promote(conn, &mut session, Vacancy::PassedOn, now, &mut after).await?;
    Ok(Left::Left { after })
}

pub(super) async fn set_state(conn: &mut PgConnection, entry: EntryId, state: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update waitlist_entry set state = $2, offer_expires_at = null where id = $1",
        entry as EntryId,
        state,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the list of a session that was called off. What was held for an offer is given up with the other places. Returns
/// the workflows that wait for the end of an offer.
pub(crate) async fn close(conn: &mut PgConnection, session: SessionId, now: DateTime<Utc>) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"
        with closed as (
          update waitlist_entry set state = 'closed', offer_expires_at = null
          where session_id = $1 and state in ('waiting', 'offered') returning id, awaited_by
        ), logged as (
          insert into waitlist_log (entry_id, event, reason, at)
          select id, 'closed', 'the session was called off', $2 from closed order by id
        )
        select awaited_by as "awaited_by!" from closed where awaited_by is not null order by id
        "#,
        session as SessionId,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Ends the lists of sessions that have begun or were called off. Returns how many waited in vain.
pub async fn close_started(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let closed = sqlx::query!(
        "with closed as (
           update waitlist_entry e set state = 'closed' from session s
           where s.id = e.session_id and e.state = 'waiting' and (s.starts_at <= $1 or s.status = 'cancelled') returning e.id
         )
         insert into waitlist_log (entry_id, event, at) select id, 'closed', $1 from closed",
        now,
    )
    .execute(conn)
    .await?;
    Ok(closed.rows_affected())
}
