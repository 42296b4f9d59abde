//! The operations there were.

use axum::extract::Query;
use engine::bulk::{self, Bulk};
use maud::{Markup, html};
use serde::Deserialize;

use super::{at, state};
use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{chart, parts},
    visit::Visit,
};

const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/bulk", Needs::May(Permission::Look), list)]
}

#[derive(Deserialize)]
struct Asked {
    /// Those before this one.
    before: Option<i64>,
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut rows = bulk::list(&mut *visit.read().await?, visit.sight(), asked.before, PAGE + 1).await?;
    let more = rows.len() > 50;
    rows.truncate(50);
    let older = rows.last().filter(|_| more).map(|last| format!("/ops/bulk?before={}", last.id));
    let newer = asked.before.map(|_| "/ops/bulk");
    let body = html! {
        @if rows.is_empty() { (parts::empty(&words.say("bulk-none"), &words.say("bulk-none-more"))) } @else { (table(&visit, &rows)) }
        (parts::pages(words, newer, older.as_deref()))
    };
    Ok(Screen::new(words.say("nav-bulk"), Section::Bulk, body).live())
}

fn table(visit: &Visit, rows: &[Bulk]) -> Markup {
    let words = visit.words();
    let head = ["bulk-operation", "bulk-what", "bulk-about", "state-column", "bulk-progress", "who", "when"]
        .map(|key| words.say(key));
    parts::table(&words.say("nav-bulk"), &head, html! { @for row in rows { (line(visit, row)) } })
}

fn line(visit: &Visit, bulk: &Bulk) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    html! {
        tr {
            td { a.row-link href=(at(bulk.id)) { (bulk.id) } }
            td { (words.term("bulk-verb", &bulk.verb)) }
            td { code { (parts::said(&bulk.query)) } div.soft { (parts::said(&bulk.reason)) } }
            td { (state(words, bulk)) }
            td {
                (chart::bar(bulk.done.into(), bulk.total.into(), "good", &words.say("bulk-progress")))
                div.soft.nowrap { (parts::number(bulk.done.into())) " / " (parts::number(bulk.total.into()))
                    @if bulk.refused > 0 { " · " (words.count("bulk-refused-n", bulk.refused.into())) } }
            }
            td { (parts::said(&bulk.who)) @if visit.sight().tenant.is_none() { @if let Some(tenant) = bulk.tenant { div.soft { (words.say("tenant")) " " (tenant) } } } }
            td { (times.ago(bulk.created_at)) }
        }
    }
}
