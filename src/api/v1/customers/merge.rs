//! Two customers that prove to be one.

use axum::response::Response;
use domain::{
    CustomerId,
    customer::{self, Merged},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{addressed, known, one};
use crate::api::{
    Api,
    input::{At, Body, ById, Id},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(merge))
}

/// Who it is, too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCustomerMerge)]
struct Merge {
    /// The customer who becomes part of this one.
    #[schema(inline)]
    duplicate: Id,
}

/// Makes a duplicate part of a customer: bookings, chats, payments and plans are all theirs then. Where both have a place
/// in one session the duplicate's is freed. It cannot be undone.
#[utoipa::path(post, path = "/customers/{id}/merge", tag = "customers", params(ById), request_body = Merge,
    security(("token" = ["write"])), responses((status = 200, body = super::Customer)))]
async fn merge(write: Write<scope::Bookings>, At(id): At<CustomerId>, body: Body<Merge>) -> Result<Response, Problem> {
    write.run(body, move |desk, merge| Box::pin(join(desk, id, merge.duplicate.of()))).await
}

async fn join(desk: Desk<'_>, id: CustomerId, duplicate: CustomerId) -> Result<Reply, Problem> {
    let into = addressed(&mut *desk.conn, id).await?;
    let from = known(&mut *desk.conn, duplicate).await.map_err(|problem| problem.about("duplicate"))?;
    if from == into {
        return Err(Problem::field("duplicate", "it is this customer; name another one"));
    }
    match customer::merge(&mut *desk.conn, from, into).await? {
        Merged::Done => Reply::ok(&one(desk.conn, into).await?),
        Merged::Nothing => Err(Problem::unknown_in("duplicate", "customer", duplicate)),
    }
}
