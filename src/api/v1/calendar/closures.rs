//! Days on which nothing takes place.

use axum::{Json, response::Response};
use chrono::NaiveDate;
use domain::{ClosureId, calendar, desk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use workflows::CloseDays;

use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Day, Id, Label, Nothing, Paged},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

/// Local days on which nothing takes place.
#[derive(Debug, Serialize, ToSchema)]
struct Closure {
    id: i64,
    /// Null: everywhere.
    location: Option<i64>,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// For the staff.
    reason: String,
}

impl From<desk::closures::Closure> for Closure {
    fn from(closure: desk::closures::Closure) -> Self {
        Self {
            id: closure.id.0,
            location: closure.location.map(|location| location.0),
            first_day: closure.first_day,
            last_day: closure.last_day,
            reason: closure.reason,
        }
    }
}

/// Days that are closed, oldest first.
#[utoipa::path(get, path = "/closures", tag = "calendar", params(Paging), responses((status = 200, body = Listed<Closure>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Closure>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = desk::closures::list(&mut tx, paged.page()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// Days to close.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewClosure {
    /// Left out: everywhere.
    #[schema(inline)]
    location: Option<Id>,
    #[schema(inline)]
    first_day: Day,
    #[schema(inline)]
    last_day: Day,
    /// For the staff.
    #[schema(inline)]
    reason: Label,
}

/// Days that were closed.
#[derive(Debug, Serialize, ToSchema)]
struct AddedClosure {
    closure: Closure,
    /// Sessions that are being called off.
    called_off: Vec<i64>,
}

/// Closes some days, and begins to call off what was to take place on them.
#[utoipa::path(post, path = "/closures", tag = "calendar", request_body = NewClosure, security(("token" = ["calendar"])),
    responses((status = 201, body = AddedClosure)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewClosure>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(close(desk, new))).await
}

async fn close(mut desk: Desk<'_>, new: NewClosure) -> Result<Reply, Problem> {
    let (days, location) = (new.first_day.0..=new.last_day.0, new.location.map(Id::of));
    let closing = calendar::close(&mut *desk.conn, days, location, &new.reason.0, desk.now).await??;
    let work = CloseDays { tenant: desk.tenant(), closure: closing.closure };
    desk.start(&work).await?;
    Reply::made(&AddedClosure {
        closure: Closure {
            id: closing.closure.0,
            location: new.location.map(|location| location.0),
            first_day: new.first_day.0,
            last_day: new.last_day.0,
            reason: new.reason.0,
        },
        called_off: closing.sessions.into_iter().map(|session| session.0).collect(),
    })
}

/// Opens days again. Sessions that were called off stay so; those of weekly classes that are further ahead are made.
#[utoipa::path(delete, path = "/closures/{id}", tag = "calendar", params(ById), security(("token" = ["calendar"])),
    responses((status = 204)))]
async fn remove(write: Write<scope::Calendar>, At(id): At<ClosureId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(open(desk, id))).await
}

async fn open(desk: Desk<'_>, id: ClosureId) -> Result<Reply, Problem> {
    if desk::closures::remove(desk.conn, id).await? {
        Ok(Reply::nothing())
    } else {
        Err(Problem::unknown("closure", id))
    }
}
