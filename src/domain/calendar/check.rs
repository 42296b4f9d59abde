//! Whether what an edit names is there, and fits together.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Answer, No};
use crate::{CrewId, LocationId, RoomId, ServiceId};

/// A session may last so many minutes.
const MINUTES: std::ops::RangeInclusive<i32> = 1..=1440;

/// Nothing is put into the calendar further ahead: it would be a slip of the pen.
pub(super) const FURTHEST: TimeDelta = TimeDelta::days(5 * 366);

/// A time that is still to come, and not in another life.
pub(super) fn start(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), No> {
    if at <= now {
        Err(No::Past)
    } else if at - now > FURTHEST {
        Err(No::invalid("starts_at", "write a time within the next five years"))
    } else {
        Ok(())
    }
}

/// The tenant has this location.
pub(super) async fn location(conn: &mut PgConnection, id: LocationId) -> Answer<()> {
    let known =
        sqlx::query_scalar!(r#"select exists (select from location where id = $1) as "known!""#, id as LocationId);
    Ok(if known.fetch_one(conn).await? { Ok(()) } else { Err(No::unknown("location")) })
}

/// The tenant has this crew, and they lead this service.
pub(super) async fn crew(conn: &mut PgConnection, id: CrewId, service: ServiceId) -> Answer<()> {
    let leads = sqlx::query_scalar!(
        r#"
        select exists (select from crew_service l where l.crew_id = c.id and l.service_id = $2) as "leads!"
        from crew c where c.id = $1
        "#,
        id as CrewId,
        service as ServiceId,
    );
    Ok(match leads.fetch_optional(conn).await? {
        Some(true) => Ok(()),
        Some(false) => Err(No::CannotLead),
        None => Err(No::unknown("crew")),
    })
}

/// The tenant has this room, at this location.
pub(super) async fn room(conn: &mut PgConnection, id: RoomId, at: LocationId) -> Answer<()> {
    let location =
        sqlx::query_scalar!(r#"select location_id as "id: LocationId" from room where id = $1"#, id as RoomId);
    Ok(match location.fetch_optional(conn).await? {
        Some(location) if location == at => Ok(()),
        Some(_) => Err(No::RoomElsewhere),
        None => Err(No::unknown("room")),
    })
}

/// Numbers that make sense; none is not looked at.
pub(super) fn numbers(minutes: Option<i32>, capacity: Option<i32>, price_minor: Option<i64>) -> Result<(), No> {
    if minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
        return Err(No::invalid("minutes", "write 1 to 1440"));
    }
    if capacity.is_some_and(|capacity| capacity < 1) {
        return Err(No::invalid("capacity", "write 1 or more"));
    }
    if price_minor.is_some_and(|price| price < 0) {
        return Err(No::invalid("price_minor", "write 0 or more, in the smallest unit of the currency"));
    }
    Ok(())
}

/// Weekdays in their order, each once.
pub(super) fn weekdays(days: &[i16]) -> Result<Vec<i16>, No> {
    if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
        return Err(No::invalid("weekdays", "write at least one of 1 (Monday) to 7 (Sunday)"));
    }
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// The tenant has this service, and it is held in classes.
pub(super) async fn class(conn: &mut PgConnection, id: ServiceId) -> Answer<()> {
    let class = sqlx::query_scalar!(r#"select kind = 'class' as "class!" from service where id = $1"#, id as ServiceId);
    Ok(match class.fetch_optional(conn).await? {
        Some(true) => Ok(()),
        Some(false) => {
            Err(No::invalid("service", "name a service of kind class; an appointment is made when it is booked"))
        }
        None => Err(No::unknown("service")),
    })
}
