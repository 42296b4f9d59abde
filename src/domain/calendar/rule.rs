//! Weekly rules as the database knows them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::{Gap, Overlap, instant_by};
use crate::{CrewId, LocationId, RoomId, RuleId, ServiceId};

/// A weekly class as the wall clock shows it.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub id: RuleId,
    pub service: ServiceId,
    pub location: LocationId,
    pub crew: Option<CrewId>,
    pub room: Option<RoomId>,
    pub weekdays: Vec<i16>,
    pub starts_at: NaiveTime,
    pub minutes: i32,
    pub capacity: i32,
    pub price_minor: i64,
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_until: Option<NaiveDate>,
    pub gap: Gap,
    pub overlap: Overlap,
}

/// All rules, or this one.
pub(super) async fn load(conn: &mut PgConnection, only: Option<RuleId>) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as!(
        Rule,
        r#"
        select id as "id: RuleId", service_id as "service: ServiceId", location_id as "location: LocationId",
               crew_id as "crew: CrewId", room_id as "room: RoomId", weekdays, starts_at, minutes, capacity, price_minor,
               valid_from, valid_until, gap as "gap: Gap", overlap as "overlap: Overlap"
        from session_rule where $1::bigint is null or id = $1 order by id
        "#,
        only as Option<RuleId>,
    )
    .fetch_all(conn)
    .await
}

impl Rule {
    /// Whether the rule has this local day.
    pub fn falls_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day
            && self.valid_until.is_none_or(|last| day <= last)
            && self.weekdays.iter().any(|weekday| u32::try_from(*weekday) == Ok(day.weekday().number_from_monday()))
    }

    /// When it starts on this local day; none when the clock skips that time, and the rule with it.
    pub fn start(&self, day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
        instant_by(day.and_time(self.starts_at), zone, self.gap, self.overlap)
    }
}
