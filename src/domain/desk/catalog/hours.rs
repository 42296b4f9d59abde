//! When the crew can be had for appointments.

use chrono::NaiveTime;
use sqlx::PgConnection;

use super::Page;
use crate::calendar::No;
use crate::{CrewId, LocationId, RoomId};

/// Hours of one of the crew, by the wall clock.
#[derive(Debug, Clone)]
pub struct Hours {
    /// Their id.
    pub id: i64,
    /// Whose.
    pub crew: CrewId,
    /// Where.
    pub location: LocationId,
    /// In which room.
    pub room: Option<RoomId>,
    /// ISO: 1 is Monday.
    pub weekdays: Vec<i16>,
    /// From then on.
    pub from: NaiveTime,
    /// What is booked ends by then.
    pub until: NaiveTime,
}

/// Hours to be.
#[derive(Debug, Clone)]
pub struct NewHours {
    /// Whose.
    pub crew: CrewId,
    /// Where.
    pub location: LocationId,
    /// In which room.
    pub room: Option<RoomId>,
    /// ISO: 1 is Monday.
    pub weekdays: Vec<i16>,
    /// From then on.
    pub from: NaiveTime,
    /// What is booked ends by then.
    pub until: NaiveTime,
}

/// A page of them, oldest first.
pub async fn hours(conn: &mut PgConnection, page: Page) -> sqlx::Result<Vec<Hours>> {
    sqlx::query_as!(
        Hours,
        r#"
        select id, crew_id as "crew: CrewId", location_id as "location: LocationId", room_id as "room: RoomId", weekdays,
               from_time as "from", until_time as until
        from working_hours where ($1::bigint is null or id > $1) order by id limit $2
        "#,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await
}

/// Adds hours; the same ones again change their end and their room only.
pub async fn add_hours(conn: &mut PgConnection, new: &NewHours) -> sqlx::Result<Result<i64, No>> {
    if new.from >= new.until {
        return Ok(Err(No::invalid("until", "write a time after from")));
    }
    let known = sqlx::query!(
        r#"
        select exists (select from crew where id = $1) as "crew!", exists (select from location where id = $2) as "location!",
               $3::bigint is null or exists (select from room where id = $3 and location_id = $2) as "room!"
        "#,
        new.crew as CrewId,
        new.location as LocationId,
        new.room as Option<RoomId>,
    );
    let known = known.fetch_one(&mut *conn).await?;
    for (known, field) in [(known.crew, "crew"), (known.location, "location"), (known.room, "room")] {
        if !known {
            return Ok(Err(No::unknown(field)));
        }
    }
    let id = sqlx::query_scalar!(
        "insert into working_hours (crew_id, location_id, room_id, weekdays, from_time, until_time) values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint working_hours_unique do update set until_time = excluded.until_time, room_id = excluded.room_id
         returning id",
        new.crew as CrewId,
        new.location as LocationId,
        new.room as Option<RoomId>,
        &new.weekdays,
        new.from,
        new.until,
    );
    id.fetch_one(conn).await.map(Ok)
}

/// Takes hours back; what is booked in them stays. False: there are none.
pub async fn remove_hours(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    let removed = sqlx::query!("delete from working_hours where id = $1", id).execute(conn).await?;
    Ok(removed.rows_affected() > 0)
}
