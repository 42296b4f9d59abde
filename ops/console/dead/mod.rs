//! Dead jobs by what they died of, and one act for all that died of the same.

mod group;

use axum::extract::Query;
use engine::overview::{self, Failure as Sort};
use fluent_bundle::FluentArgs;
use maud::{Markup, html};
use serde::Deserialize;

use crate::console::{
    Needs, Permission,
    failure::Failure,
    routes::{Route, show},
    screen::{Screen, Section},
    shell::{link, parts},
    visit::Visit,
};

/// The most sorts of failure on the page.
const SHOWN: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![show("/ops/dead", Needs::May(Permission::Look), dead)]
}

#[derive(Deserialize)]
struct Asked {
    /// Of this type only.
    kind: Option<String>,
}

async fn dead(visit: Visit, Query(asked): Query<Asked>) -> Result<Screen, Failure> {
    let words = visit.words();
    let kind = asked.kind.as_deref().filter(|kind| !kind.is_empty());
    let sorts = overview::failures(&mut *visit.read().await?, visit.sight(), kind).await?;
    let body = if sorts.is_empty() {
        parts::empty(&words.say("dead-none"), &words.say("dead-none-more"))
    } else {
        groups(&visit, kind, &sorts)
    };
    Ok(Screen::new(words.say("nav-dead"), Section::Dead, body).live())
}

fn groups(visit: &Visit, kind: Option<&str>, sorts: &[Sort]) -> Markup {
    let words = visit.words();
    let total = sorts.iter().map(|sort| sort.count).sum();
    let older = sorts.iter().any(|sort| sort.more);
    html! {
        p.lead { (told(visit, sorts.len(), total)) }
        @if older { p.notice { (words.say("dead-more")) } }
        (kinds(visit, kind, sorts))
        @for sort in sorts.iter().take(SHOWN) { (group::draw(visit, sort, total)) }
        @if sorts.len() > SHOWN { p.notice { (words.count("dead-sorts-more", (sorts.len() - SHOWN).try_into().unwrap_or(i64::MAX))) } }
    }
}

/// "3 kinds of failure, 412 jobs".
fn told(visit: &Visit, sorts: usize, jobs: i64) -> String {
    let mut args = FluentArgs::new();
    args.set("kinds", sorts);
    args.set("n", jobs);
    args.set("jobs", parts::number(jobs));
    visit.words().say_with("dead-told", &args)
}

/// One click for each type.
fn kinds(visit: &Visit, kind: Option<&str>, sorts: &[Sort]) -> Markup {
    let counts = by_kind(sorts);
    let words = visit.words();
    let to = |kind: &str| format!("/ops/dead?kind={}", link::escape(kind));
    html! {
        @if kind.is_some() || counts.len() > 1 {
            ul.pills aria-label=(words.say("kind")) {
                li { a href="/ops/dead" aria-current=[kind.is_none().then_some("page")] { (words.say("all")) } }
                @for (name, count) in counts {
                    li { a href=(to(name)) aria-current=[(kind == Some(name)).then_some("page")] { (name) " " b { (parts::number(count)) } } }
                }
            }
        }
    }
}

/// Jobs of each type, most first.
fn by_kind(sorts: &[Sort]) -> Vec<(&str, i64)> {
    let mut counts: Vec<(&str, i64)> = Vec::new();
    for sort in sorts {
        match counts.iter_mut().find(|(kind, _)| *kind == sort.kind) {
            Some((_, count)) => *count += sort.count,
            None => counts.push((&sort.kind, sort.count)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn sort(kind: &str, count: i64) -> Sort {
        Sort {
            fingerprint: "HTTP ?".to_owned(),
            kind: kind.to_owned(),
            count,
            more: false,
            first_at: DateTime::UNIX_EPOCH,
            last_at: DateTime::UNIX_EPOCH,
            sample_error: "HTTP 502".to_owned(),
            sample_ids: vec![1],
        }
    }

    #[test]
    fn types_are_counted_over_all_sorts_of_failure() {
        let sorts = [sort("think", 5), sort("send_message", 4), sort("send_message", 3)];
        assert_eq!(by_kind(&sorts), [("send_message", 7), ("think", 5)]);
    }
}
