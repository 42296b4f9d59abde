//! The moment when it becomes serious.

use axum::{extract::Path, response::IntoResponse};
use domain::staff::{self, SignIn, session};
use engine::bulk::{self, Bulk, Confirm};
use serde_json::json;

use super::{at, failed, make, may, preview, target};
use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::form::Fields,
    visit::{Deed, Visit},
};

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/bulk/{id}/confirm", Needs::May(Permission::Bulk), confirm)]
}

async fn confirm(visit: Visit, Path(id): Path<i64>, fields: Fields) -> Answer {
    let bulk = bulk::show(&mut *visit.read().await?, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    if !may(&visit, &bulk.verb) {
        return Err(Failure::Forbidden);
    }
    let asks = bulk.state == "preview" && preview::needs_password(&visit, &bulk);
    if asks && let Some(wrong) = wrong_password(&visit, &fields).await? {
        return again(&visit, &bulk, &wrong).await;
    }
    let rate = make::rate(&visit, &fields)?;
    let mut tx = visit.begin().await?;
    bulk::set_rate(&mut tx, visit.sight(), id, rate).await?;
    match bulk::confirm(&visit.console.engine, &mut tx, visit.sight(), id, fields.text("typed"))
        .await
        .map_err(|error| failed(&error))?
    {
        Confirm::Started(job) => {
            let detail =
                json!({ "verb": bulk.verb, "jobs": bulk.total, "query": bulk.query, "rate": rate, "job": job });
            let reason = Some(bulk.reason.clone());
            visit
                .note(&mut tx, Deed { act: "bulk.confirm", target: target(id), tenant: bulk.tenant, reason, detail })
                .await?;
            if asks {
                session::reauthenticated(&mut tx, visit.signed().session, visit.now()).await?;
            }
            visit.commit(tx).await?;
            visit.console.0.sessions.forget();
            Ok(visit.back(&at(id), &format!("bulk-started:{}", bulk.total)))
        }
        Confirm::Mistyped(phrase) => {
            again(&visit, &bulk, &visit.words().with("bulk-mistyped", &[("phrase", &phrase)])).await
        }
        Confirm::Already(_) => Ok(visit.back(&at(id), "no-bulk-already")),
        Confirm::Empty => Ok(visit.back(&at(id), "no-bulk-empty")),
        Confirm::TooLate => Ok(visit.back(&at(id), "no-bulk-too-late")),
        Confirm::Unknown => Err(Failure::NotFound),
    }
}

/// Why the password does not do.
async fn wrong_password(visit: &Visit, fields: &Fields) -> Result<Option<String>, Failure> {
    let (account, words) = (visit.account().id, visit.words());
    let given =
        staff::check_password(&visit.console.pool, account, fields.raw("password"), &visit.ip, visit.now()).await?;
    Ok(match given {
        SignIn::Granted(_) => None,
        SignIn::Wait { seconds } => Some(words.count("bulk-password-wait", seconds.into())),
        SignIn::NeedsCode(_) | SignIn::Wrong => Some(words.say("bulk-password-wrong")),
    })
}

/// The preview once more, with what is wrong.
async fn again(visit: &Visit, bulk: &Bulk, wrong: &str) -> Answer {
    let frozen = bulk::frozen(&mut *visit.read().await?, visit.sight(), bulk.id).await?.ok_or(Failure::NotFound)?;
    Ok(preview::screen(visit, bulk, &frozen, Some(wrong)).into_response())
}
