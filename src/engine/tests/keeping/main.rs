//! What is kept, and what is looked after: retention, migrations, the database in trouble, what can be observed, and the
//! helpers for tests.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod database;
mod forgetting;
mod helpers;
#[path = "../promises/house.rs"]
mod house;
mod migrations;
mod observing;
mod retention;
mod simulation;
