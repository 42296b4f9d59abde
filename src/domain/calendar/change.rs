//! A session changes: time, place, person or price.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::{Connection, PgConnection};

use super::clash::{self, Needs};
use super::held::{self, Held};
use super::no::agreed;
use super::{Answer, No, check, lock, tell};
use crate::after::After;
use crate::{CrewId, LocationId, RoomId, SessionId};

/// What is to change; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// When it begins. It lasts as long as before, unless that changes too.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it lasts.
    pub minutes: Option<i32>,
    /// Who leads it; `null`: nobody is named.
    #[serde(deserialize_with = "named")]
    pub crew: Option<Option<CrewId>>,
    /// Its room; `null`: none. Another location without a room means none.
    #[serde(deserialize_with = "named")]
    pub room: Option<Option<RoomId>>,
    /// Where it takes place.
    pub location: Option<LocationId>,
    /// Base price of one place, of bookings from now on.
    pub price_minor: Option<i64>,
}

/// A field that is there, even if it is `null`.
#[expect(clippy::option_option, reason = "left as it is, nobody, or somebody")]
pub(super) fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// The session as it is to be.
struct Plan {
    during: Range<DateTime<Utc>>,
    location: LocationId,
    crew: Option<CrewId>,
    room: Option<RoomId>,
    price_minor: i64,
}

/// Changes a session that has not begun. When time, place or person change, everybody who is booked hears of it and may
/// give their place up free of charge.
pub async fn change_session(
    conn: &mut PgConnection,
    session: SessionId,
    change: &Change,
    now: DateTime<Utc>,
) -> Answer<After> {
    tell::lock_proposals(conn, session).await?;
    lock(conn).await?;
    match held::lock(conn, &[session.0]).await?.pop() {
        Some(held) => edit(conn, &held, change, now).await,
        None => Ok(Err(No::unknown("session"))),
    }
}

/// The same to a session that is locked, as are the proposals for it.
pub(super) async fn edit(conn: &mut PgConnection, held: &Held, change: &Change, now: DateTime<Utc>) -> Answer<After> {
    let plan = agreed!(plan(conn, held, change, now).await?);
    let changes = agreed!(write(conn, held, &plan).await?);
    if !plan.shows(held) {
        return Ok(Ok(After::default()));
    }
    tell::changed(conn, held.id, changes, plan.during.start, now).await.map(Ok)
}

async fn plan(conn: &mut PgConnection, held: &Held, change: &Change, now: DateTime<Utc>) -> Answer<Plan> {
    agreed!(held.is_open(now));
    agreed!(check::numbers(change.minutes, None, change.price_minor));
    let location = change.location.unwrap_or(held.location);
    let stays = (location == held.location).then_some(held.room).flatten();
    let start = change.starts_at.unwrap_or(held.starts_at);
    agreed!(check::start(start, now));
    let length = change.minutes.map_or(held.ends_at - held.starts_at, |minutes| TimeDelta::minutes(minutes.into()));
    let plan = Plan {
        during: start..start + length,
        location,
        crew: change.crew.unwrap_or(held.crew),
        room: change.room.unwrap_or(stays),
        price_minor: change.price_minor.unwrap_or(held.price_minor),
    };
    Ok(plan.fits(conn, held).await?.map(|()| plan))
}

impl Plan {
    /// What changes is there, and fits together.
    async fn fits(&self, conn: &mut PgConnection, held: &Held) -> Answer<()> {
        let (moves, crew) = (self.location != held.location, self.crew.filter(|_| self.crew != held.crew));
        if moves {
            agreed!(check::location(conn, self.location).await?);
        }
        if let Some(room) = self.room.filter(|_| moves || self.room != held.room) {
            agreed!(check::room(conn, room, self.location).await?);
        }
        match crew {
            Some(crew) => check::crew(conn, crew, held.service).await,
            None => Ok(Ok(())),
        }
    }

    /// Whether those who are booked would see a difference.
    fn shows(&self, held: &Held) -> bool {
        self.during != (held.starts_at..held.ends_at) || self.location != held.location || self.crew != held.crew
    }
}

/// Writes the plan; returns how often the session has changed. A savepoint keeps the transaction alive when the database
/// says no.
async fn write(conn: &mut PgConnection, held: &Held, plan: &Plan) -> Answer<i32> {
    let mut savepoint = conn.begin().await?;
    let written = sqlx::query_scalar!(
        "update session set starts_at = $2, ends_at = $3, location_id = $4, crew_id = $5, room_id = $6, price_minor = $7,
                changes = changes + $8
         where id = $1 returning changes",
        held.id as SessionId,
        plan.during.start,
        plan.during.end,
        plan.location as LocationId,
        plan.crew as Option<CrewId>,
        plan.room as Option<RoomId>,
        plan.price_minor,
        i32::from(plan.shows(held)),
    )
    .fetch_one(&mut *savepoint)
    .await;
    let error = match written {
        Ok(changes) => return savepoint.commit().await.map(|()| Ok(changes)),
        Err(error) => error,
    };
    let Some(resource) = clash::resource(&error) else { return Err(error) };
    savepoint.rollback().await?;
    let needs = Needs {
        session: Some(held.id),
        rule: held.rule,
        crew: plan.crew,
        room: plan.room,
        during: plan.during.clone(),
    };
    Ok(Err(No::Taken(needs.clash(conn, resource).await?)))
}
