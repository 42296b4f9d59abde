//! Who leads sessions and takes appointments.

use axum::{Json, response::Response};
use domain::{CrewId, desk::catalog};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
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
    v1::{
        plans,
        words::{Named, Said},
    },
    write::{Desk, Write},
};

/// The most services that one leads.
const MOST: usize = 100;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(write_anew))
}

/// Somebody who leads sessions.
#[derive(Debug, Serialize, ToSchema)]
struct Crew {
    id: i64,
    name: String,
    bio: Said,
    /// What they lead.
    services: Vec<i64>,
}

impl Crew {
    fn new(id: CrewId, text: catalog::CrewText) -> Self {
        Self { id: id.0, name: text.name, bio: text.bio.into(), services: text.services }
    }
}

impl From<catalog::Crew> for Crew {
    fn from(crew: catalog::Crew) -> Self {
        Self { id: crew.id.0, name: crew.name, bio: crew.bio.into(), services: crew.services }
    }
}

/// Who leads sessions, oldest first.
#[utoipa::path(get, path = "/crew", tag = "catalog", params(Paging), responses((status = 200, body = Listed<Crew>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Crew>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = catalog::crew(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// All that is told of somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCrew {
    #[schema(inline)]
    name: Name,
    /// A sentence or two.
    bio: Option<Named>,
    /// What they lead.
    #[serde(default)]
    #[schema(inline, max_items = 100)]
    services: Vec<Id>,
}

impl NewCrew {
    async fn text(self, conn: &mut PgConnection) -> Result<catalog::CrewText, Problem> {
        if self.services.len() > MOST {
            return Err(Problem::field("services", "name at most 100"));
        }
        let mut services: Vec<i64> = self.services.into_iter().map(|service| service.0).collect();
        services.sort_unstable();
        services.dedup();
        plans::services_known(conn, "services", &services).await?;
        Ok(catalog::CrewText { name: self.name.0, bio: self.bio.and_then(Named::texts).unwrap_or_default(), services })
    }
}

/// Adds somebody to the crew.
#[utoipa::path(post, path = "/crew", tag = "catalog", request_body = NewCrew, security(("token" = ["calendar"])),
    responses((status = 201, body = Crew)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewCrew>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new))).await
}

async fn add(desk: Desk<'_>, new: NewCrew) -> Result<Reply, Problem> {
    let text = new.text(&mut *desk.conn).await?;
    let id = catalog::add_crew(desk.conn, &text).await?;
    Reply::made(&Crew::new(id, text))
}

/// Tells of somebody anew, from end to end. What they have in the calendar stays.
#[utoipa::path(put, path = "/crew/{id}", tag = "catalog", params(ById), request_body = NewCrew,
    security(("token" = ["calendar"])), responses((status = 200, body = Crew)))]
async fn write_anew(
    write: Write<scope::Calendar>,
    At(id): At<CrewId>,
    body: Body<NewCrew>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, new| Box::pin(set(desk, id, new))).await
}

async fn set(desk: Desk<'_>, id: CrewId, new: NewCrew) -> Result<Reply, Problem> {
    if !catalog::has_crew(&mut *desk.conn, id).await? {
        return Err(Problem::unknown("crew", id));
    }
    let text = new.text(&mut *desk.conn).await?;
    catalog::set_crew(desk.conn, id, &text).await?;
    Reply::ok(&Crew::new(id, text))
}
