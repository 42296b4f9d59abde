//! A queue in one line, as several screens show it.

use engine::overview::{COUNTED, KindNow, Snapshot, Standing, TenantSnapshot};
use fluent_bundle::FluentArgs;
use maud::{Markup, html};

use crate::console::{
    shell::{chart, link, parts},
    words::Words,
};

/// A ready job that waits for longer than this, in seconds, waits for too long.
pub(in crate::console) const LONG: f64 = 60.0;

/// One job type, as far as somebody may see it.
#[derive(Clone, Copy)]
pub(in crate::console) struct Row<'a> {
    pub standing: &'a Standing,
    /// What all businesses share; not for those who belong to one.
    pub now: Option<&'a KindNow>,
}

pub(in crate::console) fn of_house(snapshot: &Snapshot) -> Vec<Row<'_>> {
    snapshot.kinds.iter().map(|now| Row { standing: &now.standing, now: Some(now) }).collect()
}

pub(in crate::console) fn of_business(snapshot: &TenantSnapshot) -> Vec<Row<'_>> {
    snapshot.kinds.iter().map(|standing| Row { standing, now: None }).collect()
}

impl Row<'_> {
    pub fn kind(&self) -> &str {
        &self.standing.kind
    }

    /// What starts later: at a time, after a failure, or when what it waits for has come.
    pub fn later(&self) -> i64 {
        self.standing.scheduled + self.standing.retrying + self.standing.waiting
    }

    /// How much goes on, for an order by activity.
    pub fn activity(&self) -> i64 {
        let done = self.now.map_or(0, |now| now.completed.iter().chain(&now.failed).sum());
        let Standing { ready, running, retrying, held, blocked, dead_today, .. } = self.standing;
        done + ready + running + retrying + held + blocked + dead_today
    }

    /// Its oldest ready job has waited for too long.
    pub fn is_slow(&self) -> bool {
        self.standing.ready > 0 && self.standing.oldest_ready_seconds.is_some_and(|age| age > LONG)
    }

    /// The list of its jobs in a state.
    pub fn jobs(&self, state: &str) -> String {
        link::jobs(&format!("kind:{} state:{state}", self.kind()))
    }

    /// A count that leads to the jobs.
    pub fn count(&self, n: i64, state: &str) -> Markup {
        html! { @if n == 0 { span.soft { "0" } } @else { a href=(self.jobs(state)) { (capped(n)) } } }
    }

    /// How many are ready, beside the longest queue of all.
    pub fn depth(&self, words: Words, longest: i64) -> Markup {
        let told = words.count("queues-depth-told", self.standing.ready);
        html! {
            (self.count(self.standing.ready, "ready"))
            @if self.standing.ready > 0 { (chart::bar(self.standing.ready, longest, if self.is_slow() { "bad" } else { "busy" }, &told)) }
        }
    }

    pub fn oldest(&self) -> Markup {
        let age = self.standing.oldest_ready_seconds.filter(|_| self.standing.ready > 0);
        html! {
            @match age {
                Some(age) => span .wrong[self.is_slow()] { (parts::seconds(age)) },
                None => span.soft { "–" },
            }
        }
    }

    /// The last hour, drawn.
    pub fn hour(&self, words: Words) -> Markup {
        let Some(now) = self.now else { return html! {} };
        html! { @if !now.completed.is_empty() { (chart::sparkline(&now.completed, &hour_told(words, now))) } }
    }
}

/// The last hour, in words.
pub(in crate::console) fn hour_told(words: Words, now: &KindNow) -> String {
    let mut args = FluentArgs::new();
    args.set("n", now.completed.iter().sum::<i64>());
    args.set("m", now.failed.iter().sum::<i64>());
    words.say_with("queues-hour-told", &args)
}

/// How long something takes on average.
pub(in crate::console) fn mean(milliseconds: Option<f64>) -> String {
    milliseconds.map_or_else(|| "–".to_owned(), |milliseconds| parts::seconds(milliseconds / 1000.0))
}

/// How many, where the database counted no further.
pub(in crate::console) fn capped(n: i64) -> String {
    parts::capped(n, COUNTED - 1)
}
