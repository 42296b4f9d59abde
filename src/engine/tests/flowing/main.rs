//! Conformance: how work flows. Workflows, signals, cancellation, and what leaves the house. `cases.tsv` tells which
//! case is shown where.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod branches;
mod cancellation;
mod effects;
mod fork;
mod handlers;
#[path = "../promises/house.rs"]
mod house;
mod jobs;
mod kills;
mod kit;
mod races;
mod sagas;
mod signals;
mod undoing;
mod versions;
mod workflows;
