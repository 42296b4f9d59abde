//! Bookings.

mod book;
mod changes;
mod giving_up;
mod money;
mod papers;

use axum::Json;
use chrono::{DateTime, Utc};
use domain::{SeatId, desk};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use book::via;

use super::words::{self, GivenUpBy, Standing, Way};
use crate::api::{
    Api,
    caller::Read,
    input::{At, ById, Id, Paged},
    kind::Kind,
    page::{Listed, Paging},
    problem::Problem,
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .merge(book::routes())
        .merge(giving_up::routes())
        .merge(changes::routes())
        .merge(money::routes())
        .merge(papers::routes())
}

/// One booking.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Booking {
    id: i64,
    session: i64,
    service: i64,
    starts_at: DateTime<Utc>,
    customer: i64,
    state: Standing,
    places: i32,
    /// Of all places together, as it was agreed, in minor units.
    price_minor: i64,
    /// ISO 4217.
    currency: String,
    /// What is still to be paid, in minor units.
    owes_minor: i64,
    payment: Way,
    via: words::Via,
    /// How the price came about.
    quote: Option<i64>,
    /// The booking that it took the place of.
    moved_from: Option<i64>,
    /// Until when it is held.
    held_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    cancelled_at: Option<DateTime<Utc>>,
    cancelled_by: Option<GivenUpBy>,
    /// Given up so late that it counts as not having come.
    late: bool,
    checked_in_at: Option<DateTime<Utc>>,
    no_show_at: Option<DateTime<Utc>>,
}

impl Booking {
    /// Its id.
    pub const fn id(&self) -> i64 {
        self.id
    }
}

impl From<desk::bookings::Booking> for Booking {
    fn from(booking: desk::bookings::Booking) -> Self {
        Self {
            id: booking.id.0,
            session: booking.session.0,
            service: booking.service.0,
            starts_at: booking.starts_at,
            customer: booking.customer.0,
            state: booking.state.into(),
            places: booking.places,
            price_minor: booking.price.minor,
            currency: booking.price.currency,
            owes_minor: booking.owes_minor,
            payment: booking.payment.into(),
            via: booking.via.into(),
            quote: booking.quote.map(|quote| quote.0),
            moved_from: booking.moved_from.map(|seat| seat.0),
            held_until: booking.held_until,
            created_at: booking.created_at,
            cancelled_at: booking.cancelled_at,
            cancelled_by: booking.cancelled_by.map(GivenUpBy::from),
            late: booking.late,
            checked_in_at: booking.checked_in_at,
            no_show_at: booking.no_show_at,
        }
    }
}

/// Which bookings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this customer.
    #[param(inline)]
    customer: Option<Id>,
    /// In this session.
    #[param(inline)]
    session: Option<Id>,
    /// That stand so.
    #[param(inline)]
    state: Option<Standing>,
}

/// Bookings, newest first.
#[utoipa::path(get, path = "/bookings", tag = "bookings", params(Filter, Paging), responses((status = 200, body = Listed<Booking>)))]
async fn list(read: Read, paged: Paged<Filter, i64>) -> Result<Json<Listed<Booking>>, Problem> {
    let filter = desk::bookings::Filter {
        customer: paged.filter.customer.map(Id::of),
        session: paged.filter.session.map(Id::of),
        state: paged.filter.state.map(Into::into),
    };
    let mut tx = read.begin().await?;
    let rows = desk::bookings::list(&mut tx, filter, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// One booking.
#[utoipa::path(get, path = "/bookings/{id}", tag = "bookings", params(ById), responses((status = 200, body = Booking)))]
async fn one(read: Read, At(id): At<SeatId>) -> Result<Json<Booking>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(found(&mut tx, id).await?.into()))
}

/// The booking, or that there is none.
pub(super) async fn found(conn: &mut PgConnection, id: SeatId) -> Result<desk::bookings::Booking, Problem> {
    desk::bookings::one(conn, id).await?.ok_or_else(|| Problem::unknown("booking", id))
}

/// Refuses a place that is held for an offer: it becomes a booking by being booked, and ends with its place in the list.
async fn no_offer(conn: &mut PgConnection, id: SeatId) -> Result<(), Problem> {
    if desk::bookings::is_offer(conn, id).await? {
        let detail = "book the same session for the customer to take it, or delete their entry in the waiting list";
        return Err(Problem::new(Kind::Offered, detail));
    }
    Ok(())
}
