//! The shape of a job.

use std::{future::Future, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Backoff, Cx, Outcome};

/// One effect or one decision, or a workflow of them.
///
/// The arguments are the fields of the type. `W` is what the job may use of the outside.
pub trait Job<W>: Serialize + DeserializeOwned + Send + 'static {
    /// The name in the database: lower snake case, at most 63 characters. Wire format: never renamed.
    const NAME: &'static str;
    /// How often, how long, how many at once.
    const POLICY: Policy = Policy::DEFAULT;
    /// What the job leaves behind; a workflow's replay reads it.
    type Output: Serialize + DeserializeOwned + Send + 'static;

    /// The same name and key twice is one job, within [`Policy::unique_for`]. Empty: no such check.
    fn key(&self) -> String {
        String::new()
    }

    /// Jobs of one lane run one at a time, in the order in which they were enqueued.
    fn lane(&self) -> Option<String> {
        None
    }

    /// One attempt. It may be repeated, and a repetition must change nothing.
    fn run(self, cx: Cx<W>) -> impl Future<Output = Outcome<Self::Output>> + Send;
}

/// How a type of job is treated.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Attempts that may fail before the job is dead.
    pub attempts: u16,
    /// Workers that may die under the job before it is dead.
    pub losses: u16,
    /// The longest that one attempt may take.
    pub timeout: Duration,
    /// Waits between attempts.
    pub backoff: Backoff,
    /// The longest wait that a `Retry-After` may ask for.
    pub retry_after_at_most: Duration,
    /// Attempts at one time in one process.
    pub concurrency: u16,
    /// Lower runs first.
    pub priority: i16,
    /// How long a key is remembered.
    pub unique_for: Duration,
    /// Gathers a burst of enqueues with one key into one job.
    pub debounce: Option<Debounce>,
}

/// Waits for more of the same before a job starts.
#[derive(Debug, Clone, Copy)]
pub struct Debounce {
    /// Each enqueue moves the start this far ahead.
    pub wait: Duration,
    /// Counted from the first enqueue, the start moves no further than this.
    pub at_most: Duration,
}

impl Policy {
    /// Five attempts of 30 seconds, 16 at a time.
    pub const DEFAULT: Self = Self {
        attempts: 5,
        losses: 20,
        timeout: Duration::from_secs(30),
        backoff: Backoff::exponential(Duration::from_millis(500), Duration::from_mins(5)),
        retry_after_at_most: Duration::from_hours(1),
        concurrency: 16,
        priority: 0,
        unique_for: Duration::from_hours(720),
        debounce: None,
    };

    /// For workflows: they mostly wait, so that many fit into a process, and workers die under them through no fault
    /// of theirs.
    pub const WORKFLOW: Self =
        Self { concurrency: 512, losses: 1000, timeout: Duration::from_mins(5), ..Self::DEFAULT };
}
