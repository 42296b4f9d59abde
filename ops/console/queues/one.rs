//! One queue, with everything that holds it up.

use axum::extract::Path;
use engine::{
    KindFacts,
    overview::{self, LimitNow, PauseNow},
};
use maud::{Markup, html};

use super::{
    address, limit, list, minutes, pause,
    row::{self, Row},
};
use crate::console::{
    breakers,
    failure::Failure,
    screen::{Screen, Section},
    shell::{link, parts},
    tenants::Businesses,
    visit::Visit,
};

/// What the screen is drawn from.
struct Seen<'a> {
    row: Row<'a>,
    pauses: Vec<PauseNow>,
    /// Those that it passes; not for whoever belongs to one business.
    limits: Vec<&'a LimitNow>,
}

pub(super) async fn one(visit: Visit, Path(kind): Path<String>) -> Result<Screen, Failure> {
    let businesses = Businesses::of(&visit).await?;
    let mut conn = visit.read().await?;
    let body = match visit.sight().tenant {
        None => {
            let snapshot = overview::snapshot(&mut conn).await?;
            let row = find(row::of_house(&snapshot), &kind)?;
            let limits = snapshot.limits.iter().filter(|limit| limit.kinds.contains(&kind)).collect();
            body(&visit, &Seen { row, pauses: about(&snapshot.pauses, &kind), limits }, &businesses)
        }
        Some(own) => {
            let snapshot = overview::tenant_snapshot(&mut conn, own).await?;
            let row = find(row::of_business(&snapshot), &kind)?;
            body(&visit, &Seen { row, pauses: about(&snapshot.pauses, &kind), limits: Vec::new() }, &businesses)
        }
    };
    Ok(Screen::new(parts::visible(&kind), Section::Queues, body).live())
}

fn find<'a>(rows: Vec<Row<'a>>, kind: &str) -> Result<Row<'a>, Failure> {
    rows.into_iter().find(|row| row.kind() == kind).ok_or(Failure::NotFound)
}

/// The pauses that reach this type.
fn about(pauses: &[PauseNow], kind: &str) -> Vec<PauseNow> {
    pauses.iter().filter(|pause| pause.kind.as_deref().is_none_or(|paused| paused == kind)).cloned().collect()
}

fn body(visit: &Visit, seen: &Seen<'_>, businesses: &Businesses) -> Markup {
    let words = visit.words();
    let row = &seen.row;
    let back = address(row.kind());
    html! {
        div.row.between {
            div.row { (list::stand(visit, row, &seen.pauses)) a href=(link::jobs(&format!("kind:{}", row.kind()))) { (words.say("queues-all-jobs")) } }
            (pause::form(visit, Some(row.kind()), businesses, &words.say("queues-pause"), &back))
        }
        (list::standing_still(visit, &seen.pauses, businesses, &back))
        section { h2 { (words.say("queues-now")) } (tiles(visit, row)) }
        @if let Some(now) = row.now {
            section.card {
                h2 { (words.say("queues-hour")) }
                @if now.completed.is_empty() { p.soft { (words.say("queues-quiet")) } } @else { (minutes::minutes(words, now)) }
                (parts::facts(&[(words.say("queues-run"), html! { (row::mean(now.mean_run_ms)) }), (words.say("queues-wait"), html! { (row::mean(now.mean_wait_ms)) })]))
            }
        }
        @if let Some(facts) = visit.console.checks.kind(row.kind()) { (policy(visit, facts)) }
        @for limit in &seen.limits { (limit::card(visit, limit, &back)) }
        @if row.now.is_some() && seen.limits.is_empty() { p.soft.note { (words.say("queues-no-limits")) } }
    }
}

fn tiles(visit: &Visit, row: &Row<'_>) -> Markup {
    let words = visit.words();
    let standing = row.standing;
    let tile = |word: &str, n: i64, state: &str, tone: &str| {
        let tone = if n > 0 { tone } else { "" };
        parts::tile(&words.say(word), &row::capped(n), tone, Some(&row.jobs(state)))
    };
    let age =
        standing.oldest_ready_seconds.filter(|_| standing.ready > 0).map_or_else(|| "–".to_owned(), parts::seconds);
    html! {
        div.tiles {
            (tile("queues-ready", standing.ready, "ready", ""))
            (parts::tile(&words.say("queues-oldest"), &age, if row.is_slow() { "bad" } else { "" }, None))
            (tile("queues-running", standing.running, "running", ""))
            (tile("queues-retrying", standing.retrying, "retrying", "wait"))
            (tile("queues-held", standing.held, "held", "wait"))
            (tile("queues-blocked", standing.blocked, "blocked", ""))
            (tile("queues-scheduled", standing.scheduled, "scheduled", ""))
            (tile("queues-waiting", standing.waiting, "waiting", ""))
            (tile("queues-dead", standing.dead_today, "dead", "bad"))
        }
    }
}

/// How the code treats it.
fn policy(visit: &Visit, facts: &KindFacts) -> Markup {
    let words = visit.words();
    let mut told = vec![
        (words.say("queues-attempts"), html! { (facts.attempts) }),
        (words.say("queues-timeout"), html! { (parts::seconds(facts.timeout.as_secs_f64())) }),
        (words.say("queues-concurrency"), html! { (facts.concurrency) }),
        (
            words.say("queues-breaker"),
            html! {
                @match facts.breaker { Some(rule) => a href=(breakers::address(rule)) { (rule) }, None => (words.say("none")) }
            },
        ),
    ];
    if !facts.former_names.is_empty() {
        told.push((words.say("queues-former"), html! { (facts.former_names.join(", ")) }));
    }
    html! { section.card { h2 { (words.say("queues-policy")) } (parts::facts(&told)) } }
}
