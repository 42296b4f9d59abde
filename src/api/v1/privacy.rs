//! What a person may ask of the business: a copy of all that is known of them, and that it is forgotten.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{CustomerId, ExportId, privacy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use workflows::{EraseCustomer, ExportCustomer};

use super::customers;
use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Label},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(exports, export)).routes(routes!(document)).routes(routes!(erasures, erase))
}

/// A copy of all that is known of a customer. It is kept for 30 days.
#[derive(Debug, Serialize, ToSchema)]
struct Export {
    id: i64,
    customer: i64,
    /// Rows of each table that are in it.
    counts: privacy::Counts,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<privacy::Kept> for Export {
    fn from(kept: privacy::Kept) -> Self {
        Self {
            id: kept.id.0,
            customer: kept.customer.0,
            counts: kept.counts,
            created_at: kept.created_at,
            expires_at: kept.expires_at,
        }
    }
}

/// Copies that are kept.
#[derive(Debug, Serialize, ToSchema)]
struct Exports {
    /// The latest first.
    items: Vec<Export>,
}

/// The copies of a customer that are kept.
#[utoipa::path(get, path = "/customers/{id}/exports", tag = "privacy", params(ById), security(("token" = ["privacy"])),
    responses((status = 200, body = Exports)))]
async fn exports(read: Read<scope::Privacy>, At(id): At<CustomerId>) -> Result<Json<Exports>, Problem> {
    let mut tx = read.begin().await?;
    let id = customers::addressed(&mut tx, id).await?;
    let kept = privacy::exports(&mut tx, id).await?;
    Ok(Json(Exports { items: kept.into_iter().map(Export::from).collect() }))
}

/// What has begun.
#[derive(Debug, Serialize, ToSchema)]
struct Begun {
    /// Where it will be told.
    at: String,
}

/// Begins to copy all that is known of a customer.
#[utoipa::path(post, path = "/customers/{id}/exports", tag = "privacy", params(ById), security(("token" = ["privacy"])),
    responses((status = 202, body = Begun)))]
async fn export(write: Write<scope::Privacy>, At(id): At<CustomerId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(copy(desk, id))).await
}

async fn copy(mut desk: Desk<'_>, id: CustomerId) -> Result<Reply, Problem> {
    let customer = customers::addressed(&mut *desk.conn, id).await?;
    let work = ExportCustomer { tenant: desk.tenant(), customer };
    desk.start(&work).await?;
    Reply::accepted(&Begun { at: format!("/api/v1/customers/{customer}/exports") })
}

/// A copy: one document with all that is known of a customer.
#[utoipa::path(get, path = "/exports/{id}", tag = "privacy", params(ById), security(("token" = ["privacy"])),
    responses((status = 200, body = Object)))]
async fn document(read: Read<scope::Privacy>, At(id): At<ExportId>) -> Result<Json<Value>, Problem> {
    let mut tx = read.begin().await?;
    let kept = privacy::kept(&mut tx, id).await?;
    kept.map(|(_, document)| Json(document)).ok_or_else(|| Problem::unknown("export", id))
}

/// That a customer is being forgotten, or was.
#[derive(Debug, Serialize, ToSchema)]
struct Erasure {
    id: i64,
    requested_by: String,
    requested_at: DateTime<Utc>,
    /// Rows of each table that were erased so far.
    erased: privacy::Counts,
    /// How much was searched for what was left of them, once that was done.
    searched: Option<privacy::Counts>,
    /// Where something was found: nowhere, once it is finished.
    left: Option<privacy::Counts>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<privacy::Erasure> for Erasure {
    fn from(erasure: privacy::Erasure) -> Self {
        let (searched, left) = erasure.proof.map(|proof| (proof.searched, proof.left)).unzip();
        Self {
            id: erasure.id.0,
            requested_by: erasure.requested_by,
            requested_at: erasure.requested_at,
            erased: erasure.counts,
            searched,
            left,
            finished_at: erasure.finished_at,
        }
    }
}

/// Erasures of one customer.
#[derive(Debug, Serialize, ToSchema)]
struct Erasures {
    /// The latest first.
    items: Vec<Erasure>,
}

/// How far it is that a customer is forgotten, with the proof.
#[utoipa::path(get, path = "/customers/{id}/erasures", tag = "privacy", params(ById), security(("token" = ["privacy"])),
    responses((status = 200, body = Erasures)))]
async fn erasures(read: Read<scope::Privacy>, At(id): At<CustomerId>) -> Result<Json<Erasures>, Problem> {
    let mut tx = read.begin().await?;
    let id = kept(&mut tx, id).await?;
    let all = privacy::erasures(&mut tx, id).await?;
    Ok(Json(Erasures { items: all.into_iter().map(Erasure::from).collect() }))
}

/// The row of a customer, also of one who was forgotten.
async fn kept(conn: &mut PgConnection, id: CustomerId) -> Result<CustomerId, Problem> {
    privacy::kept_row(conn, id).await?.ok_or_else(|| Problem::unknown("customer", id))
}

/// Who asks that a customer is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewErasure {
    /// The name of whoever decides it, for the books; not the customer's.
    #[schema(inline)]
    requested_by: Label,
}

/// Begins to forget a customer: name, number and all that was said. Bookings and money stay in the books, of somebody
/// without a name. It cannot be undone.
#[utoipa::path(post, path = "/customers/{id}/erasures", tag = "privacy", params(ById), request_body = NewErasure,
    security(("token" = ["privacy"])), responses((status = 202, body = Begun)))]
async fn erase(
    write: Write<scope::Privacy>,
    At(id): At<CustomerId>,
    body: Body<NewErasure>,
) -> Result<Response, Problem> {
    write.run(body, move |desk, new| Box::pin(forget(desk, id, new.requested_by.0))).await
}

async fn forget(mut desk: Desk<'_>, id: CustomerId, requested_by: String) -> Result<Reply, Problem> {
    let customer = kept(&mut *desk.conn, id).await?;
    let work = EraseCustomer { tenant: desk.tenant(), customer, requested_by };
    desk.start(&work).await?;
    Reply::accepted(&Begun { at: format!("/api/v1/customers/{customer}/erasures") })
}
