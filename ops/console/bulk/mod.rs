//! One act on many jobs: what it is about is shown first, confirmed by typing, and followed on its way.

mod chosen;
mod confirm;
mod items;
mod list;
mod make;
pub(super) mod moment;
mod one;
mod preview;
mod progress;
mod steer;

use engine::{
    EnqueueError,
    bulk::{Bulk, Verb},
};
use maud::{Markup, html};

use crate::console::{Permission, failure::Failure, routes::Route, visit::Visit, words::Words};

pub(super) fn routes() -> Vec<Route> {
    let parts = [list::routes(), make::routes(), one::routes(), confirm::routes(), steer::routes()];
    parts.into_iter().flatten().collect()
}

/// What the verb itself takes, besides the permission to act on many.
const fn needs(verb: Verb) -> Permission {
    match verb {
        Verb::Delete => Permission::Delete,
        Verb::Retry | Verb::Cancel | Verb::RunNow | Verb::Snooze => Permission::Act,
    }
}

/// Whether this person may do it to many jobs.
fn may(visit: &Visit, verb: &str) -> bool {
    visit.may(Permission::Bulk) && Verb::named(verb).is_some_and(|verb| visit.may(needs(verb)))
}

/// Where an operation is.
fn at(id: i64) -> String {
    format!("/ops/bulk/{id}")
}

/// An operation as the audit names it.
fn target(id: i64) -> String {
    format!("bulk {id}")
}

/// Where an operation stands, with its colour.
fn state(words: Words, bulk: &Bulk) -> Markup {
    let state = if bulk.stalled { "failed" } else { &bulk.state };
    html! { span class={ "state is-" (state) } { (words.term("bulk-state", if bulk.stalled { "stalled" } else { state })) } }
}

/// A result of an item, with its colour.
fn result(words: Words, result: &str) -> Markup {
    let good = ["retried", "cancelled", "asked", "due", "snoozed", "deleted"].contains(&result);
    let colour = if good { "state is-done" } else { "state is-waiting" };
    html! { span class=(colour) { (words.term("bulk-result", result)) } }
}

fn failed(error: &EnqueueError) -> Failure {
    tracing::error!(%error, "a bulk operation could not be put in");
    Failure::Database
}
