//! One operation: what it would do, how far it is, what came of it.

use axum::extract::{Path, Query};
use engine::bulk::{self, Bulk};
use maud::{Markup, html};
use serde::Deserialize;

use super::{at, items, preview, progress};
use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/bulk/{id}", Needs::May(Permission::Look), one)]
}

/// Which items.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Of this result only.
    pub result: Option<String>,
    /// Those after this number.
    pub after: Option<i32>,
}

async fn one(visit: Visit, Path(id): Path<i64>, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let mut conn = visit.read().await?;
    let bulk = bulk::show(&mut conn, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    if bulk.state == "preview" {
        let frozen = bulk::frozen(&mut conn, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
        return Ok(preview::screen(&visit, &bulk, &frozen, None));
    }
    let (result, after) = (asked.result.as_deref().filter(|result| !result.is_empty()), asked.after.unwrap_or(0));
    let items = bulk::items(&mut conn, visit.sight(), id, result, after, items::PAGE + 1).await?;
    let moves = matches!(bulk.state.as_str(), "running" | "paused");
    let body = html! {
        (progress::draw(&visit, &bulk))
        (facts(&visit, &bulk))
        (items::draw(&visit, &bulk, result, after, items))
    };
    let screen = Screen::new(title(&visit, &bulk), Section::Bulk, body);
    Ok(if moves { screen.live() } else { screen })
}

pub(super) fn title(visit: &Visit, bulk: &Bulk) -> String {
    let words = visit.words();
    let n = parts::number(bulk.total.into());
    words.with(
        "bulk-title",
        &[("verb", &words.term("bulk-verb", &bulk.verb)), ("count", &n), ("id", &bulk.id.to_string())],
    )
}

/// How the jobs were found, who asked, and why.
pub(super) fn facts(visit: &Visit, bulk: &Bulk) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let mut facts = vec![
        (words.say("bulk-about"), html! { code { (parts::said(&bulk.query)) } }),
        (words.say("who"), parts::said(&bulk.who)),
        (words.say("reason"), parts::said(&bulk.reason)),
        (words.say("bulk-asked-at"), times.at(bulk.created_at)),
        (
            words.say("bulk-rate"),
            html! { @match bulk.rate { Some(rate) => (words.count("bulk-rate-n", rate.into())), None => (words.say("bulk-rate-kind")) } },
        ),
    ];
    let mut add = |name: &str, value: Option<Markup>| facts.extend(value.map(|value| (words.say(name), value)));
    add("bulk-until", bulk.until.map(|until| times.at(until)));
    add("bulk-started-at", bulk.started_at.map(|at| times.at(at)));
    add("bulk-finished-at", bulk.finished_at.map(|at| times.at(at)));
    add("tenant", bulk.tenant.filter(|_| visit.sight().tenant.is_none()).map(|tenant| html! { (tenant) }));
    add("bulk-job", bulk.job.map(|job| html! { a.mono href=(link::job(job)) { (job) } }));
    html! { section.card { h2 { (words.say("bulk-details")) } (parts::facts(&facts)) p.soft { a href={ "/ops/audit?target=" (link::escape(&super::target(bulk.id))) } { (words.say("bulk-audit")) } " · " a href=(at(bulk.id)) { (words.say("bulk-all-items")) } } } }
}
