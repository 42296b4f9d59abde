//! When the crew can be had for appointments.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::{Wanted, instant};
use crate::{CrewId, LocationId, RoomId, ServiceId};

/// Hours of one of the crew, by the wall clock.
#[derive(Debug, Clone)]
pub(super) struct Hours {
    pub crew: CrewId,
    pub location: LocationId,
    pub room: Option<RoomId>,
    weekdays: Vec<i16>,
    from: NaiveTime,
    until: NaiveTime,
}

/// The hours of those who lead the service.
pub(super) async fn load(conn: &mut PgConnection, wanted: &Wanted) -> sqlx::Result<Vec<Hours>> {
    sqlx::query_as!(
        Hours,
        r#"
        select h.crew_id as "crew: CrewId", h.location_id as "location: LocationId", h.room_id as "room: RoomId", h.weekdays,
               h.from_time as "from", h.until_time as until
        from working_hours h join crew_service l on l.crew_id = h.crew_id
        where l.service_id = $1 and ($2::bigint is null or h.crew_id = $2) and ($3::bigint is null or h.location_id = $3)
        order by h.from_time, h.id
        "#,
        wanted.service as ServiceId,
        wanted.crew as Option<CrewId>,
        wanted.location as Option<LocationId>,
    )
    .fetch_all(conn)
    .await
}

impl Hours {
    /// From when until when on this local day, if on this day at all. On the two odd days of the year it may be an hour
    /// more or less than the wall clock says.
    pub fn on(&self, day: NaiveDate, zone: Tz) -> Option<Range<DateTime<Utc>>> {
        let weekday = day.weekday().number_from_monday();
        if !self.weekdays.iter().any(|known| u32::try_from(*known) == Ok(weekday)) {
            return None;
        }
        // PostgreSQL's 24:00 is read as midnight.
        let last = if self.until > self.from { day } else { day.succ_opt()? };
        Some(instant(day.and_time(self.from), zone)..instant(last.and_time(self.until), zone))
    }
}
