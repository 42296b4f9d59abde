//! Jobs: the list with its query box, one job, one workflow, and what can be done to them.

mod act;
mod arguments;
mod drawn;
mod edit;
mod explain;
mod family;
mod flow;
mod list;
mod one;
mod reveal;
mod rows;
mod search;
pub(super) mod subjects;
mod suggest;
mod timeline;
mod views;

use super::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let parts = [
        list::routes(),
        one::routes(),
        act::routes(),
        edit::routes(),
        reveal::routes(),
        flow::routes(),
        views::routes(),
    ];
    parts.into_iter().flatten().collect()
}
