//! A weekly class is added.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

use super::closure::Closures;
use super::no::agreed;
use super::rule::Rule;
use super::slots::{self, AHEAD, Slot, ahead};
use super::{Answer, Gap, Made, No, Overlap, check, lock};
use crate::{CrewId, LocationId, RoomId, RuleId, ServiceId, tenant};

/// A weekly class to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    /// What it is of.
    pub service: ServiceId,
    /// Where.
    pub location: LocationId,
    /// Who leads it.
    #[serde(default)]
    pub crew: Option<CrewId>,
    /// In which room.
    #[serde(default)]
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
    pub valid_from: NaiveDate,
    /// The last one, if there is one.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    /// What becomes of it when the clock skips its time.
    #[serde(default)]
    pub gap: Gap,
    /// Which of the two it is when the clock shows its time twice.
    #[serde(default)]
    pub overlap: Overlap,
}

/// A rule that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Added {
    /// The rule.
    pub rule: RuleId,
    /// Its sessions of the coming weeks, and those that could not be made.
    pub made: Made,
}

/// Adds a weekly class, and makes its sessions of the coming weeks.
pub async fn add_rule(conn: &mut PgConnection, new: &NewRule, now: DateTime<Utc>) -> Answer<Added> {
    lock(conn).await?;
    let mut rule = agreed!(checked(conn, new).await?);
    rule.id = agreed!(insert(conn, &rule, None).await?);
    let tenant = tenant::current(conn).await?;
    let days: Vec<_> = ahead(now.with_timezone(&tenant.zone).date_naive(), AHEAD).collect();
    let closures = Closures::load(conn, &days).await?;
    let wanted = days.iter().filter_map(|day| Slot::of(&rule, *day, &tenant, &closures));
    let wanted = wanted.filter(|slot| slot.starts_at > now).collect();
    let id = rule.id;
    let made = slots::make(conn, &[rule], wanted, &tenant.currency).await?;
    Ok(Ok(Added { rule: id, made }))
}

async fn checked(conn: &mut PgConnection, new: &NewRule) -> Answer<Rule> {
    agreed!(check::numbers(Some(new.minutes), Some(new.capacity), Some(new.price_minor)));
    if new.valid_until.is_some_and(|last| last < new.valid_from) {
        return Ok(Err(No::invalid("valid_until", "write a day that is not before valid_from")));
    }
    let weekdays = agreed!(check::weekdays(&new.weekdays));
    agreed!(check::class(conn, new.service).await?);
    agreed!(check::location(conn, new.location).await?);
    if let Some(crew) = new.crew {
        agreed!(check::crew(conn, crew, new.service).await?);
    }
    if let Some(room) = new.room {
        agreed!(check::room(conn, room, new.location).await?);
    }
    Ok(Ok(Rule {
        id: RuleId(0),
        service: new.service,
        location: new.location,
        crew: new.crew,
        room: new.room,
        weekdays,
        starts_at: new.starts_at,
        minutes: new.minutes,
        capacity: new.capacity,
        price_minor: new.price_minor,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        gap: new.gap,
        overlap: new.overlap,
    }))
}

/// Writes a rule down; its id is a new one.
pub(super) async fn insert(conn: &mut PgConnection, rule: &Rule, follows: Option<RuleId>) -> Answer<RuleId> {
    let mut savepoint = conn.begin().await?;
    let written = sqlx::query_scalar!(
        r#"
        insert into session_rule (service_id, location_id, crew_id, room_id, weekdays, starts_at, minutes, capacity, price_minor,
                                  valid_from, valid_until, gap, overlap, follows)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id as "id: RuleId"
        "#,
        rule.service as ServiceId,
        rule.location as LocationId,
        rule.crew as Option<CrewId>,
        rule.room as Option<RoomId>,
        &rule.weekdays,
        rule.starts_at,
        rule.minutes,
        rule.capacity,
        rule.price_minor,
        rule.valid_from,
        rule.valid_until,
        rule.gap as Gap,
        rule.overlap as Overlap,
        follows as Option<RuleId>,
    )
    .fetch_one(&mut *savepoint)
    .await;
    match written {
        Ok(id) => savepoint.commit().await.map(|()| Ok(id)),
        Err(error) if is_same(&error) => {
            savepoint.rollback().await?;
            Ok(Err(No::SameRule { rule: same(conn, rule).await? }))
        }
        Err(error) => Err(error),
    }
}

fn is_same(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.constraint()) == Some("session_rule_slot_unique")
}

async fn same(conn: &mut PgConnection, rule: &Rule) -> sqlx::Result<RuleId> {
    sqlx::query_scalar!(
        r#"
        select id as "id: RuleId" from session_rule
        where service_id = $1 and location_id = $2 and starts_at = $3 and weekdays = $4 and valid_from = $5
          and (valid_until is null or valid_until >= valid_from)
        "#,
        rule.service as ServiceId,
        rule.location as LocationId,
        rule.starts_at,
        &rule.weekdays,
        rule.valid_from,
    )
    .fetch_one(conn)
    .await
}
