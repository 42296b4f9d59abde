//! An appointment: a session of its own, made when it is booked.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::{Connection, PgConnection};

use super::check::FURTHEST;
use super::clash;
use super::closure::Closures;
use super::free::{self, House, all_free};
use super::{FreeTime, Wanted, hours, lock};
use crate::after::After;
use crate::booking::{self, Booking, Place, Refusal, Via, Wish, seat};
use crate::{CrewId, CustomerId, LocationId, RoomId, SeatId, ServiceId, SessionId, customer};

/// Other times that are told when one cannot be had.
const NEAREST: usize = 5;
/// How far from the time that was asked for they are looked for.
const AROUND: TimeDelta = TimeDelta::days(14);

/// A wish for an appointment.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// For whom.
    pub customer: CustomerId,
    /// What.
    pub service: ServiceId,
    /// With whom.
    pub crew: CrewId,
    /// Where.
    pub location: LocationId,
    /// When.
    pub starts_at: DateTime<Utc>,
    /// Who asks.
    pub via: Via,
}

/// What came of the wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Appointment {
    /// It is theirs, or held until it is paid.
    Booked {
        /// Its session.
        session: SessionId,
        /// The place in it.
        place: Place,
        /// What is to be done.
        after: After,
    },
    /// It was theirs before.
    Already {
        /// The place.
        place: Place,
    },
    /// The time cannot be had: it is taken, or nobody works then.
    NotFree {
        /// The nearest ones with the same crew at the same location that can, soonest first.
        nearest: Vec<FreeTime>,
    },
    /// It cannot be booked.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Books an appointment: makes its session and takes the place in it, both or neither. Of all who ask for one time, one
/// gets it.
pub async fn book_appointment(conn: &mut PgConnection, asked: &Asked, now: DateTime<Utc>) -> sqlx::Result<Appointment> {
    let asked = Asked { customer: customer::current(conn, asked.customer).await?, ..*asked };
    customer::lock(conn, &[asked.customer]).await?;
    lock(conn).await?;
    let Some(house) = free::house(conn, asked.service).await? else {
        return Ok(Appointment::Refused { why: Refusal::Unknown });
    };
    if (asked.starts_at - now).abs() > FURTHEST {
        return Ok(Appointment::Refused { why: Refusal::NotOpen });
    }
    if let Some(seat) = before(conn, &asked).await? {
        return Ok(Appointment::Already { place: seat::place(conn, seat).await? });
    }
    let rooms = rooms(conn, &asked, &house).await?;
    let mut savepoint = conn.begin().await?;
    let Some(session) = make(&mut savepoint, &asked, &house, &rooms).await? else {
        savepoint.rollback().await?;
        return not_free(conn, &asked, now).await;
    };
    let wish = Wish { session, customer: asked.customer, places: 1, via: asked.via, told: None, proposal: None };
    match booking::book(&mut savepoint, &wish, now).await? {
        Booking { place: Ok(place), after } => {
            savepoint.commit().await?;
            Ok(Appointment::Booked { session, place, after })
        }
        Booking { place: Err(why), .. } => {
            savepoint.rollback().await?;
            Ok(Appointment::Refused { why })
        }
    }
}

/// The same appointment, asked for again.
async fn before(conn: &mut PgConnection, asked: &Asked) -> sqlx::Result<Option<SeatId>> {
    sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from session s join seat x on x.session_id = s.id
        where s.starts_at = $1 and s.service_id = $2 and s.crew_id = $3 and s.location_id = $4 and s.status = 'scheduled'
          and s.rule_id is null and x.customer_id = $5 and x.state <> 'cancelled'
        "#,
        asked.starts_at,
        asked.service as ServiceId,
        asked.crew as CrewId,
        asked.location as LocationId,
        asked.customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// The rooms of the working hours that it falls into: nobody works then where there are none.
async fn rooms(conn: &mut PgConnection, asked: &Asked, house: &House) -> sqlx::Result<Vec<Option<RoomId>>> {
    let day = asked.starts_at.with_timezone(&house.zone).date_naive();
    if Closures::load(conn, &[day]).await?.has(day, asked.location) {
        return Ok(Vec::new());
    }
    let during = asked.during(house);
    let covers = |open: Range<DateTime<Utc>>| open.start <= during.start && during.end <= open.end;
    let hours = hours::load(conn, &asked.wanted()).await?;
    let open = hours.iter().filter(|hours| hours.on(day, house.zone).is_some_and(covers));
    Ok(open.map(|hours| hours.room).collect())
}

/// Its session, in the first room that is free. None: the time was taken meanwhile.
async fn make(
    conn: &mut PgConnection,
    asked: &Asked,
    house: &House,
    rooms: &[Option<RoomId>],
) -> sqlx::Result<Option<SessionId>> {
    for room in rooms {
        let mut savepoint = conn.begin().await?;
        match insert(&mut savepoint, asked, house, *room).await {
            Ok(session) => return savepoint.commit().await.map(|()| Some(session)),
            Err(error) if clash::resource(&error).is_some() => savepoint.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

async fn insert(
    conn: &mut PgConnection,
    asked: &Asked,
    house: &House,
    room: Option<RoomId>,
) -> sqlx::Result<SessionId> {
    let during = asked.during(house);
    sqlx::query_scalar!(
        r#"
        insert into session (service_id, location_id, room_id, crew_id, starts_at, ends_at, capacity, price_minor, currency)
        values ($1, $2, $3, $4, $5, $6, 1, $7, $8) returning id as "id: SessionId"
        "#,
        asked.service as ServiceId,
        asked.location as LocationId,
        room as Option<RoomId>,
        asked.crew as CrewId,
        during.start,
        during.end,
        house.price_minor,
        house.currency,
    )
    .fetch_one(conn)
    .await
}

async fn not_free(conn: &mut PgConnection, asked: &Asked, now: DateTime<Utc>) -> sqlx::Result<Appointment> {
    let around = asked.starts_at - AROUND..asked.starts_at + AROUND;
    let mut nearest = all_free(conn, &asked.wanted(), around, now).await?;
    nearest.sort_by_key(|free| (free.during.start - asked.starts_at).abs());
    nearest.truncate(NEAREST);
    nearest.sort_by_key(|free| free.during.start);
    Ok(Appointment::NotFree { nearest })
}

impl Asked {
    const fn wanted(&self) -> Wanted {
        Wanted { service: self.service, crew: Some(self.crew), location: Some(self.location) }
    }

    fn during(&self, house: &House) -> Range<DateTime<Utc>> {
        self.starts_at..self.starts_at + house.length
    }
}
