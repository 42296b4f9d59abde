//! Weekly classes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::PgConnection;

use super::Page;
use crate::calendar::{Gap, Overlap};
use crate::{CrewId, LocationId, RoomId, RuleId, ServiceId};

/// A weekly class as the wall clock shows it.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it is of.
    pub service: ServiceId,
    /// Where.
    pub location: LocationId,
    /// Who leads it.
    pub crew: Option<CrewId>,
    /// In which room.
    pub room: Option<RoomId>,
    /// ISO: 1 is Monday.
    pub weekdays: Vec<i16>,
    /// By the wall clock.
    pub starts_at: NaiveTime,
    /// How long it lasts.
    pub minutes: i32,
    /// Places.
    pub capacity: i32,
    /// Base price of one place.
    pub price_minor: i64,
    /// The first local day.
    pub first_day: NaiveDate,
    /// The last one, if there is one.
    pub last_day: Option<NaiveDate>,
    /// What becomes of it when the clock skips its time.
    pub gap: Gap,
    /// Which of the two it is when the clock shows its time twice.
    pub overlap: Overlap,
    /// The rule that it took the place of.
    pub follows: Option<RuleId>,
}

/// A page of those that have not ended, oldest first.
pub async fn list(conn: &mut PgConnection, page: Page, now: DateTime<Utc>) -> sqlx::Result<Vec<Rule>> {
    let ids = sqlx::query_scalar!(
        "select r.id from session_rule r join tenant t on t.id = r.tenant_id
         where ($1::bigint is null or r.id > $1)
           and (r.valid_until is null or r.valid_until >= greatest(r.valid_from, ($3::timestamptz at time zone t.zone)::date))
         order by r.id limit $2",
        page.after,
        page.limit,
        now,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One of them, also one that has ended.
pub async fn one(conn: &mut PgConnection, id: RuleId) -> sqlx::Result<Option<Rule>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as!(
        Rule,
        r#"
        select id as "id: RuleId", service_id as "service: ServiceId", location_id as "location: LocationId",
               crew_id as "crew: CrewId", room_id as "room: RoomId", weekdays, starts_at, minutes, capacity, price_minor,
               valid_from as first_day, valid_until as last_day, gap as "gap: Gap", overlap as "overlap: Overlap",
               follows as "follows: RuleId"
        from session_rule where id = any($1) order by id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}
