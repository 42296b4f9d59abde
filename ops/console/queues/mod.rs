//! The queues: one for each job type, with what holds it up.

pub(super) mod limit;
mod list;
mod minutes;
mod one;
pub(super) mod pause;
pub(super) mod row;

use super::{
    Needs, Permission,
    routes::{Route, show},
};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        show("/ops/queues", Needs::May(Permission::Look), list::list),
        show("/ops/queues/{kind}", Needs::May(Permission::Look), one::one),
    ];
    routes.extend(pause::routes());
    routes.extend(limit::routes());
    routes
}

/// The screen of a job type.
pub(super) fn address(kind: &str) -> String {
    format!("/ops/queues/{}", super::shell::link::escape(kind))
}
