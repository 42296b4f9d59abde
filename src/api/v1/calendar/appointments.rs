//! Appointments: a time with one of the crew.

use axum::{Json, response::Response};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    CustomerId,
    calendar::{self, Appointment, Asked, FreeTime, Wanted},
    desk,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::no;
use crate::api::{
    Api,
    caller::Read,
    input::{Ask, At, Body, ById, Id, Instant},
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope,
    v1::{
        bookings::{self, Booking},
        customers,
    },
    write::{Desk, Write},
};

/// How far ahead one looks when nobody says.
const USUAL: TimeDelta = TimeDelta::days(7);

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(free)).routes(routes!(book))
}

/// A time that can be had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreeTime)]
struct Free {
    crew: i64,
    location: i64,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl From<FreeTime> for Free {
    fn from(free: FreeTime) -> Self {
        Self { crew: free.crew.0, location: free.location.0, starts_at: free.during.start, ends_at: free.during.end }
    }
}

/// Times that can be had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreeTimes)]
struct Frees {
    /// Soonest first; at most fifty.
    items: Vec<Free>,
}

/// Which times.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// That begin then or later; else from now on.
    #[param(inline)]
    from: Option<Instant>,
    /// That begin before; else within a week.
    #[param(inline)]
    until: Option<Instant>,
    /// With this one.
    #[param(inline)]
    crew: Option<Id>,
    /// At this location.
    #[param(inline)]
    location: Option<Id>,
}

/// When an appointment of a service can be had.
#[utoipa::path(get, path = "/services/{id}/free-times", tag = "calendar", params(ById, Filter),
    responses((status = 200, body = Frees)))]
async fn free(
    read: Read,
    At(service): At<domain::ServiceId>,
    Ask(filter): Ask<Filter>,
) -> Result<Json<Frees>, Problem> {
    let mut tx = read.begin().await?;
    desk::catalog::service(&mut tx, service).await?.ok_or_else(|| Problem::unknown("service", service))?;
    let from = filter.from.map_or(read.now(), |from| from.0);
    let until = filter.until.map_or(from + USUAL, |until| until.0);
    let wanted = Wanted { service, crew: filter.crew.map(Id::of), location: filter.location.map(Id::of) };
    let free = calendar::free_times(&mut tx, &wanted, from..until, read.now()).await?;
    Ok(Json(Frees { items: free.into_iter().map(Free::from).collect() }))
}

/// An appointment that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAppointment {
    /// Of kind `appointment`.
    #[schema(inline)]
    service: Id,
    #[schema(inline)]
    crew: Id,
    #[schema(inline)]
    location: Id,
    #[schema(inline)]
    starts_at: Instant,
    #[schema(inline)]
    customer: Id,
    /// Staff book until it begins, and take the money then.
    #[serde(default)]
    #[schema(default = false)]
    staff: bool,
}

/// Books an appointment. Of all who ask for one time one gets it; the others are told the nearest that are free.
#[utoipa::path(post, path = "/appointments", tag = "calendar", request_body = NewAppointment,
    security(("token" = ["write"])), responses((status = 201, body = Booking)))]
async fn book(write: Write<scope::Bookings>, body: Body<NewAppointment>) -> Result<Response, Problem> {
    write.run(body, |desk, wanted| Box::pin(make(desk, wanted))).await
}

async fn make(desk: Desk<'_>, wanted: NewAppointment) -> Result<Reply, Problem> {
    let service = wanted.service.of();
    let known = desk::catalog::service(&mut *desk.conn, service).await?;
    match known.map(|service| service.kind) {
        Some(desk::catalog::ServiceKind::Appointment) => {}
        Some(desk::catalog::ServiceKind::Class) => {
            return Err(Problem::field("service", "it is held in classes; book one of its sessions"));
        }
        None => return Err(Problem::unknown_in("service", "service", service)),
    }
    let customer: CustomerId = customers::locked(&mut *desk.conn, wanted.customer.of()).await?;
    let asked = Asked {
        customer,
        service,
        crew: wanted.crew.of(),
        location: wanted.location.of(),
        starts_at: wanted.starts_at.0,
        via: bookings::via(wanted.staff),
    };
    match calendar::book_appointment(&mut *desk.conn, &asked, desk.now).await? {
        Appointment::Booked { place, after, .. } => {
            let booking = Booking::from(bookings::found(desk.conn, place.seat).await?);
            Ok(Reply::created(format!("/api/v1/bookings/{}", booking.id()), &booking)?.leaving(after))
        }
        Appointment::Already { place } => {
            Err(Problem::new(Kind::AlreadyBooked, format_args!("it is booking {}", place.seat)))
        }
        Appointment::NotFree { nearest } => Err(no::not_free(&nearest)),
        Appointment::Refused { why } => Err(why.into()),
    }
}
