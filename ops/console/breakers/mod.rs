//! Breakers, and the limits beside them: what keeps jobs from starting.

mod force;
mod limits;

use engine::overview::{self, BreakerNow};
use maud::{Markup, html};

use super::{
    Needs, Permission,
    failure::Failure,
    queues,
    routes::{Route, act, show},
    screen::{Screen, Section},
    shell::{link, parts},
    tenants::Businesses,
    visit::Visit,
};

pub(super) fn routes() -> Vec<Route> {
    let may = Needs::May(Permission::Breakers);
    vec![
        show("/ops/breakers", Needs::May(Permission::Look), breakers),
        act("/ops/breakers/{rule}/force", may, force::force),
        act("/ops/breakers/{rule}/release", may, force::release),
    ]
}

/// Where one is shown.
pub(super) fn address(rule: &str) -> String {
    format!("/ops/breakers#{}", link::escape(rule))
}

async fn breakers(visit: Visit) -> Result<Screen, Failure> {
    let words = visit.words();
    let businesses = Businesses::of(&visit).await?;
    let mut conn = visit.read().await?;
    let body = match visit.sight().tenant {
        None => {
            let snapshot = overview::snapshot(&mut conn).await?;
            html! { (cards(&visit, &snapshot.breakers, &businesses)) (limits::table(&visit, &snapshot.limits)) }
        }
        Some(own) => {
            let snapshot = overview::tenant_snapshot(&mut conn, own).await?;
            cards(&visit, &with_closed(&visit, own, snapshot.breakers), &businesses)
        }
    };
    Ok(Screen::new(words.say("nav-breakers"), Section::Breakers, body).live())
}

/// A business's own breakers, with those that are plainly closed and so have no row.
fn with_closed(visit: &Visit, own: i64, mut breakers: Vec<BreakerNow>) -> Vec<BreakerNow> {
    for facts in visit.console.checks.kinds() {
        let Some(rule) = facts.breaker else { continue };
        match breakers.iter_mut().find(|breaker| breaker.rule == rule) {
            Some(known) if known.kinds.iter().any(|kind| kind == facts.name) => {}
            Some(known) => known.kinds.push(facts.name.to_owned()),
            None => breakers.push(closed(rule, own, facts.name)),
        }
    }
    breakers.sort_by(|a, b| a.rule.cmp(&b.rule));
    breakers
}

fn closed(rule: &str, tenant: i64, kind: &str) -> BreakerNow {
    BreakerNow {
        rule: rule.to_owned(),
        tenant: Some(tenant),
        state: "closed".to_owned(),
        since: None,
        until: None,
        failures: 0,
        successes: 0,
        reason: None,
        forced_by: None,
        held: 0,
        kinds: vec![kind.to_owned()],
    }
}

fn cards(visit: &Visit, breakers: &[BreakerNow], businesses: &Businesses) -> Markup {
    let words = visit.words();
    html! {
        @if breakers.is_empty() { (parts::empty(&words.say("breakers-none"), &words.say("breakers-none-more"))) }
        div.grid { @for breaker in breakers { (card(visit, breaker, businesses)) } }
    }
}

fn card(visit: &Visit, breaker: &BreakerNow, businesses: &Businesses) -> Markup {
    let words = visit.words();
    // The one that counts for all stands under the rule's own name.
    let id = breaker
        .tenant
        .filter(|_| visit.sight().tenant.is_none())
        .map_or_else(|| breaker.rule.clone(), |tenant| format!("{}-{tenant}", breaker.rule));
    html! {
        section.card.stack id=(id) {
            h2 {
                (parts::said(&breaker.rule)) (state(visit, breaker))
                @if visit.sight().tenant.is_none() { span.soft { (parts::said(&businesses.name(words, breaker.tenant))) } }
            }
            @if let Some(by) = &breaker.forced_by { p.notice { (words.say("breakers-forced")) " " (parts::said(by)) } }
            (parts::facts(&facts(visit, breaker)))
            @if let Some(reason) = &breaker.reason { pre.error { (parts::said(reason)) } }
            (force::forms(visit, breaker, businesses))
        }
    }
}

/// Its state, with its colour.
pub(super) fn state(visit: &Visit, breaker: &BreakerNow) -> Markup {
    html! { span class={ "state is-" (breaker.state) } { (visit.words().term("breakers-state", &breaker.state)) } }
}

fn facts(visit: &Visit, breaker: &BreakerNow) -> Vec<(String, Markup)> {
    let (words, times) = (visit.words(), visit.times());
    let kinds = html! { @for kind in &breaker.kinds { a href=(queues::address(kind)) { (parts::said(kind)) } " " } };
    let mut facts = vec![
        (words.say("breakers-failures"), html! { (parts::number(breaker.failures)) }),
        (words.say("breakers-successes"), html! { (parts::number(breaker.successes)) }),
        (words.say("breakers-held"), held(breaker)),
        (words.say("breakers-kinds"), kinds),
    ];
    if let Some(since) = breaker.since {
        facts.insert(0, (words.say("breakers-since"), times.ago(since)));
    }
    if let Some(until) = breaker.until {
        let word = if breaker.forced_by.is_some() { "breakers-until" } else { "breakers-next" };
        facts.insert(1, (words.say(word), times.ago(until)));
    }
    facts
}

/// The jobs that wait at it.
fn held(breaker: &BreakerNow) -> Markup {
    let tenant = breaker.tenant.map(|tenant| format!(" tenant:{tenant}")).unwrap_or_default();
    let query = format!("state:held kind:{}{tenant}", breaker.kinds.join(","));
    html! {
        @if breaker.held == 0 || breaker.kinds.is_empty() { (parts::number(breaker.held)) }
        @else { a href=(link::jobs(&query)) { (queues::row::capped(breaker.held)) } }
    }
}
