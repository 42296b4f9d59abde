//! Conformance: what is put in, under which key, who fetches it when, how attempts end, and how they are repeated.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../promises/house.rs"]
mod house;

mod ahead;
mod bounds;
mod claims;
mod completion;
mod counters;
mod enqueue;
mod faces;
mod fetch;
mod helpers;
mod jobs;
mod keys;
mod late;
mod outcomes;
mod panics;
mod poison;
mod retries;
mod serving;
mod unique;
mod validation;
mod waking;
