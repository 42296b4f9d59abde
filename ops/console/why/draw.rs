//! The cards, joined by a line, with the times between them.

use domain::lookup::{Link, LinkKind, Person};
use maud::{Markup, html};

use super::{
    at,
    card::{Card, What},
    read::Known,
};
use crate::console::{
    Permission,
    shell::{link, parts},
    visit::Visit,
    words::Words,
};

/// A state, with its colour.
pub(super) fn state(words: Words, prefix: &str, state: &str) -> Markup {
    html! { span class={ "state is-" (colour(state)) } { (words.term(prefix, state)) } }
}

/// States of the business, by the colours of jobs.
fn colour(state: &str) -> &str {
    match state {
        "delivered" | "read" | "played" | "captured" | "active" | "booked" | "succeeded" | "promoted" => "completed",
        "accepted" | "created" | "authorised" | "offered" | "requested" | "pending" => "running",
        "skipped" | "by_hand" => "waiting",
        "disputed" => "failed",
        _ if state.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => state,
        // Nobody here made this word.
        _ => "",
    }
}

/// As much of somebody as may be told.
pub(super) fn person(visit: &Visit, person: &Person) -> Markup {
    html! {
        @if let Some(name) = person.name.as_deref().filter(|name| !name.is_empty()) { (parts::said(name)) " " }
        @if let Some(phone) = &person.phone { span.mono { (parts::said(phone)) } }
        @if person.is_erased { " " span.state { (visit.words().say("why-erased")) } }
        @if person.name.is_none() && person.phone.is_none() && !person.is_erased { (visit.words().say("why-customer")) " " (person.id) }
    }
}

pub(super) fn chain(visit: &Visit, known: &Known, cards: &[Card], open: bool) -> Markup {
    let words = visit.words();
    let statuses: Vec<&Link> = known.why.causes.iter().filter(|link| link.kind == LinkKind::Status).collect();
    html! {
        (head(visit, known, cards, open))
        ol.why aria-label=(words.say("why-chain")) {
            @for (nth, one) in cards.iter().enumerate() {
                @let gap = cards.get(nth + 1).and_then(|before| one.after(before));
                li class={ "why-" (one.what.name()) } {
                    (card(visit, one, if nth == 0 { &statuses } else { &[] }))
                    @if nth + 1 < cards.len() { p.gap { span { @if let Some(gap) = gap { (words.with("why-later", &[("time", &parts::length(gap))])) } @else { (words.say("why-because")) } } } }
                }
            }
        }
        @if known.chain.is_empty() { p.notice { (words.say("why-no-jobs")) } }
    }
}

/// To whom, how long it took, and the way to what is masked.
fn head(visit: &Visit, known: &Known, cards: &[Card], open: bool) -> Markup {
    let words = visit.words();
    let id = known.why.message.id.0;
    let took = cards.first().zip(cards.last()).filter(|_| cards.len() > 1).and_then(|(last, first)| last.after(first));
    html! {
        div.row.between {
            p { (words.say("why-to")) " " strong { (person(visit, &known.why.customer)) }
                @if visit.sight().tenant.is_none() { " · " (words.say("tenant")) " " (known.tenant) }
                @if let Some(took) = took { " · " (words.with("why-took", &[("time", &parts::length(took))])) } }
            div.row {
                a.button href=(link::jobs(&format!("message:{id}"))) { (words.say("why-jobs")) }
                @if open { span.state.is-open { (words.say("why-revealed")) } a.button href=(at(id)) { (words.say("why-mask")) } }
                @else if visit.may(Permission::Reveal) { (parts::with_reason(words, &format!("{}/reveal", at(id)), &words.say("why-reveal"), "", &at(id), html! {})) }
            }
        }
    }
}

fn card(visit: &Visit, card: &Card, statuses: &[&Link]) -> Markup {
    let (words, times) = (visit.words(), visit.times());
    html! {
        section.card {
            h2 {
                span { (words.term("why", card.what.name())) }
                @match card.job { Some(job) if visit.may(Permission::Look) => a.mono href=(link::job(job)) { (name(card)) }, _ => span.mono { (name(card)) } }
                @if let Some((prefix, word)) = &card.state { (state(words, prefix, word)) }
                @if let Some(at) = card.at { span.soft.when { (times.at(at)) @if let Some(until) = card.until.filter(|until| *until >= at) { " · " (parts::length(until - at)) } } }
            }
            @if let Some(text) = &card.text { blockquote { (parts::said(text)) } }
            @if !card.facts.is_empty() { dl.pairs { @for (name, value) in &card.facts { div { dt { (words.term("why-fact", name)) } dd { (value_of(words, name, value)) } } } } }
            @for error in &card.errors { pre.error { (parts::visible(error)) } }
            @if !statuses.is_empty() { (told(visit, statuses)) }
        }
    }
}

/// Which one: an effect by its name, all else by its type and number.
fn name(card: &Card) -> Markup {
    match (card.what, card.job) {
        (What::Sending | What::Workflow | What::Thought | What::Tool | What::Step, Some(job)) => {
            html! { (parts::said(&card.name)) " " (job) }
        }
        _ => parts::said(&card.name),
    }
}

fn value_of(words: Words, name: &str, value: &str) -> Markup {
    match (name, value.parse()) {
        ("tokens_in" | "tokens_out", Ok(n)) => html! { (parts::number(n)) },
        ("kind", _) => html! { (words.term("message-kind", value)) },
        _ => parts::said(value),
    }
}

/// What WhatsApp told of the message, the first first.
fn told(visit: &Visit, statuses: &[&Link]) -> Markup {
    let words = visit.words();
    let of =
        |link: &Link, name: &str| link.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    html! {
        h3 { (words.say("why-statuses")) }
        ol.statuses {
            @for link in statuses.iter().rev() {
                li {
                    @if let Some(status) = of(link, "status") { (state(words, "message-state", &status)) }
                    @if let Some(at) = link.at { " " (visit.times().at(at)) }
                    @if let Some(code) = of(link, "code") { " " span.mono { (parts::said(&code)) } }
                    @if let Some(error) = of(link, "error") { " " (parts::said(&error)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::colour;

    #[test]
    fn a_state_is_never_more_than_one_class() {
        assert_eq!((colour("delivered"), colour("half_open"), colour("x hidden")), ("completed", "half_open", ""));
    }
}
