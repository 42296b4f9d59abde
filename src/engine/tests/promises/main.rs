//! What the engine promises, shown on a real database.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod house;
mod jobs;
mod lanes;
mod outcomes;
mod recovery;
mod workflows;
