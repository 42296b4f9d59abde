//! Durable jobs and workflows on PostgreSQL.
//!
//! A [`Job`] is one effect or one decision with its own [`Policy`]. A workflow is a job whose work is other
//! jobs, its steps. Both are rows: [`Client::enqueue`] writes them on the caller's transaction, an [`Engine`]
//! runs them, and a process that dies at any moment loses nothing.
//!
//! This crate is to apalis what a storage crate is: the PostgreSQL backend behind its workers. It knows
//! nothing of the business, and it is the only place that knows the tables of schema `holdfast`
//! (`migrations/0001_engine.sql` and `0005_policies.sql`; `0006_enqueue.sql` to `0010_rescue.sql` tell the protocol).

mod backend;
mod backoff;
mod breakers;
pub mod bulk;
mod cancels;
pub mod cause;
mod check;
mod client;
mod clock;
mod cx;
pub mod effect;
mod enqueue;
pub mod erasure;
mod fetcher;
mod finish;
mod gauges;
pub mod inspect;
mod job;
mod journal;
mod lifeline;
mod link;
pub mod logbook;
mod maintenance;
mod offers;
pub mod operate;
mod outcome;
pub mod overview;
mod policy;
mod progress;
mod pulse;
mod registry;
mod retention;
mod runner;
mod runtime;
mod sabotage;
mod saga;
pub mod schedule;
mod session;
mod settle;
mod sight;
mod starter;
mod step;
mod tally;
pub mod testing;
mod trace;
mod transaction;
mod wait;
mod waiters;
mod wire;

pub use backoff::Backoff;
pub use check::{CheckError, Checks, KindFacts, LimitFacts, Unreadable};
pub use client::{Client, SignalError};
pub use cx::Cx;
pub use enqueue::{EnqueueError, Enqueued, When};
pub use job::Job;
pub use outcome::{Blame, Outcome, Stop};
pub use policy::{Breaker, DeadHead, Debounce, Limit, Policy};
pub use pulse::{Pulse, pulse};
pub use runtime::{Engine, EngineError};
pub use sabotage::Point;
pub use saga::Saga;
pub use schedule::{CrontabError, Missed, Overlap, Schedule, Tick};
pub use sight::Sight;
pub use step::StepFailure;
pub use transaction::begin;
