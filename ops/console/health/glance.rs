//! Numbers and queues at a glance.

use engine::overview::{BreakerNow, EffectsNow, WorkerNow};
use maud::{Markup, html};

use super::attention;
use crate::console::{
    breakers,
    queues::{
        self,
        row::{self, Row, capped},
    },
    shell::{link, parts},
    tenants::Businesses,
    visit::Visit,
};

/// Queues that are told of here; all of them have their own screen.
const MOST: usize = 8;
/// The workflow that answers a customer.
const ANSWER: &str = "answer_message";

pub(super) fn tiles(visit: &Visit, rows: &[Row<'_>], effects: &EffectsNow, workers: Option<&[WorkerNow]>) -> Markup {
    let words = visit.words();
    let sum = |of: fn(&Row<'_>) -> i64| rows.iter().map(of).sum::<i64>();
    let tile = |word: &str, n: i64, tone: &str, to: &str| {
        parts::tile(&words.say(word), &capped(n), if n > 0 { tone } else { "" }, Some(to))
    };
    html! {
        section {
            h2 { (words.say("health-jobs")) }
            div.tiles {
                (tile("health-ready", sum(|row| row.standing.ready), "", &link::jobs("state:ready")))
                (tile("health-running", sum(|row| row.standing.running), "", &link::jobs("state:running")))
                (tile("health-retrying", sum(|row| row.standing.retrying), "wait", &link::jobs("state:retrying")))
                (tile("health-held", sum(|row| row.standing.held), "wait", &link::jobs("state:held")))
                (tile("health-dead-today", sum(|row| row.standing.dead_today), "bad", "/ops/dead"))
                (tile("health-unknown", effects.unknown, "bad", "/ops/effects"))
                @if let Some(workers) = workers {
                    @let living = workers.iter().filter(|worker| attention::is_living(worker)).count();
                    (parts::tile(&words.say("health-workers"), &living.to_string(), if living == 0 { "bad" } else { "" }, Some("#workers")))
                }
            }
        }
    }
}

/// The queues where most goes on.
pub(super) fn queues(visit: &Visit, rows: &[Row<'_>]) -> Markup {
    let words = visit.words();
    let mut busy: Vec<&Row<'_>> = rows.iter().filter(|row| row.activity() > 0).collect();
    busy.sort_by_key(|row| std::cmp::Reverse(row.activity()));
    busy.truncate(MOST);
    // By name: a line that jumps cannot be read.
    busy.sort_by_key(|row| row.kind().to_owned());
    let longest = busy.iter().map(|row| row.standing.ready).max().unwrap_or(0);
    let house = visit.sight().tenant.is_none();
    let mut head = vec!["kind", "queues-ready", "queues-oldest", "queues-running", "queues-retrying", "queues-dead"];
    if house {
        head.push("queues-hour");
    }
    let head: Vec<String> = head.into_iter().map(|key| words.say(key)).collect();
    html! {
        section {
            h2.row { (words.say("health-queues")) a href="/ops/queues" { (words.say("health-all-queues")) } }
            @if busy.is_empty() { (parts::empty(&words.say("health-quiet"), &words.say("health-quiet-more"))) }
            @else { (parts::table(&words.say("health-queues"), &head, html! { @for row in busy { (line(visit, row, longest)) } })) }
        }
    }
}

fn line(visit: &Visit, row: &Row<'_>, longest: i64) -> Markup {
    let words = visit.words();
    let standing = row.standing;
    html! {
        tr {
            td.whole { a.row-link href=(queues::address(row.kind())) { (parts::said(row.kind())) } }
            td.depth { (row.depth(words, longest)) }
            td { (row.oldest()) }
            td { (row.count(standing.running, "running")) }
            td { (row.count(standing.retrying, "retrying")) }
            td { (row.count(standing.dead_today, "dead")) }
            @if let Some(now) = row.now {
                @let failed = now.failed.iter().sum::<i64>();
                td { (row.hour(words)) @if failed > 0 { div.wrong { (words.count("health-failed", failed)) } } }
            }
        }
    }
}

/// How long customers wait for an answer.
pub(super) fn inbox(visit: &Visit, rows: &[Row<'_>]) -> Markup {
    let words = visit.words();
    let Some(row) = rows.iter().find(|row| row.kind() == ANSWER) else { return html! {} };
    let standing = row.standing;
    let mut facts = vec![
        (words.say("health-inbox-oldest"), row.oldest()),
        (words.say("health-inbox-ready"), row.count(standing.ready, "ready")),
        (
            words.say("health-inbox-busy"),
            row.count(standing.running + row.later(), "running,scheduled,retrying,waiting"),
        ),
        (words.say("health-inbox-held"), row.count(standing.held + standing.blocked, "held,blocked")),
    ];
    if let Some(now) = row.now {
        facts.push((words.say("queues-wait"), html! { (row::mean(now.mean_wait_ms)) }));
    }
    html! { section.card { h2 { (words.say("health-inbox")) } (parts::facts(&facts)) } }
}

/// The breakers, each in a line.
pub(super) fn breakers(visit: &Visit, all: &[BreakerNow], businesses: &Businesses) -> Markup {
    let words = visit.words();
    html! {
        section.card {
            h2 { (words.say("nav-breakers")) }
            @if all.is_empty() { p.soft { (words.say("health-breakers-closed")) } }
            ul.plain {
                @for breaker in all {
                    li.row.between {
                        a href=(breakers::address(&breaker.rule)) {
                            (parts::said(&breaker.rule))
                            @if let (Some(tenant), None) = (breaker.tenant, visit.sight().tenant) { " · " (parts::said(&businesses.name(words, Some(tenant)))) }
                        }
                        (breakers::state(visit, breaker))
                    }
                }
            }
        }
    }
}
