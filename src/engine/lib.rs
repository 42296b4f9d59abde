//! Durable jobs and workflows on PostgreSQL.
//!
//! A [`Job`] is one effect or one decision with its own [`Policy`]. A workflow is a job whose work is other
//! jobs, its steps. Both are rows: [`Client::enqueue`] writes them on the caller's transaction, an [`Engine`]
//! runs them, and a process that dies at any moment loses nothing.
//!
//! This crate is to apalis what a storage crate is: the PostgreSQL backend behind its workers. It knows
//! nothing of the business, and it is the only place that knows the tables of schema `holdfast`
//! (`migrations/0001_engine.sql`; `0003_protocol.sql` tells the protocol).

mod backend;
mod backoff;
mod client;
mod cx;
pub mod effect;
mod fetcher;
pub mod inspect;
mod job;
mod lifeline;
mod maintenance;
mod outcome;
mod registry;
mod runner;
mod runtime;
mod sabotage;
mod schedule;
mod session;
mod settle;
mod starter;
mod step;
mod waiters;
mod wire;

pub use backoff::Backoff;
pub use client::{Client, EnqueueError, Enqueued, When};
pub use cx::Cx;
pub use job::{Debounce, Job, Policy};
pub use outcome::{Outcome, Stop};
pub use runtime::{Engine, EngineError};
pub use sabotage::Point;
pub use schedule::{CrontabError, Tick};
pub use step::StepFailure;
