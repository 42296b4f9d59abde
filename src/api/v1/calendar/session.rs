//! One session changes.

use axum::response::Response;
use domain::{SessionId, calendar};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use workflows::CallOffSession;

use super::{Capacity, Minutes, Price};
use crate::api::{
    Api,
    input::{At, Body, ById, Id, Instant, Label, Told, present},
    problem::Problem,
    reply::Reply,
    scope,
    v1::sessions,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(resize)).routes(routes!(call_off))
}

/// What is to be different; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SessionChange)]
struct Change {
    /// When it begins. It lasts as long as before, unless that changes too.
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Instant)]
    starts_at: Option<Instant>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Minutes)]
    minutes: Option<Minutes>,
    /// Who leads it; null: nobody is named.
    #[serde(default)]
    #[schema(inline, value_type = Option<Id>)]
    crew: Told<Id>,
    /// Null: none. Another location without a room means none.
    #[serde(default)]
    #[schema(inline, value_type = Option<Id>)]
    room: Told<Id>,
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Id)]
    location: Option<Id>,
    /// Of bookings from now on.
    #[serde(default, deserialize_with = "present")]
    #[schema(inline, value_type = Price)]
    price_minor: Option<Price>,
}

/// Changes a session that has not begun. When time, place or person change, everybody who is booked hears of it and may
/// give their place up free of charge.
#[utoipa::path(patch, path = "/sessions/{id}", tag = "calendar", params(ById), request_body = Change,
    security(("token" = ["calendar"])), responses((status = 200, body = sessions::Session)))]
async fn change(write: Write<scope::Calendar>, At(id): At<SessionId>, body: Body<Change>) -> Result<Response, Problem> {
    write.run(body, move |desk, change| Box::pin(edit(desk, id, change))).await
}

async fn edit(desk: Desk<'_>, id: SessionId, change: Change) -> Result<Reply, Problem> {
    sessions::found(&mut *desk.conn, id, desk.now).await?;
    let change = calendar::Change {
        starts_at: change.starts_at.map(|at| at.0),
        minutes: change.minutes.map(Minutes::small),
        crew: change.crew.map(Id::of),
        room: change.room.map(Id::of),
        location: change.location.map(Id::of),
        price_minor: change.price_minor.map(|price| price.0),
    };
    let after = calendar::change_session(&mut *desk.conn, id, &change, desk.now).await??;
    Ok(Reply::ok(&sessions::found(desk.conn, id, desk.now).await?)?.leaving(after))
}

/// How large a session is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SessionCapacity)]
struct Size {
    /// All places.
    #[schema(inline)]
    capacity: Capacity,
}

/// Sets how many places a session has. New ones go to who waits; fewer than are booked are refused, with a choice of
/// bookings that could be given up.
#[utoipa::path(put, path = "/sessions/{id}/capacity", tag = "calendar", params(ById), request_body = Size,
    security(("token" = ["calendar"])), responses((status = 200, body = sessions::Session)))]
async fn resize(write: Write<scope::Calendar>, At(id): At<SessionId>, body: Body<Size>) -> Result<Response, Problem> {
    write.run(body, move |desk, size| Box::pin(set(desk, id, size.capacity))).await
}

async fn set(desk: Desk<'_>, id: SessionId, capacity: Capacity) -> Result<Reply, Problem> {
    sessions::found(&mut *desk.conn, id, desk.now).await?;
    let after = calendar::set_capacity(&mut *desk.conn, id, capacity.small(), desk.now).await??;
    Ok(Reply::ok(&sessions::found(desk.conn, id, desk.now).await?)?.leaving(after))
}

/// Why a session does not take place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSessionCancellation)]
struct Cancellation {
    /// For the staff.
    #[schema(inline)]
    reason: Label,
}

/// Begins to call a session off: everybody who is booked gets all their money back and hears of it. What became of each
/// of them is told by `/sessions/{id}/bookings`.
#[utoipa::path(post, path = "/sessions/{id}/cancellation", tag = "calendar", params(ById), request_body = Cancellation,
    security(("token" = ["calendar"])), responses((status = 202, body = sessions::Session)))]
async fn call_off(
    write: Write<scope::Calendar>,
    At(id): At<SessionId>,
    body: Body<Cancellation>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, why| Box::pin(cancel(desk, id, why.reason.0))).await
}

async fn cancel(mut desk: Desk<'_>, id: SessionId, reason: String) -> Result<Reply, Problem> {
    let session = sessions::found(&mut *desk.conn, id, desk.now).await?;
    if session.is_over(desk.now) {
        return Err(domain::booking::Refusal::Started.into());
    }
    let work = CallOffSession { tenant: desk.tenant(), session: id, reason };
    desk.start(&work).await?;
    Reply::accepted(&session)
}
