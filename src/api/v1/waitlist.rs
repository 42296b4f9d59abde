//! Waiting lists.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{
    EntryId, SessionId,
    booking::Refusal,
    desk,
    waitlist::{self, Joined, Left},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    customers,
    sessions::{self, Places, one_place},
};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Id, Nothing, Paged},
    kind::Kind,
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(log)).routes(routes!(join)).routes(routes!(one, leave))
}

/// Somebody's place in a waiting list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WaitlistEntry)]
struct Entry {
    id: i64,
    session: i64,
    customer: i64,
    places: i32,
    /// `waiting`, `offered`, `promoted`, `left` or `closed`.
    state: String,
    /// 1 is next; null for who does not wait any more.
    position: Option<i64>,
    /// What is held for them, or was given to them.
    booking: Option<i64>,
    /// Until when it is held.
    offer_expires_at: Option<DateTime<Utc>>,
    /// How many offers ran out.
    missed: i32,
    joined_at: DateTime<Utc>,
}

impl From<desk::waitlist::Entry> for Entry {
    fn from(entry: desk::waitlist::Entry) -> Self {
        Self {
            id: entry.id.0,
            session: entry.session.0,
            customer: entry.customer.0,
            places: entry.places,
            state: entry.state,
            position: entry.position,
            booking: entry.booking.map(|seat| seat.0),
            offer_expires_at: entry.offer_expires_at,
            missed: entry.missed,
            joined_at: entry.joined_at,
        }
    }
}

/// Something that happened in a waiting list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WaitlistEvent)]
struct Line {
    id: i64,
    entry: i64,
    customer: i64,
    /// `joined`, `promoted`, `offered`, `told`, `skipped`, `accepted`, `declined`, `expired`, `undeliverable`, `left` or
    /// `closed`.
    event: String,
    /// Why somebody was passed over.
    reason: Option<String>,
    at: DateTime<Utc>,
}

impl From<desk::waitlist::Line> for Line {
    fn from(line: desk::waitlist::Line) -> Self {
        Self {
            id: line.id,
            entry: line.entry.0,
            customer: line.customer.0,
            event: line.event,
            reason: line.reason,
            at: line.at,
        }
    }
}

/// Who waits for a place in a session, who is next first.
#[utoipa::path(get, path = "/sessions/{id}/waitlist", tag = "waitlist", params(ById, Paging),
    responses((status = 200, body = Listed<Entry>)))]
async fn list(
    read: Read,
    At(id): At<SessionId>,
    paged: Paged<Nothing, (i32, i64)>,
) -> Result<Json<Listed<Entry>>, Problem> {
    let mut tx = read.begin().await?;
    sessions::found(&mut tx, id, read.now()).await?;
    let rows = desk::waitlist::list(&mut tx, id, paged.page()).await?;
    Ok(paged.listed(rows, |row| (row.missed, row.id.0)))
}

/// What became of everybody who waited, oldest first.
#[utoipa::path(get, path = "/sessions/{id}/waitlist/log", tag = "waitlist", params(ById, Paging),
    responses((status = 200, body = Listed<Line>)))]
async fn log(read: Read, At(id): At<SessionId>, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Line>>, Problem> {
    let mut tx = read.begin().await?;
    sessions::found(&mut tx, id, read.now()).await?;
    let rows = desk::waitlist::log(&mut tx, id, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id))
}

/// One place in a waiting list.
#[utoipa::path(get, path = "/waitlist-entries/{id}", tag = "waitlist", params(ById), responses((status = 200, body = Entry)))]
async fn one(read: Read, At(id): At<EntryId>) -> Result<Json<Entry>, Problem> {
    let mut tx = read.begin().await?;
    Ok(Json(found(&mut tx, id).await?.into()))
}

async fn found(conn: &mut PgConnection, id: EntryId) -> Result<desk::waitlist::Entry, Problem> {
    desk::waitlist::one(conn, id).await?.ok_or_else(|| Problem::unknown("waitlist entry", id))
}

/// Somebody who wants to wait.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWaitlistEntry)]
struct NewEntry {
    /// For which session.
    #[schema(inline)]
    session: Id,
    /// Who.
    #[schema(inline)]
    customer: Id,
    /// For how many places.
    #[serde(default = "one_place")]
    #[schema(inline, default = 1)]
    places: Places,
}

/// Puts a customer at the end of a session's list.
#[utoipa::path(post, path = "/waitlist-entries", tag = "waitlist", request_body = NewEntry, security(("token" = ["write"])),
    responses((status = 201, body = Entry)))]
async fn join(write: Write<scope::Bookings>, body: Body<NewEntry>) -> Result<Response, Problem> {
    write.run(body, |desk, wanted| Box::pin(wait(desk, wanted))).await
}

async fn wait(desk: Desk<'_>, wanted: NewEntry) -> Result<Reply, Problem> {
    let customer = customers::locked(&mut *desk.conn, wanted.customer.of()).await?;
    let (session, places) = (wanted.session.of(), wanted.places.small());
    match waitlist::join(&mut *desk.conn, session, customer, places, None, desk.now).await? {
        Joined::Waiting(position) => {
            let entry = Entry::from(found(desk.conn, position.entry).await?);
            Reply::created(format!("/api/v1/waitlist-entries/{}", entry.id), &entry)
        }
        Joined::Already(position) => {
            let detail = format!("it is entry {}, at position {}", position.entry, position.position);
            Err(Problem::new(Kind::Waiting, detail))
        }
        Joined::PlaceFree => Err(Refusal::PlaceFree.into()),
        Joined::HasPlace => Err(Refusal::AlreadyBooked.into()),
        Joined::Closed => {
            Err(Problem::new(Kind::Closed, "the session has begun or was called off; choose another one"))
        }
        Joined::Unknown => Err(Problem::unknown_in("session", "session", session)),
    }
}

/// Takes a customer off the list; what was held for them is passed on.
#[utoipa::path(delete, path = "/waitlist-entries/{id}", tag = "waitlist", params(ById), security(("token" = ["write"])),
    responses((status = 204)))]
async fn leave(write: Write<scope::Bookings>, At(id): At<EntryId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(quit(desk, id))).await
}

async fn quit(desk: Desk<'_>, id: EntryId) -> Result<Reply, Problem> {
    let entry = found(&mut *desk.conn, id).await?;
    customers::held(&mut *desk.conn, entry.customer).await?;
    match waitlist::leave(desk.conn, id, entry.customer, desk.now).await? {
        Left::Left { after } => Ok(Reply::nothing().leaving(after)),
        Left::NotWaiting => Err(Problem::new(Kind::NotWaiting, "there is nothing to do")),
    }
}
