//! What came in, as it came: the raw log, and taking it in once more.

mod one;
mod replay;

use axum::extract::Query;
use domain::webhook::{self, Entry, Filter};
use maud::{Markup, html};
use serde::Deserialize;

use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::parts,
    visit::Visit,
    words::Words,
};

const PAGE: usize = 50;

pub(super) fn routes() -> Vec<Route> {
    let list = vec![show("/ops/webhooks", Needs::May(Permission::House), list)];
    [list, one::routes(), replay::routes()].into_iter().flatten().collect()
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Anything: only those of which something was put aside.
    quarantined: Option<String>,
    /// Those before this one.
    before: Option<i64>,
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let filter = Filter { quarantined: asked.quarantined.as_deref().is_some_and(|value| !value.is_empty()) };
    let most = i32::try_from(PAGE + 1).unwrap_or(i32::MAX);
    let mut rows = webhook::list(&mut *visit.read().await?, filter, asked.before, most).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let older = rows.last().filter(|_| more).map(|last| address(filter, Some(last.id)));
    let newer = asked.before.map(|_| address(filter, None));
    let body = html! {
        (pills(words, filter))
        @if rows.is_empty() {
            (parts::empty(&words.say("webhooks-none"), &words.say(if filter.quarantined { "webhooks-none-aside" } else { "webhooks-none-more" })))
        } @else { (table(&visit, &rows)) }
        (parts::pages(words, newer.as_deref(), older.as_deref()))
    };
    Ok(Screen::new(words.say("nav-webhooks"), Section::Webhooks, body).live())
}

fn address(filter: Filter, before: Option<i64>) -> String {
    let aside = filter.quarantined.then(|| "quarantined=1".to_owned());
    let query: Vec<String> = aside.into_iter().chain(before.map(|before| format!("before={before}"))).collect();
    if query.is_empty() { "/ops/webhooks".to_owned() } else { format!("/ops/webhooks?{}", query.join("&")) }
}

fn pills(words: Words, filter: Filter) -> Markup {
    let here = |quarantined| (filter.quarantined == quarantined).then_some("page");
    html! {
        ul.pills aria-label=(words.say("webhooks-filter")) {
            li { a href="/ops/webhooks" aria-current=[here(false)] { (words.say("all")) } }
            li { a href="/ops/webhooks?quarantined=1" aria-current=[here(true)] { (words.say("webhooks-aside")) } }
        }
    }
}

fn table(visit: &Visit, rows: &[Entry]) -> Markup {
    let words = visit.words();
    let head = ["webhook", "webhook-source", "webhook-held", "webhook-size", "webhook-put-aside", "when"]
        .map(|key| words.say(key));
    parts::table(&words.say("nav-webhooks"), &head, html! { @for row in rows { (line(visit, row)) } })
}

fn line(visit: &Visit, entry: &Entry) -> Markup {
    let words = visit.words();
    html! {
        tr {
            td { a.row-link href=(at(entry.id)) { (entry.id) } }
            td { (words.term("webhook-source", &entry.source)) }
            td { (held(words, entry)) }
            td.right { (parts::number(entry.bytes)) " B" }
            td { (aside(words, entry)) }
            td { (visit.times().ago(entry.received_at)) }
        }
    }
}

/// Where one is.
fn at(id: i64) -> String {
    format!("/ops/webhooks/{id}")
}

/// One as the audit names it.
fn target(id: i64) -> String {
    format!("webhook {id}")
}

/// How much of what was in it.
fn held(words: Words, entry: &Entry) -> Markup {
    html! {
        @if entry.messages > 0 { (words.count("webhook-messages", entry.messages)) " " }
        @if entry.statuses > 0 { (words.count("webhook-statuses", entry.statuses)) " " }
        @for kind in &entry.kinds { span.soft { (parts::said(kind)) } " " }
        @if entry.is_erased { span.state { (words.say("webhook-erased")) } }
    }
}

/// What was put aside, for whom, and why.
fn aside(words: Words, entry: &Entry) -> Markup {
    html! {
        @for part in &entry.quarantined {
            div {
                span.state.is-quarantined { (parts::said(&part.reason)) } " " span.mono { (parts::said(&part.phone_number_id)) }
                @if part.is_known_now { " " span.well { (words.say("webhook-known-now")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_an_address() {
        assert_eq!(address(Filter::default(), None), "/ops/webhooks");
        assert_eq!(address(Filter { quarantined: true }, Some(7)), "/ops/webhooks?quarantined=1&before=7");
    }
}
