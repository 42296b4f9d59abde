//! Why did this customer get this message? One screen: from the message back to where it began.

mod ask;
mod card;
mod draw;
mod one;
mod read;
mod story;

use crate::console::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    [ask::routes(), one::routes()].into_iter().flatten().collect()
}

/// Where a message is explained.
fn at(id: i64) -> String {
    format!("/ops/why/{id}")
}

/// A message as the audit names it.
fn target(id: i64) -> String {
    format!("message {id}")
}
