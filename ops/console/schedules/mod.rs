//! The schedules: when each runs, how it went, and who stopped it.

mod acts;
mod one;

use engine::schedule::{self, Entry};
use maud::{Markup, html};

use super::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

/// The next ticks that are told.
const NEXT: usize = 5;

pub(super) fn routes() -> Vec<Route> {
    let (look, run) = (Needs::May(Permission::House), Needs::May(Permission::RunHouse));
    vec![
        show("/ops/schedules", look, list),
        show("/ops/schedules/{name}", look, one::one),
        act("/ops/schedules/{name}/trigger", run, acts::trigger),
        act("/ops/schedules/{name}/pause", run, acts::pause),
        act("/ops/schedules/{name}/resume", run, acts::resume),
    ]
}

fn address(name: &str) -> String {
    format!("/ops/schedules/{}", link::escape(name))
}

async fn list(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let entries = schedule::list(&mut *visit.read().await?).await?;
    let head =
        ["schedules-name", "schedules-when", "schedules-last", "schedules-next", "state-column", "schedules-acts"];
    let rows = html! { @for entry in &entries { (row(&visit, entry)) } };
    let body = html! {
        @if entries.is_empty() { (parts::empty(&words.say("schedules-none"), &words.say("schedules-none-more"))) }
        @else { (parts::table(&words.say("nav-schedules"), &head.map(|key| words.say(key)), rows)) }
    };
    Ok(Screen::new(words.say("nav-schedules"), Section::Schedules, body).live())
}

fn row(visit: &Visit, entry: &Entry) -> Markup {
    html! {
        tr {
            td.whole { a.row-link href=(address(&entry.name)) { (parts::said(&entry.name)) } }
            td.whole { (expression(visit, entry)) }
            td { (last(visit, entry)) }
            td.whole { (next(visit, entry, 1)) }
            td { (stand(visit, entry)) }
            td.actions { (acts::buttons(visit, entry, "/ops/schedules")) }
        }
    }
}

/// Its expression and its zone.
fn expression(visit: &Visit, entry: &Entry) -> Markup {
    html! {
        @match &entry.expression {
            Some(expression) => code { (parts::said(expression)) },
            None => span.soft { (visit.words().say("schedules-unknown")) },
        }
        @if let Some(zone) = &entry.zone { div.soft { (parts::said(zone)) } }
    }
}

/// Its latest tick, and the job that came of it.
fn last(visit: &Visit, entry: &Entry) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    html! {
        @match entry.last_tick { Some(tick) => (times.ago(tick)), None => span.soft { (words.say("schedules-never")) } }
        @if let Some(run) = &entry.last_run {
            div {
                @if run.state == "pruned" { span.soft { (words.say("schedules-pruned")) } }
                @else { a href=(link::job(run.job)) { (run.job) } " " (parts::state(words, &run.state)) }
            }
        }
    }
}

/// The next ticks, on the wall of its own zone.
fn next(visit: &Visit, entry: &Entry, ticks: usize) -> Markup {
    let times = visit.times();
    html! {
        @if entry.pause.is_some() { span.soft { "–" } }
        @for tick in entry.next(ticks) {
            div { (times.ago(tick.to_utc())) } div.soft { (tick.format("%Y-%m-%d %H:%M:%S %Z")) }
        }
        @if let Some(queued) = entry.queued { div.soft { (visit.words().say("schedules-queued")) " " (times.at(queued)) } }
    }
}

fn stand(visit: &Visit, entry: &Entry) -> Markup {
    let words = visit.words();
    html! {
        @match &entry.pause {
            Some(pause) => {
                span.state.is-paused { (words.say("schedules-paused")) }
                div.soft { (parts::said(&pause.who)) " · " (visit.times().ago(pause.at)) }
                div.soft.wrap { (parts::said(&pause.why)) }
            },
            None => span.state.is-completed { (words.say("schedules-runs")) },
        }
    }
}
