//! Rooms: what one session at a time can use.

use axum::{Json, response::Response};
use domain::{LocationId, RoomId, desk::catalog};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Id, Name, Nothing, Paged},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(rename))
}

/// A room.
#[derive(Debug, Serialize, ToSchema)]
struct Room {
    id: i64,
    location: i64,
    name: String,
}

impl Room {
    fn new(id: RoomId, location: LocationId, name: String) -> Self {
        Self { id: id.0, location: location.0, name }
    }
}

impl From<catalog::Room> for Room {
    fn from(room: catalog::Room) -> Self {
        Self::new(room.id, room.location, room.name)
    }
}

/// Rooms, oldest first.
#[utoipa::path(get, path = "/rooms", tag = "catalog", params(Paging), responses((status = 200, body = Listed<Room>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Room>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = catalog::rooms(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// A room to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRoom {
    #[schema(inline)]
    location: Id,
    #[schema(inline)]
    name: Name,
}

/// Adds a room.
#[utoipa::path(post, path = "/rooms", tag = "catalog", request_body = NewRoom, security(("token" = ["calendar"])),
    responses((status = 201, body = Room)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewRoom>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new))).await
}

async fn add(desk: Desk<'_>, new: NewRoom) -> Result<Reply, Problem> {
    let location = new.location.of();
    if !catalog::has_location(&mut *desk.conn, location).await? {
        return Err(Problem::unknown_in("location", "location", location));
    }
    let id = catalog::add_room(desk.conn, location, &new.name.0).await?;
    Reply::made(&Room::new(id, location, new.name.0))
}

/// What a room is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoomName {
    #[schema(inline)]
    name: Name,
}

/// Calls a room something else.
#[utoipa::path(put, path = "/rooms/{id}", tag = "catalog", params(ById), request_body = RoomName,
    security(("token" = ["calendar"])), responses((status = 200, body = Room)))]
async fn rename(write: Write<scope::Calendar>, At(id): At<RoomId>, body: Body<RoomName>) -> Result<Response, Problem> {
    write.run(body, move |desk, name| Box::pin(call(desk, id, name.name.0))).await
}

async fn call(desk: Desk<'_>, id: RoomId, name: String) -> Result<Reply, Problem> {
    let location = catalog::rename_room(desk.conn, id, &name).await?;
    let location = location.ok_or_else(|| Problem::unknown("room", id))?;
    Reply::ok(&Room::new(id, location, name))
}
