//! One act on many jobs: frozen, confirmed, carried out, steered, looked at.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod confirming;
mod freezing;
#[path = "../promises/house.rs"]
mod house;
mod kit;
mod running;
mod steering;
mod verbs;
mod walls;
