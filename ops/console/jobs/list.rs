//! The list of jobs.

use axum::extract::Query as Address;
use engine::inspect::{self, Found, Query, StateCount};
use maud::{Markup, html};

use super::{
    rows,
    search::{Asked, Search, search},
    suggest,
};
use crate::console::{
    Needs, Permission,
    failure::Failure,
    live,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/jobs", Needs::May(Permission::Look), list)]
}

async fn list(visit: Visit, Address(asked): Address<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let mut conn = visit.read().await?;
    let states = live::states(&visit, &mut conn).await?;
    let body = match search(&visit, &mut conn, &asked).await? {
        Search::Unread(why) => html! {
            (query_box(&visit, &asked.q, Some(&why)))
            (pills(&visit, &asked.q, &states))
            (examples(&visit))
        },
        Search::Found(found) => {
            let (query, found) = *found;
            html! {
                (query_box(&visit, &asked.q, None))
                (pills(&visit, &asked.q, &states))
                (chips(&visit, &query))
                (results(&visit, &asked, &query, &found))
            }
        }
    };
    Ok(Screen::new(words.say("nav-jobs"), Section::Jobs, body).live())
}

fn query_box(visit: &Visit, text: &str, wrong: Option<&str>) -> Markup {
    let words = visit.words();
    html! {
        form.query role="search" aria-label=(words.say("query")) action="/ops/jobs" method="get" {
            label.hidden for="query" { (words.say("query")) }
            input #query type="text" name="q" value=(text) placeholder=(words.say("query-hint")) autocomplete="off" spellcheck="false"
                role="combobox" aria-expanded="false" aria-controls="suggestions" aria-autocomplete="list"
                aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "query-wrong")];
            button.main { (words.say("search")) }
            ul #suggestions .suggestions.pop role="listbox" aria-label=(words.say("suggestions")) hidden data-known=(suggest::all(visit)) {}
        }
        @if let Some(wrong) = wrong { p #query-wrong .notice.bad role="alert" { (parts::said(wrong)) } }
    }
}

/// One click for each state.
fn pills(visit: &Visit, text: &str, states: &[StateCount]) -> Markup {
    let words = visit.words();
    let without = text.split_whitespace().filter(|word| !word.starts_with("state:")).collect::<Vec<_>>().join(" ");
    let to = |state: &str| link::jobs(format!("state:{state} {without}").trim());
    let here = |state: &str| text.split_whitespace().any(|word| word == format!("state:{state}")).then_some("page");
    let any = (!text.contains("state:")).then_some("page");
    html! {
        ul.pills aria-label=(words.say("state-column")) {
            li { a href=(link::jobs(&without)) aria-current=[any] { (words.say("all")) } }
            @for count in states {
                li { a href=(to(&count.state)) aria-current=[here(&count.state)] {
                    (words.term("state", &count.state)) " " b { (parts::number(count.n)) @if count.more { "+" } }
                } }
            }
            li { a href=(to("completed")) aria-current=[here("completed")] { (words.term("state", "completed")) } }
        }
    }
}

fn chips(visit: &Visit, query: &Query) -> Markup {
    let words = visit.words();
    let chips = query.chips();
    html! {
        div.row.between {
            @if chips.is_empty() { span {} } @else {
                ul.chips aria-label=(words.say("query-words")) {
                    @for chip in &chips {
                        li { a href=(link::jobs(&chip.without)) title=(words.say("chip-remove")) {
                            (parts::said(&chip.text)) span aria-hidden="true" { "✕" } span.hidden { (words.say("chip-remove")) } } }
                    }
                }
            }
            (saving(visit, query))
        }
    }
}

fn saving(visit: &Visit, query: &Query) -> Markup {
    let words = visit.words();
    html! {
        div.row {
            a.button.quiet href="/ops/views" { (words.say("saved-views")) }
            @if !query.is_empty() {
                details.ask {
                    summary.button { (words.say("view-save")) }
                    form.pop method="post" action="/ops/views" {
                        input type="hidden" name="query" value=(query);
                        label { span { (words.say("view-name")) } input type="text" name="name" required maxlength="60" autocomplete="off"; }
                        label.row { input type="checkbox" name="shared" value="1"; (words.say("view-shared")) }
                        button.main { (words.say("view-save")) }
                    }
                }
            }
        }
    }
}

fn results(visit: &Visit, asked: &Asked, query: &Query, found: &Found) -> Markup {
    let words = visit.words();
    let page = |cursor: Option<inspect::Cursor>| {
        cursor.map(|cursor| format!("/ops/jobs?q={}&at={cursor}", link::escape(&query.to_string())))
    };
    let (newer, older) = (page(found.newer), page(found.older));
    html! {
        @if found.jobs.is_empty() && found.complete {
            (parts::empty(&words.say("jobs-none"), &words.say(if query.is_empty() { "jobs-none-ever" } else { "jobs-none-fit" })))
            (examples(visit))
        } @else {
            (rows::table(visit, &found.jobs, query, &address(asked)))
        }
        @if let Some(to) = found.looked_back_to {
            p.notice { (words.say("looked-back-to")) " " (visit.times().at(to)) ". "
                @if let Some(older) = &older { a href=(older) { (words.say("look-further")) } } }
        }
        (parts::pages(words, newer.as_deref(), older.as_deref()))
    }
}

fn examples(visit: &Visit) -> Markup {
    html! {
        section.card {
            h2 { (visit.words().say("examples")) }
            ul.plain { @for (query, told) in suggest::examples(visit.words()) { li { a href=(link::jobs(query)) { code { (query) } } " " span.soft { (told) } } } }
        }
    }
}

/// Where this very list is.
fn address(asked: &Asked) -> String {
    match &asked.at {
        Some(at) => format!("/ops/jobs?q={}&at={}", link::escape(&asked.q), link::escape(at)),
        None => link::jobs(&asked.q),
    }
}
