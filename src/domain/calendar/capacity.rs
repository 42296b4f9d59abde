//! A session gets more places, or fewer.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::no::agreed;
use super::{Answer, No, check};
use crate::after::After;
use crate::session::{self, Session};
use crate::waitlist::{self, Vacancy};
use crate::{CustomerId, SeatId, SessionId};

/// Why a session cannot be as small as was asked, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TooSmall {
    /// Which session.
    pub session: SessionId,
    /// Places that are held or booked: the smallest capacity there can be.
    pub booked: i32,
    /// How many wait for a place.
    pub waiting: i64,
    /// Who would have to give their places up, those who booked last first.
    pub latest: Vec<Latest>,
}

/// One who booked late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Latest {
    /// Their booking.
    pub seat: SeatId,
    /// Who.
    pub customer: CustomerId,
    /// How many places.
    pub places: i32,
    /// When they booked.
    pub booked_at: DateTime<Utc>,
}

/// Sets how many places a session has. New ones go to who waits.
pub async fn set_capacity(
    conn: &mut PgConnection,
    session: SessionId,
    capacity: i32,
    now: DateTime<Utc>,
) -> Answer<After> {
    match session::lock(conn, session).await? {
        None => Ok(Err(No::unknown("session"))),
        Some(session) if session.is_cancelled => Ok(Err(No::CalledOff)),
        Some(mut session) => resize(conn, &mut session, capacity, now).await,
    }
}

/// The same to a session that is locked.
pub(super) async fn resize(
    conn: &mut PgConnection,
    session: &mut Session,
    capacity: i32,
    now: DateTime<Utc>,
) -> Answer<After> {
    agreed!(check::numbers(None, Some(capacity), None));
    if capacity < session.booked {
        return too_small(conn, session, capacity).await.map(|told| Err(No::TooSmall(told)));
    }
    sqlx::query!("update session set capacity = $2 where id = $1", session.id as SessionId, capacity)
        .execute(&mut *conn)
        .await?;
    let grows = capacity > session.capacity;
    session.capacity = capacity;
    let mut after = After::default();
    if grows {
        waitlist::promote(conn, session, Vacancy::Fresh, now, &mut after).await?;
    }
    Ok(Ok(after))
}

async fn too_small(conn: &mut PgConnection, session: &Session, capacity: i32) -> sqlx::Result<TooSmall> {
    let waiting = waitlist::length(conn, session.id).await?;
    let latest = sqlx::query_as!(
        Latest,
        r#"
        select id as "seat!: SeatId", customer_id as "customer!: CustomerId", places as "places!", created_at as "booked_at!"
        from (select *, sum(places) over (order by created_at desc, id desc) - places as after_them
              from seat where session_id = $1 and state <> 'cancelled') x
        where after_them < $2 order by created_at desc, id desc
        "#,
        session.id as SessionId,
        i64::from(session.booked - capacity),
    )
    .fetch_all(conn)
    .await?;
    Ok(TooSmall { session: session.id, booked: session.booked, waiting, latest })
}
