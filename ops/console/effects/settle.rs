//! What became of an effect, by somebody who asked the other side.

use engine::{
    cause, inspect,
    operate::{self, Verdict},
};
use serde_json::json;

use crate::console::{
    Needs, Permission,
    failure::{Answer, Failure},
    routes::{Route, act},
    shell::form::Fields,
    visit::{Deed, Visit},
};

/// The longest name that the other side has for something, in characters.
const REFERENCE: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![act("/ops/effects/settle", Needs::May(Permission::Settle), settle)]
}

async fn settle(visit: Visit, fields: Fields) -> Answer {
    let key = fields.needed("key")?;
    let reference: String = fields.text("reference").chars().filter(|c| !c.is_control()).take(REFERENCE).collect();
    let verdict = match fields.text("verdict") {
        "arrived" => Verdict::Arrived { reference: Some(&*reference).filter(|text| !text.is_empty()) },
        "not_arrived" => Verdict::NotArrived,
        "failed" => Verdict::Failed,
        _ => return Err(Failure::Unfit(visit.words().say("effect-no-verdict"))),
    };
    let reason = fields.reason()?;
    let mut tx = visit.begin().await?;
    let job = cause::of_effect(&mut tx, visit.sight(), key).await?.ok_or(Failure::NotFound)?;
    let page = inspect::job(&mut tx, visit.sight(), job).await?.ok_or(Failure::NotFound)?;
    let before = page.around.effects.iter().find(|effect| effect.key == key).map(|effect| effect.state.clone());
    let result = operate::settle_effect(&mut tx, visit.sight(), key, verdict, &reason).await?;
    if result != "settled" {
        return Ok(visit.back(fields.back("/ops/effects"), refusal(&result)));
    }
    let after = fields.text("verdict");
    let detail =
        json!({ "before": { "state": before }, "after": { "verdict": after, "reference": reference }, "job": job });
    let deed = Deed {
        act: "effect.settle",
        target: format!("effect {key}"),
        tenant: Some(page.job.tenant),
        reason: Some(reason),
        detail,
    };
    visit.note(&mut tx, deed).await?;
    visit.commit(tx).await?;
    Ok(visit.back(fields.back("/ops/effects"), "effect-settled"))
}

fn refusal(result: &str) -> &'static str {
    match result {
        "running" => "no-effect-running",
        "not_open" => "no-effect-not-open",
        _ => "no-effect-unknown",
    }
}
