//! The businesses of the house: what each has to do, and its share of the workers.

mod names;

use domain::tenant::Line;
use engine::overview::{self, PauseNow, TenantNow};
use maud::{Markup, html};

use super::{
    Needs, Permission,
    failure::Failure,
    queues::pause::{self, Whose},
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

pub(super) use names::Businesses;

/// What a column counts.
type Count = fn(&TenantNow) -> i64;

/// The columns that lead to jobs: a count, its word and its query.
const COUNTS: [(&str, Count); 8] = [
    ("ready", |now| now.ready),
    ("running", |now| now.running),
    ("retrying", |now| now.retrying),
    ("held", |now| now.held),
    ("blocked", |now| now.blocked),
    ("scheduled", |now| now.scheduled),
    ("waiting", |now| now.waiting),
    ("dead", |now| now.dead_today),
];

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/tenants", Needs::May(Permission::House), tenants)]
}

async fn tenants(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let now = overview::tenants(&mut *visit.read().await?).await?;
    let businesses = Businesses::of(&visit).await?;
    let mut head = vec![words.say("tenant"), words.say("tenants-id")];
    head.extend(COUNTS.iter().map(|(state, _)| words.say(&format!("tenants-{state}"))));
    head.extend([words.say("tenants-share"), words.say("tenants-pause")]);
    let rows = html! {
        @for line in &businesses.0 { (row(&visit, line, now.iter().find(|now| now.tenant == line.id.0))) }
        @for other in now.iter().filter(|now| !businesses.knows(now.tenant)) { (stranger(&visit, &businesses, other)) }
    };
    let body = html! {
        @if businesses.0.is_empty() { (parts::empty(&words.say("tenants-none"), &words.say("tenants-none-more"))) }
        (parts::table(&words.say("nav-tenants"), &head, rows))
        p.soft.note { (words.say("tenants-more")) }
    };
    Ok(Screen::new(words.say("nav-tenants"), Section::Tenants, body).live())
}

fn row(visit: &Visit, line: &Line, now: Option<&TenantNow>) -> Markup {
    let words = visit.words();
    html! {
        tr {
            td.whole {
                a.row-link href=(link::jobs(&format!("tenant:{}", line.id.0))) { (parts::said(&line.name)) }
                div.soft { (parts::said(&line.slug)) " · " (parts::said(&line.zone)) }
                @for number in &line.numbers { div.soft { (parts::said(number)) } }
            }
            td { (line.id.0) }
            (counts(line.id.0, now))
            td { (share(now)) }
            td {
                (paused(visit, now.and_then(|now| now.pause.as_ref())))
                (pause::buttons(visit, &Whose { kind: None, tenant: Some(line.id.0) }, now.is_some_and(|now| now.pause.is_some()), &words.say("tenants-pause-all"), "/ops/tenants"))
            }
        }
    }
}

/// Jobs for nobody, or for a business whose row is not there.
fn stranger(visit: &Visit, businesses: &Businesses, now: &TenantNow) -> Markup {
    html! {
        tr {
            td { a.row-link href=(link::jobs(&format!("tenant:{}", now.tenant))) { (businesses.name(visit.words(), Some(now.tenant))) } }
            td { (now.tenant) }
            (counts(now.tenant, Some(now)))
            td { (share(Some(now))) }
            td { (paused(visit, now.pause.as_ref())) }
        }
    }
}

fn counts(tenant: i64, now: Option<&TenantNow>) -> Markup {
    html! {
        @for (state, of) in COUNTS {
            @let n = now.map_or(0, of);
            td {
                @if n == 0 { span.soft { "0" } }
                @else { a href=(link::jobs(&format!("tenant:{tenant} state:{state}"))) { (parts::number(n)) } }
            }
        }
    }
}

/// The weight of a tenant: everybody has 1 where nothing else was said.
fn share(now: Option<&TenantNow>) -> String {
    format!("×{}", now.map_or(1.0, |now| now.weight))
}

fn paused(visit: &Visit, pause: Option<&PauseNow>) -> Markup {
    html! {
        @if let Some(pause) = pause {
            span.state.is-paused { (visit.words().say("queues-paused")) }
            div.soft { (parts::said(&pause.by)) " · " (visit.times().ago(pause.at)) }
            div.soft.wrap { (parts::said(&pause.reason)) }
        }
    }
}
