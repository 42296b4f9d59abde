//! Sessions, prices, and who comes.

mod quotes;

use axum::Json;
use chrono::{DateTime, Utc};
use domain::{SessionId, desk};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{bookings::Booking, words::Said};
use crate::api::{
    Api,
    caller::Read,
    input::{At, ById, Id, Instant, Nothing, Paged, Whole},
    page::{Listed, Paging},
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(bookings)).merge(quotes::routes())
}

/// One session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Session {
    id: i64,
    /// What it is of.
    service: i64,
    service_name: Said,
    /// Who leads it.
    crew: Option<i64>,
    crew_name: Option<String>,
    location: i64,
    location_name: String,
    room: Option<i64>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// The business called it off.
    cancelled: bool,
    /// All places.
    capacity: i32,
    /// Places that are held or booked.
    booked: i32,
    /// How many wait for a place.
    waiting: i64,
    /// What one place costs before all price rules, in minor units.
    base_price_minor: i64,
    /// What one place costs now whoever has no plan, in minor units.
    price_minor: i64,
    /// ISO 4217.
    currency: String,
    /// A place is held until it is paid.
    prepaid: bool,
}

impl Session {
    /// Whether nothing can be done about it any more.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        !self.cancelled && self.ends_at <= now
    }
}

impl From<desk::sessions::Session> for Session {
    fn from(session: desk::sessions::Session) -> Self {
        Self {
            id: session.id.0,
            service: session.service.0,
            service_name: session.service_name.into(),
            crew: session.crew.map(|crew| crew.0),
            crew_name: session.crew_name,
            location: session.location.0,
            location_name: session.location_name,
            room: session.room.map(|room| room.0),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            cancelled: session.is_cancelled,
            capacity: session.capacity,
            booked: session.booked,
            waiting: session.waiting,
            base_price_minor: session.base.minor,
            price_minor: session.price.minor,
            currency: session.price.currency,
            prepaid: session.prepaid,
        }
    }
}

/// Which sessions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// That begin then or later.
    #[param(inline)]
    from: Option<Instant>,
    /// That begin before.
    #[param(inline)]
    until: Option<Instant>,
    /// Of this service.
    #[param(inline)]
    service: Option<Id>,
}

/// The calendar, soonest first.
#[utoipa::path(get, path = "/sessions", tag = "sessions", params(Filter, Paging), responses((status = 200, body = Listed<Session>)))]
async fn list(read: Read, paged: Paged<Filter, (DateTime<Utc>, i64)>) -> Result<Json<Listed<Session>>, Problem> {
    let filter = desk::sessions::Filter {
        from: paged.filter.from.map(|from| from.0),
        until: paged.filter.until.map(|until| until.0),
        service: paged.filter.service.map(Id::of),
    };
    let mut tx = read.begin().await?;
    let rows = desk::sessions::list(&mut tx, filter, paged.page(), read.now()).await?;
    Ok(paged.listed(rows, |row| (row.starts_at, row.id.0)))
}

/// One session, at its price of now.
#[utoipa::path(get, path = "/sessions/{id}", tag = "sessions", params(ById), responses((status = 200, body = Session)))]
async fn one(read: Read, At(id): At<SessionId>) -> Result<Json<Session>, Problem> {
    let mut tx = read.begin().await?;
    found(&mut tx, id, read.now()).await.map(Json)
}

/// The session, or that there is none.
pub(super) async fn found(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> Result<Session, Problem> {
    desk::sessions::one(conn, id, now).await?.map(Session::from).ok_or_else(|| Problem::unknown("session", id))
}

/// Whose bookings: who comes.
#[utoipa::path(get, path = "/sessions/{id}/bookings", tag = "sessions", params(ById, Paging),
    responses((status = 200, body = Listed<Booking>)))]
async fn bookings(
    read: Read,
    At(id): At<SessionId>,
    paged: Paged<Nothing, i64>,
) -> Result<Json<Listed<Booking>>, Problem> {
    let mut tx = read.begin().await?;
    found(&mut tx, id, read.now()).await?;
    let filter = desk::bookings::Filter { session: Some(id), ..desk::bookings::Filter::default() };
    let rows = desk::bookings::list(&mut tx, filter, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// Places of one booking.
pub(super) type Places = Whole<1, 20>;

pub(super) const fn one_place() -> Places {
    Whole(1)
}
