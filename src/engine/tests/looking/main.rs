//! Looking at jobs, as the console does: the query box, pages, walls between tenants, one job's page, why it waits, what
//! came of what, and a workflow's journal.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod family;
mod finding;
mod history;
#[expect(dead_code, reason = "shared with the other groups, who use other parts of it")]
#[path = "../promises/house.rs"]
mod house;
mod kit;
mod paging;
mod stories;
mod waiting;
mod walls;
mod words;
