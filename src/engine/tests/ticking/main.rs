//! One test for each case of the engine's list, named after it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../promises/house.rs"]
mod house;

mod cron;
