//! On the way: pause, resume, abort, another rate.

use axum::extract::Path;
use engine::bulk::{self, Bulk, Steered};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use super::{at, failed, make, may, target};
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::form::Fields,
    visit::{Deed, Visit},
};

const MAY: Needs = Needs::May(Permission::Bulk);

pub(super) fn routes() -> Vec<Route> {
    vec![
        act("/ops/bulk/{id}/pause", MAY, pause),
        act("/ops/bulk/{id}/resume", MAY, resume),
        act("/ops/bulk/{id}/abort", MAY, abort),
        act("/ops/bulk/{id}/rate", MAY, rate),
    ]
}

async fn pause(visit: Visit, Path(id): Path<i64>) -> Answer {
    let bulk = seen(&visit, id).await?;
    let mut tx = visit.begin().await?;
    let steered = bulk::pause(&mut tx, visit.sight(), id).await?;
    finish(&visit, tx, &bulk, steered, ("bulk.pause", "bulk-paused"), None, json!({ "done": bulk.done })).await
}

async fn resume(visit: Visit, Path(id): Path<i64>) -> Answer {
    let bulk = seen(&visit, id).await?;
    let mut tx = visit.begin().await?;
    let steered =
        bulk::resume(&visit.console.engine, &mut tx, visit.sight(), id).await.map_err(|error| failed(&error))?;
    finish(&visit, tx, &bulk, steered, ("bulk.resume", "bulk-resumed"), None, json!({ "done": bulk.done })).await
}

/// One that runs needs a reason; a preview is just called off.
async fn abort(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let bulk = seen(&visit, id).await?;
    let reason = if bulk.state == "preview" { None } else { Some(fields.reason()?) };
    let mut tx = visit.begin().await?;
    let steered = bulk::abort(&mut tx, visit.sight(), id).await?;
    finish(
        &visit,
        tx,
        &bulk,
        steered,
        ("bulk.abort", "bulk-aborted"),
        reason,
        json!({ "done": bulk.done, "before": bulk.state }),
    )
    .await
}

async fn rate(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let bulk = seen(&visit, id).await?;
    let rate = make::rate(&visit, &fields)?;
    let mut tx = visit.begin().await?;
    let steered = bulk::set_rate(&mut tx, visit.sight(), id, rate).await?;
    let detail = json!({ "before": { "rate": bulk.rate }, "after": { "rate": rate } });
    finish(&visit, tx, &bulk, steered, ("bulk.rate", "bulk-rate-set"), None, detail).await
}

/// The operation, if this person may do to many jobs what it does.
async fn seen(visit: &Visit, id: i64) -> Result<Bulk, Failure> {
    let bulk = bulk::show(&mut *visit.read().await?, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    if may(visit, &bulk.verb) { Ok(bulk) } else { Err(Failure::Forbidden) }
}

async fn finish(
    visit: &Visit,
    mut tx: Transaction<'static, Postgres>,
    bulk: &Bulk,
    steered: Steered,
    (act, flash): (&'static str, &str),
    reason: Option<String>,
    detail: Value,
) -> Answer {
    match steered {
        Steered::Done => {}
        Steered::Already => return Ok(visit.back(&at(bulk.id), "bulk-was-so")),
        Steered::TooLate => return Ok(visit.back(&at(bulk.id), "no-bulk-ended")),
        Steered::Unknown => return Err(Failure::NotFound),
    }
    visit.note(&mut tx, Deed { act, target: target(bulk.id), tenant: bulk.tenant, reason, detail }).await?;
    visit.commit(tx).await?;
    Ok(visit.back(&at(bulk.id), flash))
}
