//! Sessions with their names, their price of now, and who waits.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::Page;
use crate::booking::Refusal;
use crate::pricing::{self, Priced, Prices, Quote};
use crate::{CrewId, CustomerId, LocationId, Money, RoomId, ServiceId, SessionId, Texts, session, tenant};

/// One session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What it is of.
    pub service: ServiceId,
    /// What that is called.
    pub service_name: Texts,
    /// Who leads it.
    pub crew: Option<CrewId>,
    /// Their name.
    pub crew_name: Option<String>,
    /// Where it takes place.
    pub location: LocationId,
    /// What that is called.
    pub location_name: String,
    /// In which room.
    pub room: Option<RoomId>,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Whether the business called it off.
    pub is_cancelled: bool,
    /// All places.
    pub capacity: i32,
    /// Places that are held or booked.
    pub booked: i32,
    /// How many wait for one.
    pub waiting: i64,
    /// Base price of one place.
    pub base: Money,
    /// What one place costs now whoever has no plan.
    pub price: Money,
    /// Whether a place is held until it is paid.
    pub prepaid: bool,
}

/// Which sessions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// That begin then or later.
    pub from: Option<DateTime<Utc>>,
    /// That begin before.
    pub until: Option<DateTime<Utc>>,
    /// Of this service.
    pub service: Option<ServiceId>,
}

/// A page of the calendar, soonest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: Filter,
    page: Page<(DateTime<Utc>, i64)>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Session>> {
    let (start, id) = page.after.unzip();
    let ids = sqlx::query_scalar!(
        r#"
        select id from session
        where ($1::timestamptz is null or starts_at >= $1) and ($2::timestamptz is null or starts_at < $2)
          and ($3::bigint is null or service_id = $3) and ($4::timestamptz is null or (starts_at, id) > ($4, $5))
        order by starts_at, id limit $6
        "#,
        filter.from,
        filter.until,
        filter.service as Option<ServiceId>,
        start,
        id,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids, now).await
}

/// One session, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> sqlx::Result<Option<Session>> {
    Ok(rows(conn, &[id.0], now).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64], now: DateTime<Utc>) -> sqlx::Result<Vec<Session>> {
    let zone = tenant::zone(conn).await?;
    let rules = Prices::of_anybody(conn, now).await?;
    let rows = sqlx::query!(
        r#"
        select s.id as "id: SessionId", s.service_id as "service: ServiceId", v.name as "service_name: Json<Texts>",
               s.crew_id as "crew: CrewId", c.name as "crew_name?", s.location_id as "location: LocationId",
               l.name as location_name, s.room_id as "room: RoomId", s.starts_at, s.ends_at,
               s.status = 'cancelled' as "is_cancelled!", s.capacity, s.booked, s.price_minor, s.currency, v.prepaid,
               (select count(*) from waitlist_entry e where e.session_id = s.id and e.state in ('waiting', 'offered')) as "waiting!"
        from session s
        join service v on v.id = s.service_id
        join location l on l.id = s.location_id
        left join crew c on c.id = s.crew_id
        where s.id = any($1) order by s.starts_at, s.id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let sessions = rows.into_iter().map(|row| {
        let priced = Priced {
            service: row.service,
            base_minor: row.price_minor,
            capacity: row.capacity,
            booked: row.booked,
            starts_at: row.starts_at,
            zone,
        };
        Session {
            id: row.id,
            service: row.service,
            service_name: row.service_name.0,
            crew: row.crew,
            crew_name: row.crew_name,
            location: row.location,
            location_name: row.location_name,
            room: row.room,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            is_cancelled: row.is_cancelled,
            capacity: row.capacity,
            booked: row.booked,
            waiting: row.waiting,
            price: Money::new(rules.of(&priced).each_minor, &row.currency),
            base: Money::new(row.price_minor, row.currency),
            prepaid: row.prepaid,
        }
    });
    Ok(sessions.collect())
}

/// Tells a customer the price of a session that is still to come, and writes it down.
pub async fn quote(
    conn: &mut PgConnection,
    session: SessionId,
    customer: CustomerId,
    places: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<Quote, Refusal>> {
    match session::load(conn, session).await? {
        None => Ok(Err(Refusal::Unknown)),
        Some(session) if session.is_cancelled => Ok(Err(Refusal::SessionCancelled)),
        Some(session) if session.has_started(now) => Ok(Err(Refusal::Started)),
        Some(session) => pricing::quote(conn, &session, customer, places, now).await.map(Ok),
    }
}
