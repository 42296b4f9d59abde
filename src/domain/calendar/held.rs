//! A session as an edit sees it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::No;
use crate::{CrewId, LocationId, RoomId, RuleId, ServiceId, SessionId};

/// A session, locked until the transaction ends.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub id: SessionId,
    pub service: ServiceId,
    pub location: LocationId,
    pub crew: Option<CrewId>,
    pub room: Option<RoomId>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub price_minor: i64,
    pub is_cancelled: bool,
    pub rule: Option<RuleId>,
    pub rule_day: Option<NaiveDate>,
}

/// Locks these sessions, in the order of their ids.
pub(super) async fn lock(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Held>> {
    sqlx::query_as!(
        Held,
        r#"
        select id as "id: SessionId", service_id as "service: ServiceId", location_id as "location: LocationId",
               crew_id as "crew: CrewId", room_id as "room: RoomId", starts_at, ends_at, price_minor,
               status = 'cancelled' as "is_cancelled!", rule_id as "rule: RuleId", rule_day
        from session where id = any($1) order by id for no key update
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// Locks the sessions of a rule, from this day of it on, that can still be changed.
pub(super) async fn lock_from(
    conn: &mut PgConnection,
    rule: RuleId,
    first: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Held>> {
    let ids = sqlx::query_scalar!(
        "select id from session where rule_id = $1 and rule_day >= $2 and status = 'scheduled' and starts_at > $3",
        rule as RuleId,
        first,
        now,
    );
    let ids = ids.fetch_all(&mut *conn).await?;
    let mut sessions = lock(conn, &ids).await?;
    sessions.retain(|session| session.is_open(now).is_ok());
    Ok(sessions)
}

impl Held {
    /// Whether it can still be changed.
    pub fn is_open(&self, now: DateTime<Utc>) -> Result<(), No> {
        if self.is_cancelled {
            Err(No::CalledOff)
        } else if self.starts_at <= now {
            Err(No::Started)
        } else {
            Ok(())
        }
    }
}
