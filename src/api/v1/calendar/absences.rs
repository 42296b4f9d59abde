//! When somebody of the crew is away.

use axum::{Json, response::Response};
use chrono::{DateTime, Utc};
use domain::{AbsenceId, CrewId, calendar, desk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::{
    Api,
    caller::Read,
    input::{At, Bare, Body, ById, Id, Instant, Label, Nothing, Paged},
    page::{Listed, Paging},
    problem::Problem,
    reply::Reply,
    scope,
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

/// A time in which somebody leads nothing.
#[derive(Debug, Serialize, ToSchema)]
struct Absence {
    id: i64,
    crew: i64,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// For the staff.
    reason: Option<String>,
}

impl From<desk::absences::Absence> for Absence {
    fn from(absence: desk::absences::Absence) -> Self {
        Self {
            id: absence.id.0,
            crew: absence.crew.0,
            from: absence.during.start,
            until: absence.during.end,
            reason: absence.reason,
        }
    }
}

/// Absences that are not over, oldest first.
#[utoipa::path(get, path = "/absences", tag = "calendar", params(Paging), responses((status = 200, body = Listed<Absence>)))]
async fn list(read: Read, paged: Paged<Nothing, i64>) -> Result<Json<Listed<Absence>>, Problem> {
    let mut tx = read.begin().await?;
    let rows = desk::absences::list(&mut tx, paged.page(), read.now()).await?;
    Ok(paged.listed(rows, |row| row.id.0))
}

/// Somebody who will be away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAbsence {
    #[schema(inline)]
    crew: Id,
    #[schema(inline)]
    from: Instant,
    #[schema(inline)]
    until: Instant,
    /// For the staff.
    #[schema(inline)]
    reason: Label,
}

/// Writes down that somebody is away. What they are to lead in that time has to be led by somebody else, moved or called
/// off first.
#[utoipa::path(post, path = "/absences", tag = "calendar", request_body = NewAbsence, security(("token" = ["calendar"])),
    responses((status = 201, body = Absence)))]
async fn create(write: Write<scope::Calendar>, body: Body<NewAbsence>) -> Result<Response, Problem> {
    write.run(body, |desk, new| Box::pin(write_down(desk, new))).await
}

async fn write_down(desk: Desk<'_>, new: NewAbsence) -> Result<Reply, Problem> {
    let (crew, during): (CrewId, _) = (new.crew.of(), new.from.0..new.until.0);
    let id = calendar::away(desk.conn, crew, during.clone(), &new.reason.0).await??;
    let absence = desk::absences::Absence { id, crew, during, reason: Some(new.reason.0) };
    Reply::made(&Absence::from(absence))
}

/// Takes an absence back.
#[utoipa::path(delete, path = "/absences/{id}", tag = "calendar", params(ById), security(("token" = ["calendar"])),
    responses((status = 204)))]
async fn remove(write: Write<scope::Calendar>, At(id): At<AbsenceId>, bare: Bare) -> Result<Response, Problem> {
    write.run(bare.0, move |desk, _| Box::pin(take_back(desk, id))).await
}

async fn take_back(desk: Desk<'_>, id: AbsenceId) -> Result<Reply, Problem> {
    if desk::absences::remove(desk.conn, id).await? {
        Ok(Reply::nothing())
    } else {
        Err(Problem::unknown("absence", id))
    }
}
