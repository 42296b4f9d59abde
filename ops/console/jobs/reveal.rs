//! Reading what is masked: said first, and why.

use axum::extract::Path;
use engine::inspect;
use serde_json::json;

use super::one::target;
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::{form::Fields, link},
    visit::{Deed, Visit, see},
};

/// As the audit calls it.
pub(super) const ACT: &str = "job.reveal";

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/jobs/{id}/reveal", Needs::May(Permission::Reveal), reveal)]
}

async fn reveal(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    let page = inspect::job(&mut tx, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    let deed =
        Deed { act: ACT, target: target(id), tenant: Some(page.job.tenant), reason: Some(reason), detail: json!({}) };
    let line = visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(see(&format!("{}?reveal={line}", link::job(id)), None))
}
