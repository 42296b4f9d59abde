//! Times at which an appointment can be had.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::closure::Closures;
use super::hours::{self, Hours};
use crate::{CrewId, LocationId, RoomId, ServiceId, tenant};

/// Between one time and the next, counted from the beginning of the working hours.
const STEP: TimeDelta = TimeDelta::minutes(15);
/// At one time.
const MOST: usize = 50;
/// Nobody looks further ahead at one time.
const FURTHEST: TimeDelta = TimeDelta::days(92);

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Which service.
    pub service: ServiceId,
    /// With whom; none: with anybody who leads it.
    #[serde(default)]
    pub crew: Option<CrewId>,
    /// Where; none: anywhere.
    #[serde(default)]
    pub location: Option<LocationId>,
}

/// A time at which an appointment can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeTime {
    /// With whom.
    pub crew: CrewId,
    /// Where.
    pub location: LocationId,
    /// In which room.
    pub room: Option<RoomId>,
    /// From when until when.
    pub during: Range<DateTime<Utc>>,
}

/// The first times that start in `during` at which customers can book an appointment now, soonest first.
pub async fn free_times(
    conn: &mut PgConnection,
    wanted: &Wanted,
    during: Range<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<FreeTime>> {
    let mut free = all_free(conn, wanted, during, now).await?;
    free.truncate(MOST);
    Ok(free)
}

/// All of them.
pub(super) async fn all_free(
    conn: &mut PgConnection,
    wanted: &Wanted,
    during: Range<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<FreeTime>> {
    let Some(house) = house(conn, wanted.service).await? else { return Ok(Vec::new()) };
    let during = house.bookable(during, now);
    if during.is_empty() {
        return Ok(Vec::new());
    }
    let hours = hours::load(conn, wanted).await?;
    let days = days(&during, house.zone);
    let closures = Closures::load(conn, &days).await?;
    let taken = taken(conn, &hours, &(during.start..during.end + house.length)).await?;
    let open = days.iter().flat_map(|day| hours.iter().map(|hours| (*day, hours)));
    let open = open.filter(|(day, hours)| !closures.has(*day, hours.location));
    let mut free: Vec<FreeTime> = open
        .flat_map(|(day, hours)| steps(hours, day, &house))
        .filter(|free| during.contains(&free.during.start) && !taken.iter().any(|taken| taken.is_in_the_way_of(free)))
        .collect();
    // Of two rooms at one time the first one will do.
    free.sort_by_key(|free| (free.during.start, free.crew, free.location));
    free.dedup_by_key(|free| (free.during.start, free.crew, free.location));
    Ok(free)
}

/// What a house says about appointments of a service.
pub(super) struct House {
    pub zone: Tz,
    pub length: TimeDelta,
    pub price_minor: i64,
    pub currency: String,
    opens: Option<TimeDelta>,
    closes: TimeDelta,
}

/// None: there are no appointments of this service.
pub(super) async fn house(conn: &mut PgConnection, service: ServiceId) -> sqlx::Result<Option<House>> {
    let row = sqlx::query!(
        "select t.zone, t.currency, t.booking_opens_days as opens, t.booking_closes_minutes as closes, v.minutes, v.price_minor
         from service v join tenant t on t.id = v.tenant_id where v.id = $1 and v.kind = 'appointment'",
        service as ServiceId,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(House {
        zone: tenant::read_zone(&row.zone)?,
        length: TimeDelta::minutes(row.minutes.into()),
        price_minor: row.price_minor,
        currency: row.currency,
        opens: row.opens.map(|days| TimeDelta::days(days.into())),
        closes: TimeDelta::minutes(row.closes.into()),
    }))
}

impl House {
    /// The part of a time in which an appointment may start that a customer books now.
    fn bookable(&self, during: Range<DateTime<Utc>>, now: DateTime<Utc>) -> Range<DateTime<Utc>> {
        // What starts when booking closes cannot be booked any more; databases count microseconds.
        let soonest = now + self.closes + TimeDelta::microseconds(1);
        let start = during.start.max(soonest);
        let latest = self.opens.map(|opens| now + opens + TimeDelta::microseconds(1));
        let end = latest.map_or(during.end, |latest| during.end.min(latest));
        start..start.checked_add_signed(FURTHEST).map_or(end, |furthest| end.min(furthest))
    }
}

fn days(during: &Range<DateTime<Utc>>, zone: Tz) -> Vec<NaiveDate> {
    let first = during.start.with_timezone(&zone).date_naive();
    let last = during.end.with_timezone(&zone).date_naive();
    first.iter_days().take_while(|day| *day <= last).collect()
}

/// Counted in real time, so that no step is skipped or doubled when the clock is changed.
fn steps(hours: &Hours, day: NaiveDate, house: &House) -> impl Iterator<Item = FreeTime> {
    let open = hours.on(day, house.zone);
    let (crew, location, room, length) = (hours.crew, hours.location, hours.room, house.length);
    open.into_iter().flat_map(move |open| {
        let starts = (0..).map_while(move |step| Some(open.start + STEP * step).filter(|at| *at + length <= open.end));
        starts.map(move |at| FreeTime { crew, location, room, during: at..at + length })
    })
}

/// Who and what is taken.
struct Taken {
    crew: Option<CrewId>,
    room: Option<RoomId>,
    during: Range<DateTime<Utc>>,
}

async fn taken(conn: &mut PgConnection, hours: &[Hours], during: &Range<DateTime<Utc>>) -> sqlx::Result<Vec<Taken>> {
    let crew: Vec<i64> = hours.iter().map(|hours| hours.crew.0).collect();
    let rooms: Vec<i64> = hours.iter().filter_map(|hours| hours.room).map(|room| room.0).collect();
    let rows = sqlx::query!(
        r#"
        select crew_id as "crew: CrewId", room_id as "room: RoomId", lower(during) as "start!", upper(during) as "end!"
        from occupation where during && tstzrange($1, $2) and (crew_id = any($3) or room_id = any($4))
        "#,
        during.start,
        during.end,
        &crew,
        &rooms,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Taken { crew: row.crew, room: row.room, during: row.start..row.end }).collect())
}

impl Taken {
    fn is_in_the_way_of(&self, free: &FreeTime) -> bool {
        let same = self.crew == Some(free.crew) || self.room.is_some() && self.room == free.room;
        same && self.during.start < free.during.end && free.during.start < self.during.end
    }
}
