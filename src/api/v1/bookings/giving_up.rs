//! Giving bookings up.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    SeatId,
    booking::{self, By, GaveUp, GivingUp},
    desk::bookings::Standing,
    refunds,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Booking, found, no_offer};
use crate::api::{
    Api,
    caller::Read,
    input::{Ask, At, Body, ById, Instant},
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope,
    v1::customers,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(returns)).routes(routes!(cancel))
}

/// Who gives a place up.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Quitter {
    /// The one who had it: what comes back depends on the notice.
    Customer,
    /// The business: everything comes back.
    Business,
}

impl From<Quitter> for By {
    fn from(quitter: Quitter) -> Self {
        match quitter {
            Quitter::Customer => Self::Customer,
            Quitter::Business => Self::Business,
        }
    }
}

/// What comes back for a place.
#[derive(Debug, Serialize, ToSchema)]
struct Return {
    /// What was paid, in minor units.
    paid_minor: i64,
    /// What of that comes back, in minor units.
    back_minor: i64,
    /// ISO 4217.
    currency: String,
    percent: i64,
    /// Credits or a visit come back.
    credit: bool,
    /// It counts as not having come.
    late: bool,
}

impl From<booking::Return> for Return {
    fn from(returns: booking::Return) -> Self {
        Self {
            paid_minor: returns.paid.minor,
            back_minor: returns.back.minor,
            currency: returns.back.currency,
            percent: returns.percent,
            credit: returns.credit,
            late: returns.late,
        }
    }
}

/// Who would give it up.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Who {
    /// Who would give it up.
    #[param(inline)]
    by: Quitter,
}

/// What would come back if the booking were given up now.
#[utoipa::path(get, path = "/bookings/{id}/return", tag = "bookings", params(ById, Who),
    responses((status = 200, body = Return), (status = 409)))]
async fn returns(read: Read, At(id): At<SeatId>, Ask(who): Ask<Who>) -> Result<Json<Return>, Problem> {
    let mut tx = read.begin().await?;
    standing(&found(&mut tx, id).await?)?;
    let giving = GivingUp { seat: id, by: who.by.into(), promised: None, asked_at: read.now() };
    let returns = booking::returns(&mut tx, giving).await?.ok_or_else(|| Problem::unknown("booking", id))?;
    Ok(Json(returns.into()))
}

/// Refuses a booking that was given up.
pub(super) fn standing(booking: &domain::desk::bookings::Booking) -> Result<(), Problem> {
    if booking.state == Standing::Cancelled { Err(cancelled()) } else { Ok(()) }
}

fn cancelled() -> Problem {
    Problem::new(Kind::AlreadyCancelled, "there is nothing to do; make a new booking if it was a mistake")
}

/// How a booking is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCancellation)]
struct Cancellation {
    /// Who gives it up.
    #[schema(inline)]
    by: Quitter,
    /// When the customer asked for it, if that was before: at most seven days count.
    #[schema(inline)]
    asked_at: Option<Instant>,
}

/// A booking that was given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CancelledBooking)]
struct Cancelled {
    booking: Booking,
    returns: Return,
}

/// Gives a booking up: what was paid begins to go back, and the place goes to who waits for it.
#[utoipa::path(post, path = "/bookings/{id}/cancellation", tag = "bookings", params(ById), request_body = Cancellation,
    security(("token" = ["write"])), responses((status = 200, body = Cancelled)))]
async fn cancel(
    write: Write<scope::Bookings>,
    At(id): At<SeatId>,
    body: Body<Cancellation>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, how| Box::pin(give_up(desk, id, how))).await
}

async fn give_up(desk: Desk<'_>, id: SeatId, how: Cancellation) -> Result<Reply, Problem> {
    let asked_at = asked_at(how.asked_at, desk.now)?;
    let booking = found(&mut *desk.conn, id).await?;
    customers::held(&mut *desk.conn, booking.customer).await?;
    no_offer(&mut *desk.conn, id).await?;
    let giving = GivingUp { seat: id, by: how.by.into(), promised: None, asked_at };
    match booking::give_up(&mut *desk.conn, giving, desk.now).await? {
        GaveUp::Done { returns, after } => {
            let booking = found(desk.conn, id).await?.into();
            Ok(Reply::ok(&Cancelled { booking, returns: returns.into() })?.leaving(after))
        }
        GaveUp::Before => Err(cancelled()),
        GaveUp::Started => Err(Problem::new(Kind::Started, "the business may still give it up")),
        GaveUp::Unknown => Err(Problem::unknown("booking", id)),
    }
}

fn asked_at(told: Option<Instant>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    match told {
        Some(Instant(at)) if at > now => Err(Problem::field("asked_at", "it is still to come; leave it out")),
        Some(Instant(at)) => Ok(refunds::asked_at(at, now)),
        None => Ok(now),
    }
}
