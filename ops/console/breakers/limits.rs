//! How full the limits are.

use engine::overview::LimitNow;
use maud::{Markup, html};

use crate::console::{queues, shell::parts, visit::Visit};

pub(super) fn table(visit: &Visit, limits: &[LimitNow]) -> Markup {
    let words = visit.words();
    if limits.is_empty() {
        return html! {};
    }
    let head =
        ["breakers-limit", "queues-at-once", "queues-rate", "queues-scope", "queues-waits-here", "queues-limit-kinds"]
            .map(|key| words.say(key));
    html! {
        section {
            h2 { (words.say("breakers-limits")) }
            (parts::table(&words.say("breakers-limits"), &head, html! { @for limit in limits { (row(visit, limit)) } }))
        }
    }
}

fn row(visit: &Visit, limit: &LimitNow) -> Markup {
    let words = visit.words();
    html! {
        tr {
            td { (parts::said(&limit.rule)) (queues::limit::by_hand(visit, limit)) }
            td { (queues::limit::fill(words, limit)) }
            td { (queues::limit::rate(words, limit)) }
            td { (words.term("queues-scope", &limit.scope)) }
            td { (parts::number(limit.held)) }
            td { @for kind in &limit.kinds { div { a href=(queues::address(kind)) { (parts::said(kind)) } } } }
        }
    }
}
