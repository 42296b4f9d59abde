//! One job: what it is, what happened to it, why it waits, and what can be done.

use axum::extract::{Path, Query};
use engine::{
    inspect::{self, Effect, JobFacts, JobPage},
    logbook::{self, LogLine},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{arguments, explain, family, timeline};
use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/jobs/{id}", Needs::May(Permission::Look), one)]
}

#[derive(Deserialize)]
struct Asked {
    /// The line of the audit that says why somebody reads what is masked.
    reveal: Option<i64>,
}

async fn one(visit: Visit, Path(id): Path<i64>, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let mut conn = visit.read().await?;
    let page = inspect::job(&mut conn, visit.sight(), id).await?.ok_or(Failure::NotFound)?;
    let related = inspect::family(&mut conn, visit.sight(), id).await?;
    let revisions = inspect::revisions(&mut conn, visit.sight(), id).await?;
    let lines = logbook::lines(&mut conn, visit.sight(), page.job.root).await?;
    let open = visit.has_said(&mut conn, asked.reveal, super::reveal::ACT, &target(id)).await?;
    let job = &page.job;
    let body = html! {
        (head(&visit, &page))
        @if let Some(why) = &page.why_waiting { section.card { h2 { (visit.words().say("why-waiting")) } (explain::why(&visit, why)) } }
        div.grid {
            section.card { h2 { (visit.words().say("timeline")) } (timeline::draw(&visit, &page.timeline)) }
            (arguments::cards(&visit, &page, &revisions, open))
        }
        (effects(&visit, &page.around.effects))
        (family::card(&visit, &related, id))
        (logs(&visit, &page.job, &lines))
        (details(&visit, &page))
    };
    let ended = ["completed", "dead", "cancelled"].contains(&job.state.as_str());
    let screen = Screen::new(format!("{} {}", job.kind, job.id), Section::Jobs, body);
    // What has ended does not change by itself, and what was revealed is not shown again without a reason.
    Ok(if ended || open { screen } else { screen.live() })
}

/// A job as the audit names it.
pub(super) fn target(id: i64) -> String {
    format!("job {id}")
}

fn head(visit: &Visit, page: &JobPage) -> Markup {
    let (words, job) = (visit.words(), &page.job);
    html! {
        div.row.between {
            div.row {
                (parts::state(words, &job.state))
                @if let Some(at) = job.finished_at { span.soft { (visit.times().ago(at)) } }
                @if let Some(attempts) = job.attempts { span.soft { (words.count("attempts-n", attempts.into())) } }
                @if page.around.steps > 0 { a.button href={ (link::job(job.id)) "/steps" } { (words.count("steps-n", page.around.steps)) } }
                @if let Some(parent) = job.parent { a.button.quiet href=(link::job(parent)) { "↑ " (page.around.parent_kind.as_deref().unwrap_or("?")) } }
                @if job.root != job.id && job.parent != Some(job.root) { a.button.quiet href=(link::job(job.root)) { "⇑ " (page.around.root_kind.as_deref().unwrap_or("?")) } }
            }
            (super::act::buttons(visit, job))
        }
    }
}

fn effects(visit: &Visit, effects: &[Effect]) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    let heads = ["effect", "state-column", "reference", "effect-reason", "effect-sent", "effect-settled"]
        .map(|head| words.say(head));
    html! {
        @if !effects.is_empty() {
            section {
                h2 { (words.say("effects")) }
                (parts::table(&words.say("effects"), &heads, html! {
                    @for effect in effects {
                        tr {
                            td { a.row-link href={ "/ops/effects?key=" (link::escape(&effect.key)) } { (parts::said(&effect.key)) }
                                @if let Some(message) = effect.key.strip_prefix("whatsapp:").and_then(|id| id.parse::<i64>().ok()) { div { a href={ "/ops/why/" (message) } { (words.say("nav-why")) } } } }
                            td { (parts::state(words, &effect.state)) }
                            td.mono { @if let Some(reference) = &effect.reference { (parts::said(reference)) } }
                            td { @if let Some(reason) = &effect.reason { (parts::said(reason)) } }
                            td { @if let Some(at) = effect.sent_at { (times.at(at)) } }
                            td { @if let Some(at) = effect.settled_at { (times.at(at)) } }
                        }
                    }
                }))
            }
        }
    }
}

fn details(visit: &Visit, page: &JobPage) -> Markup {
    let (words, job, policy) = (visit.words(), &page.job, &page.policy);
    let seconds = |value: Option<f64>| html! { @match value { Some(value) => (parts::seconds(value)), None => "–" } };
    let mut facts = vec![
        (words.say("kind"), html! { a href=(link::jobs(&format!("kind:{}", job.kind))) { (job.kind) } }),
        (words.say("tenant"), html! { a href=(link::jobs(&format!("tenant:{}", job.tenant))) { (job.tenant) } }),
        (words.say("enqueued"), visit.times().at(job.created_at)),
        (words.say("priority"), html! { (job.priority) }),
        (words.say("workers-living"), html! { (policy.workers) }),
        (words.say("deadline"), seconds(policy.deadline_seconds)),
        (words.say("queue-wait"), seconds(policy.queue_wait_seconds)),
        (words.say("limits"), html! { (policy.limits.join(", ")) @if policy.limits.is_empty() { "–" } }),
    ];
    let mut add = |name: &str, value: Option<Markup>| facts.extend(value.map(|value| (words.say(name), value)));
    add(
        "key",
        (!job.key.is_empty())
            .then(|| html! { a href=(link::jobs(&format!("key:\"{}\"", job.key))) { (parts::said(&job.key)) } }),
    );
    add(
        "lane",
        job.lane
            .as_deref()
            .map(|lane| html! { a href=(link::jobs(&format!("lane:\"{lane}\""))) { (parts::said(lane)) } }),
    );
    add("limit-key", job.limit_key.as_deref().map(parts::said));
    add("breaker", policy.breaker.as_deref().map(|breaker| html! { a href="/ops/breakers" { (breaker) } }));
    add("worker", job.worker_name.as_deref().map(parts::said));
    add("forked-from", job.forked_from.map(|id| html! { a href=(link::job(id)) { (id) } }));
    add(
        "forks",
        (!page.around.forks.is_empty())
            .then(|| html! { @for id in &page.around.forks { a href=(link::job(*id)) { (id) } " " } }),
    );
    add("trace", trace(job).map(|trace| html! { a.mono href=(link::jobs(&format!("trace:{trace}"))) { (trace) } }));
    html! { section.card { h2 { (words.say("details")) } (parts::facts(&facts)) } }
}

/// What processes logged about the job and all that belongs to it.
fn logs(visit: &Visit, job: &JobFacts, lines: &[LogLine]) -> Markup {
    let words = visit.words();
    let trace = trace(job).unwrap_or_else(|| format!("{:032x}", job.root));
    html! {
        section.card #logs {
            h2 { (words.say("logs")) }
            @if !lines.is_empty() {
                pre tabindex="0" { @for line in lines {
                    (visit.times().at(line.at)) " " (line.level) " " @if line.job == job.id { strong { (line.job) } } @else { (line.job) } " " (parts::said(&line.text)) " (" (parts::said(&line.process)) ")\n" } }
            }
            p.soft { (words.say("logs-more")) " " code { "trace=" (trace) } }
        }
    }
}

/// The trace that the job belongs to, as logs name it.
fn trace(job: &JobFacts) -> Option<String> {
    job.trace.as_deref().and_then(|trace| trace.get(3..35)).map(str::to_owned)
}
