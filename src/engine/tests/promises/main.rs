//! What the engine promises, shown on a real database.

mod house;
mod jobs;
mod lanes;
mod outcomes;
mod recovery;
mod workflows;
