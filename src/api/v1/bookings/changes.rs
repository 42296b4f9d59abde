//! Exchanging bookings, and saying who came.

use axum::response::Response;
use domain::{
    SeatId,
    booking::{self, Exchange},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Booking,
    book::{answer, via},
    found,
    giving_up::standing,
    no_offer,
};
use crate::api::{
    Api,
    input::{At, Body, ById, Id},
    kind::Kind,
    problem::Problem,
    reply::Reply,
    scope,
    v1::{customers, words::Attendance},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(exchange)).routes(routes!(attend))
}

/// Where a booking goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMove)]
struct Move {
    /// The other session.
    #[schema(inline)]
    session: Id,
    /// Staff may move it when not all of the price would come back any more, and until the other session begins.
    #[serde(default)]
    #[schema(default = false)]
    staff: bool,
}

/// Exchanges a booking for one in another session, both or neither. What was paid moves along.
#[utoipa::path(post, path = "/bookings/{id}/move", tag = "bookings", params(ById), request_body = Move,
    security(("token" = ["write"])), responses((status = 201, body = Booking)))]
async fn exchange(write: Write<scope::Bookings>, At(id): At<SeatId>, body: Body<Move>) -> Result<Response, Problem> {
    write.run(body, move |desk, to| Box::pin(swap(desk, id, to))).await
}

async fn swap(desk: Desk<'_>, id: SeatId, to: Move) -> Result<Reply, Problem> {
    let whose = found(&mut *desk.conn, id).await?.customer;
    customers::held(&mut *desk.conn, whose).await?;
    let booking = found(&mut *desk.conn, id).await?;
    standing(&booking)?;
    no_offer(&mut *desk.conn, id).await?;
    let wish = Exchange {
        seat: id,
        to: to.session.of(),
        customer: booking.customer,
        via: via(to.staff),
        told: None,
        proposal: None,
        asked_at: desk.now,
    };
    let exchanged = booking::exchange(&mut *desk.conn, &wish, desk.now).await?;
    answer(desk.conn, exchanged, ("session", to.session.of())).await
}

/// Who came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAttendance)]
struct Came {
    attendance: Attendance,
}

/// Says whether the customer came, or takes that back.
#[utoipa::path(put, path = "/bookings/{id}/attendance", tag = "bookings", params(ById), request_body = Came,
    security(("token" = ["write"])), responses((status = 200, body = Booking)))]
async fn attend(write: Write<scope::Bookings>, At(id): At<SeatId>, body: Body<Came>) -> Result<Response, Problem> {
    write.run(body, move |desk, came| Box::pin(mark(desk, id, came))).await
}

async fn mark(desk: Desk<'_>, id: SeatId, came: Came) -> Result<Reply, Problem> {
    let marked = booking::attend(&mut *desk.conn, id, came.attendance.into(), desk.now).await?;
    let booking = found(desk.conn, id).await?;
    if !marked {
        return Err(Problem::new(Kind::NotBooked, "it was given up, or is held until it is paid"));
    }
    Reply::ok(&Booking::from(booking))
}
