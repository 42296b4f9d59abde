//! One schedule, with its history.

use axum::extract::Path;
use engine::schedule::{self, Act, Run};
use maud::{Markup, html};

use super::{NEXT, acts, address, expression, last, next, stand};
use crate::console::{
    failure::Failure,
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

/// Ticks that are looked back at.
const PAST: usize = 20;
/// The most acts that are told.
const ACTS: i64 = 50;

pub(super) async fn one(visit: Visit, Path(name): Path<String>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let entries = schedule::list(&mut conn).await?;
    let entry = entries.into_iter().find(|entry| entry.name == name).ok_or(Failure::NotFound)?;
    let runs = schedule::runs(&mut conn, &entry, PAST).await?;
    let done = schedule::acts(&mut conn, &name, ACTS).await?;
    let body = html! {
        div.row.between { div { (stand(&visit, &entry)) } div.row { (acts::buttons(&visit, &entry, &address(&name))) } }
        section.card {
            (parts::facts(&[
                (words.say("schedules-when"), expression(&visit, &entry)),
                (words.say("schedules-last"), last(&visit, &entry)),
                (words.say("schedules-next"), next(&visit, &entry, NEXT)),
            ]))
        }
        (history(&visit, &runs))
        (told(&visit, &done))
    };
    Ok(Screen::new(parts::visible(&name), Section::Schedules, body))
}

fn history(visit: &Visit, runs: &[Run]) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let head = ["schedules-tick", "job", "state-column", "schedules-took"].map(|key| words.say(key));
    html! {
        section {
            h2 { (words.say("schedules-history")) }
            @if runs.is_empty() { (parts::empty(&words.say("schedules-no-runs"), &words.say("schedules-no-runs-more"))) }
            @else {
                (parts::table(&words.say("schedules-history"), &head, html! {
                    @for run in runs {
                        tr {
                            td { (times.at(run.tick)) }
                            td { a.row-link href=(link::job(run.job)) { (run.job) } }
                            td { (parts::state(words, &run.state)) }
                            td { @if let Some(ended) = run.finished_at { (parts::length(ended - run.created_at)) } }
                        }
                    }
                }))
            }
        }
    }
}

fn told(visit: &Visit, acts: &[Act]) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let head = ["when", "who", "what", "reason", "job"].map(|key| words.say(key));
    html! {
        section {
            h2 { (words.say("schedules-done")) }
            @if acts.is_empty() { p.soft { (words.say("schedules-no-acts")) } }
            @else {
                (parts::table(&words.say("schedules-done"), &head, html! {
                    @for act in acts {
                        tr {
                            td { (times.at(act.at)) }
                            td { (parts::said(&act.who)) }
                            td { (words.term("schedules-did", &act.act)) }
                            td.wrap { (parts::said(&act.why)) }
                            td { @if let Some(job) = act.job { a href=(link::job(job)) { (job) } } }
                        }
                    }
                }))
            }
        }
    }
}
