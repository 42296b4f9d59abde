//! What people do to jobs by hand, and what they see of the house.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod checking;
mod deletion;
mod edits;
mod effects;
mod failures;
mod gates;
#[path = "../promises/house.rs"]
mod house;
mod kit;
mod snapshots;
mod states;
mod tallying;
mod tenants;
