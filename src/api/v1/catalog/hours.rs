//! When the crew can be had for appointments.

use axum::{Json, response::Response};
use domain::desk::catalog;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Clock, Id, Nothing, Paged, Weekdays},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

/// Hours in which one of the crew can be booked, by the clock of the business.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkingHours)]
struct Hours {
    id: i64,
    crew: i64,
    location: i64,
    room: Option<i64>,
    /// 1 is Monday.
    weekdays: Vec<i16>,
    from: String,
    until: String,
}

impl From<catalog::Hours> for Hours {
    fn from(hours: catalog::Hours) -> Self {
        Self {
            id: hours.id,
            crew: hours.crew.0,
            location: hours.location.0,
            room: hours.room.map(|room| room.0),
            weekdays: hours.weekdays,
            from: hours.from.format("%H:%M").to_string(),
            until: hours.until.format("%H:%M").to_string(),
        }
    }
}

/// Working hours, oldest first.
#[utoipa::path(get, path = "/working-hours", tag = "catalog", params(Paging), responses((status = 200, body = Listed<Hours>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Hours>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = catalog::hours(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id))
}

/// Hours to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWorkingHours)]
struct NewHours {
    #[schema(inline)]
    crew: Id,
    #[schema(inline)]
    location: Id,
    #[schema(inline)]
    room: Option<Id>,
    #[schema(inline)]
    weekdays: Weekdays,
    #[schema(inline)]
    from: Clock,
    /// What is booked ends by then.
    #[schema(inline)]
    until: Clock,
}

/// Adds hours in which one of the crew can be booked.
#[utoipa::path(post, path = "/working-hours", tag = "catalog", request_body = NewHours, security(("token" = ["calendar"])),
    responses((status = 201, body = Hours)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewHours>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new))).await
}

async fn add(desk: Desk<'_>, new: NewHours) -> Result<Reply, Problem> {
    let new = catalog::NewHours {
        crew: new.crew.of(),
        location: new.location.of(),
        room: new.room.map(Id::of),
        weekdays: new.weekdays.0,
        from: new.from.0,
        until: new.until.0,
    };
    let id = catalog::add_hours(desk.conn, &new).await??;
    let catalog::NewHours { crew, location, room, weekdays, from, until } = new;
    Reply::made(&Hours::from(catalog::Hours { id, crew, location, room, weekdays, from, until }))
}

/// Takes hours back. What is booked in them stays.
#[utoipa::path(delete, path = "/working-hours/{id}", tag = "catalog", params(ById), security(("token" = ["calendar"])),
    responses((status = 204)))]
async fn remove(write: Write<scope::Calendar>, At(id): At<i64>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(take_back(desk, id))).await
}

async fn take_back(desk: Desk<'_>, id: i64) -> Result<Reply, Problem> {
    if catalog::remove_hours(desk.conn, id).await? {
        Ok(Reply::nothing())
    } else {
        Err(Problem::unknown("working hours", id))
    }
}
