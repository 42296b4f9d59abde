//! What sessions and appointments are of.

use axum::{Json, response::Response};
use domain::{ServiceId, desk::catalog};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Label, Nothing, Paged, Slug, Whole},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    v1::words::{Named, Said, ServiceKind},
    write::{Desk, Write},
};

/// How long an appointment takes.
type Minutes = Whole<5, 1440>;
/// In minor units.
type Price = Whole<0, 100_000_000>;
/// The most other words for one service.
const MOST: usize = 30;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(write_anew))
}

/// What a session is of.
#[derive(Debug, Serialize, ToSchema)]
struct Service {
    id: i64,
    slug: String,
    name: Said,
    /// Other words that customers use for it, in any language.
    aliases: Vec<String>,
    kind: ServiceKind,
    description: Said,
    /// How long an appointment takes.
    minutes: i32,
    /// What an appointment costs, in minor units of your currency.
    price_minor: i64,
    /// A place is held until it is paid.
    prepaid: bool,
}

impl From<catalog::Service> for Service {
    fn from(service: catalog::Service) -> Self {
        Self {
            id: service.id.0,
            slug: service.slug,
            name: service.name.into(),
            aliases: service.aliases,
            kind: service.kind.into(),
            description: service.description.into(),
            minutes: service.minutes,
            price_minor: service.price_minor,
            prepaid: service.prepaid,
        }
    }
}

/// What is sold, oldest first.
#[utoipa::path(get, path = "/services", tag = "catalog", params(Paging), responses((status = 200, body = Listed<Service>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Service>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = catalog::services(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// All that is told of a service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewService {
    /// Its short name for programs.
    #[schema(inline)]
    slug: Slug,
    /// What customers read.
    name: Named,
    /// Other words that customers use for it, in any language; at most thirty.
    #[serde(default)]
    #[schema(inline, max_items = 30)]
    aliases: Vec<Label>,
    kind: ServiceKind,
    description: Option<Named>,
    /// How long an appointment takes.
    #[serde(default = "an_hour")]
    #[schema(inline, default = 60)]
    minutes: Minutes,
    /// What an appointment costs, in minor units of your currency.
    #[serde(default = "free")]
    #[schema(inline, default = 0)]
    price_minor: Price,
    /// A place is held until it is paid.
    #[serde(default)]
    #[schema(default = false)]
    prepaid: bool,
}

const fn an_hour() -> Minutes {
    Whole(60)
}

const fn free() -> Price {
    Whole(0)
}

impl NewService {
    fn text(self) -> Result<catalog::ServiceText, Problem> {
        if self.aliases.len() > MOST {
            return Err(Problem::field("aliases", "name at most thirty words"));
        }
        Ok(catalog::ServiceText {
            slug: self.slug.0,
            name: self.name.texts().ok_or_else(|| Problem::field("name", "write it in it, in en, or in both"))?,
            aliases: self.aliases.into_iter().map(|alias| alias.0).collect(),
            kind: self.kind.into(),
            description: self.description.and_then(Named::texts).unwrap_or_default(),
            minutes: self.minutes.small(),
            price_minor: self.price_minor.0,
            prepaid: self.prepaid,
        })
    }
}

async fn found(conn: &mut PgConnection, id: ServiceId) -> Result<Service, Problem> {
    catalog::service(conn, id).await?.map(Service::from).ok_or_else(|| Problem::unknown("service", id))
}

/// Adds a service.
#[utoipa::path(post, path = "/services", tag = "catalog", request_body = NewService, security(("token" = ["calendar"])),
    responses((status = 201, body = Service)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewService>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(add(desk, new))).await
}

async fn add(desk: Desk<'_>, new: NewService) -> Result<Reply, Problem> {
    let id = catalog::add_service(&mut *desk.conn, &new.text()?).await?;
    Reply::made(&found(desk.conn, id).await?)
}

/// Tells of a service anew, from end to end. How it is sold cannot change.
#[utoipa::path(put, path = "/services/{id}", tag = "catalog", params(ById), request_body = NewService,
    security(("token" = ["calendar"])), responses((status = 200, body = Service)))]
async fn write_anew(
    write: Write<scope::Calendar>,
    At(id): At<ServiceId>,
    body: Body<NewService>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, new| Box::pin(set(desk, id, new))).await
}

async fn set(desk: Desk<'_>, id: ServiceId, new: NewService) -> Result<Reply, Problem> {
    found(&mut *desk.conn, id).await?;
    if !catalog::set_service(&mut *desk.conn, id, &new.text()?).await? {
        return Err(Problem::field("kind", "it cannot change; add another service"));
    }
    Reply::ok(&found(desk.conn, id).await?)
}
