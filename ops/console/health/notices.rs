//! What needs somebody, in words, with the place where something can be done about it.

use fluent_bundle::FluentArgs;
use maud::{Markup, html};

use super::attention::Matter;
use crate::console::{
    Permission, breakers,
    queues::{self, row::capped},
    shell::{link, parts},
    tenants::Businesses,
    visit::Visit,
    words::Words,
};

pub(super) fn list(visit: &Visit, matters: &[Matter], businesses: &Businesses) -> Markup {
    let words = visit.words();
    html! {
        section aria-label=(words.say("health-attention")) {
            h2 { (words.say("health-attention")) }
            @if matters.is_empty() { p.well { (words.say("health-well")) } }
            @else {
                ul.attention {
                    @for matter in matters {
                        li .wait[!matter.is_urgent()] {
                            span { strong { (words.say(if matter.is_urgent() { "health-now" } else { "health-know" })) } " " (parts::said(&told(words, matter, businesses))) }
                            @if let Some(to) = place(visit, matter) { a href=(to) { (words.say("health-look")) } }
                        }
                    }
                }
            }
        }
    }
}

/// The sentence.
fn told(words: Words, matter: &Matter, businesses: &Businesses) -> String {
    let business = |tenant: &Option<i64>| businesses.name(words, *tenant);
    let held = |n: &i64| capped(*n);
    match matter {
        Matter::NoWorker => words.say("health-no-worker"),
        Matter::Unserved { kind, ready } => {
            words.with("health-unserved", &[("kind", kind), ("ready", &capped(*ready))])
        }
        Matter::Slow { kind, seconds } => {
            words.with("health-slow", &[("kind", kind), ("time", &parts::seconds(*seconds))])
        }
        Matter::Dead(n) => counted(words, "health-dead", *n),
        Matter::Effects(n) => counted(words, "health-effects", *n),
        Matter::Open { rule, tenant, held: n } => {
            words.with("health-open", &[("rule", rule), ("business", &business(tenant)), ("held", &held(n))])
        }
        Matter::Unsure { rule, tenant } => {
            words.with("health-unsure", &[("rule", rule), ("business", &business(tenant))])
        }
        Matter::Late { schedule } => words.with("health-late", &[("schedule", schedule)]),
        Matter::Transaction(seconds) => words.with("health-transaction", &[("time", &parts::seconds(*seconds))]),
        Matter::Snapshot(seconds) => words.with("health-snapshot", &[("time", &parts::seconds(*seconds))]),
        Matter::Connections(used, most) => {
            words.with("health-connections", &[("used", &parts::number(*used)), ("most", &parts::number(*most))])
        }
        Matter::Drift => words.say("health-drift"),
        Matter::Paused { kind, tenant, by } => {
            let kind = kind.clone().unwrap_or_else(|| words.say("queues-everything"));
            words.with("health-paused", &[("kind", &kind), ("business", &business(tenant)), ("by", by)])
        }
        Matter::ScheduleStill { schedule, by } => words.with("health-schedule", &[("schedule", schedule), ("by", by)]),
        Matter::Full { limit, held: n } => words.with("health-full", &[("limit", limit), ("held", &held(n))]),
        Matter::OneStep => words.say("health-one-step"),
    }
}

/// With the number as it is counted, and as it is written.
fn counted(words: Words, key: &str, n: i64) -> String {
    let mut args = FluentArgs::new();
    args.set("n", n);
    args.set("count", capped(n));
    words.say_with(key, &args)
}

/// Where something can be done about it, for those who may go there.
fn place(visit: &Visit, matter: &Matter) -> Option<String> {
    let house = |to: &str| visit.may(Permission::House).then(|| to.to_owned());
    match matter {
        Matter::NoWorker => house("/ops#workers"),
        Matter::Unserved { kind, .. } | Matter::Slow { kind, .. } | Matter::Paused { kind: Some(kind), .. } => {
            Some(queues::address(kind))
        }
        Matter::Dead(_) => Some("/ops/dead".to_owned()),
        Matter::Effects(_) => Some("/ops/effects".to_owned()),
        Matter::Open { rule, .. } | Matter::Unsure { rule, .. } => Some(breakers::address(rule)),
        Matter::Late { schedule } | Matter::ScheduleStill { schedule, .. } => {
            house(&format!("/ops/schedules/{}", link::escape(schedule)))
        }
        Matter::Transaction(_) | Matter::Snapshot(_) | Matter::Connections(..) | Matter::Drift => {
            house("/ops#database")
        }
        Matter::Paused { kind: None, .. } => Some("/ops/queues".to_owned()),
        Matter::Full { .. } => house("/ops/breakers"),
        Matter::OneStep => Some("/ops/account".to_owned()),
    }
}
