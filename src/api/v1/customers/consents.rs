//! Whether customers want to be written to unasked.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{CustomerId, customer, desk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{addressed, addressed_locked, one};
use crate::api::{
    Api,
    caller::Read,
    input::{At, Body, ById, Nothing, Paged},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    v1::words::Source,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(consent)).routes(routes!(consents))
}

/// A yes or a no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConsent {
    /// Whether they want to be written to unasked.
    granted: bool,
}

/// Writes down what a customer wants. It counts until they say otherwise.
#[utoipa::path(put, path = "/customers/{id}/consent", tag = "customers", params(ById), request_body = NewConsent,
    security(("token" = ["write"])), responses((status = 200, body = super::Customer)))]
async fn consent(
    write: Write<scope::Bookings>,
    At(id): At<CustomerId>,
    body: Body<NewConsent>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, said| Box::pin(write_down(desk, id, said.granted))).await
}

async fn write_down(desk: Desk<'_>, id: CustomerId, granted: bool) -> Result<Reply, Problem> {
    let id = addressed_locked(&mut *desk.conn, id).await?;
    customer::consent(&mut *desk.conn, id, granted, customer::Source::Api, None, desk.now).await?;
    Reply::ok(&one(desk.conn, id).await?)
}

/// A yes or a no that was said.
#[derive(Debug, Serialize, ToSchema)]
struct Consent {
    id: i64,
    granted: bool,
    source: Source,
    at: DateTime<Utc>,
}

impl From<desk::consents::Consent> for Consent {
    fn from(said: desk::consents::Consent) -> Self {
        Self { id: said.id, granted: said.granted, source: said.source.into(), at: said.at }
    }
}

/// Every yes and no of a customer, newest first: the last one counts.
#[utoipa::path(get, path = "/customers/{id}/consents", tag = "customers", params(ById, Paging),
    responses((status = 200, body = Listed<Consent>)))]
async fn consents(
    read: Read,
    At(id): At<CustomerId>,
    paged: Paged<Nothing, i64>,
) -> Result<Json<Listed<Consent>>, Problem> {
    let mut tx = read.begin().await?;
    let id = addressed(&mut tx, id).await?;
    let rows = desk::consents::list(&mut tx, id, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id))
}
