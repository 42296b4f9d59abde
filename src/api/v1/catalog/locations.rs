//! Places of the business.

use axum::{Json, response::Response};
use domain::{LocationId, desk::catalog};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Name, Nothing, Paged},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    v1::words::{Named, Said},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(write_anew))
}

/// A place of the business.
#[derive(Debug, Serialize, ToSchema)]
struct Location {
    id: i64,
    name: String,
    /// Street and town.
    address: String,
    /// How to get there.
    directions: Said,
}

impl Location {
    fn new(id: LocationId, text: catalog::LocationText) -> Self {
        Self { id: id.0, name: text.name, address: text.address, directions: text.directions.into() }
    }
}

impl From<catalog::Location> for Location {
    fn from(location: catalog::Location) -> Self {
        Self {
            id: location.id.0,
            name: location.name,
            address: location.address,
            directions: location.directions.into(),
        }
    }
}

/// Where sessions take place, oldest first.
#[utoipa::path(get, path = "/locations", tag = "catalog", params(Paging), responses((status = 200, body = Listed<Location>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Location>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = catalog::locations(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// All that is told of a place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLocation {
    #[schema(inline)]
    name: Name,
    /// Street and town.
    #[schema(inline)]
    address: Name,
    /// How to get there.
    directions: Option<Named>,
}

impl NewLocation {
    fn text(self) -> catalog::LocationText {
        catalog::LocationText {
            name: self.name.0,
            address: self.address.0,
            directions: self.directions.and_then(Named::texts).unwrap_or_default(),
        }
    }
}

/// Adds a place.
#[utoipa::path(post, path = "/locations", tag = "catalog", request_body = NewLocation, security(("token" = ["calendar"])),
    responses((status = 201, body = Location)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewLocation>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new.text()))).await
}

async fn add(desk: Desk<'_>, text: catalog::LocationText) -> Result<Reply, Problem> {
    let id = catalog::add_location(desk.conn, &text).await?;
    Reply::made(&Location::new(id, text))
}

/// Tells of a place anew, from end to end.
#[utoipa::path(put, path = "/locations/{id}", tag = "catalog", params(ById), request_body = NewLocation,
    security(("token" = ["calendar"])), responses((status = 200, body = Location)))]
async fn write_anew(
    write: Write<scope::Calendar>,
    At(id): At<LocationId>,
    body: Body<NewLocation>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, new| Box::pin(set(desk, id, new.text()))).await
}

async fn set(desk: Desk<'_>, id: LocationId, text: catalog::LocationText) -> Result<Reply, Problem> {
    if !catalog::set_location(desk.conn, id, &text).await? {
        return Err(Problem::unknown("location", id));
    }
    Reply::ok(&Location::new(id, text))
}
