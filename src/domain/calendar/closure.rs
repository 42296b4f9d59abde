//! Days on which nothing takes place.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::no::agreed;
use super::{Answer, No, check, lock};
use crate::{ClosureId, LocationId, SessionId};

struct Closure {
    location: Option<LocationId>,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// The closures that touch some days.
pub(super) struct Closures(Vec<Closure>);

impl Closures {
    /// Those that touch these days.
    pub async fn load(conn: &mut PgConnection, days: &[NaiveDate]) -> sqlx::Result<Self> {
        let all = sqlx::query_as!(
            Closure,
            r#"
            select location_id as "location: LocationId", first_day, last_day from closure
            where first_day <= $2 and last_day >= $1
            "#,
            days.iter().min(),
            // A start that the clock skips may be on the day after.
            days.iter().max().and_then(NaiveDate::succ_opt),
        );
        all.fetch_all(conn).await.map(Self)
    }

    /// Whether this location is closed on this day.
    pub fn has(&self, day: NaiveDate, location: LocationId) -> bool {
        let here = |closure: &Closure| closure.location.is_none_or(|closed| closed == location);
        self.0.iter().any(|closure| here(closure) && (closure.first_day..=closure.last_day).contains(&day))
    }
}

/// Days that were closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closing {
    /// The closure.
    pub closure: ClosureId,
    /// The sessions that fall into it: they are to be called off.
    pub sessions: Vec<SessionId>,
}

/// Closes one location or everything on some local days: nothing is made for them any more. What is there already is
/// told, to be called off.
pub async fn close(
    conn: &mut PgConnection,
    days: RangeInclusive<NaiveDate>,
    location: Option<LocationId>,
    reason: &str,
    now: DateTime<Utc>,
) -> Answer<Closing> {
    lock(conn).await?;
    if days.is_empty() {
        return Ok(Err(No::invalid("last_day", "write a day that is not before first_day")));
    }
    if let Some(location) = location {
        agreed!(check::location(conn, location).await?);
    }
    let closure = sqlx::query_scalar!(
        r#"
        insert into closure (location_id, first_day, last_day, reason) values ($1, $2, $3, $4)
        returning id as "id: ClosureId"
        "#,
        location as Option<LocationId>,
        days.start(),
        days.end(),
        reason,
    )
    .fetch_one(&mut *conn)
    .await?;
    let sessions = in_closure(conn, closure, now).await?.map_or_else(Vec::new, |closed| closed.sessions);
    Ok(Ok(Closing { closure, sessions }))
}

/// What a closure means for the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InClosure {
    /// Why it is closed.
    pub reason: String,
    /// What was to begin in it and has not been called off, soonest first.
    pub sessions: Vec<SessionId>,
}

/// The sessions that fall into a closure and have not begun. None: the tenant has no such closure.
pub async fn in_closure(
    conn: &mut PgConnection,
    closure: ClosureId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<InClosure>> {
    let reason = sqlx::query_scalar!("select reason from closure where id = $1", closure as ClosureId);
    let Some(reason) = reason.fetch_optional(&mut *conn).await? else { return Ok(None) };
    let sessions = sqlx::query_scalar!(
        r#"
        select s.id as "id: SessionId"
        from closure c join tenant t on t.id = c.tenant_id
        join session s on s.starts_at >= c.first_day::timestamp at time zone t.zone - interval '1 day'
          and s.starts_at < (c.last_day + 1)::timestamp at time zone t.zone + interval '1 day'
          and (s.starts_at at time zone t.zone)::date between c.first_day and c.last_day
        where c.id = $1 and s.status = 'scheduled' and s.starts_at > $2
          and (c.location_id is null or c.location_id = s.location_id)
        order by s.starts_at, s.id
        "#,
        closure as ClosureId,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(InClosure { reason, sessions }))
}
