//! How a type of job is treated.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Backoff, check::LimitFacts};

/// How a type of job is treated.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Attempts that may fail before the job is dead.
    pub attempts: u16,
    /// Workers that may die in a row under the job before it is dead.
    pub losses: u16,
    /// The longest that one attempt may take.
    pub timeout: Duration,
    /// The longest time between heartbeats ([`crate::Cx::heartbeat`]) of one attempt. `None`: none are expected.
    pub heartbeat: Option<Duration>,
    /// The longest that a job may wait for its start, from when it is due; then it is dead.
    pub queue_wait: Option<Duration>,
    /// The longest from enqueue to end: no attempt starts later, and none is planned for later.
    pub deadline: Option<Duration>,
    /// Waits between attempts.
    pub backoff: Backoff,
    /// The longest wait that a `Retry-After` may ask for.
    pub retry_after_at_most: Duration,
    /// Attempts at one time in one process. While they are short, as many again may be claimed ahead and begin as places
    /// become free.
    pub concurrency: u16,
    /// Lower runs first.
    pub priority: i16,
    /// How long a key is remembered, and never for less than until its job has ended. Zero: just until then.
    pub unique_for: Duration,
    /// Gathers a burst of enqueues with one key into one job.
    pub debounce: Option<Debounce>,
    /// What all processes together do not exceed.
    pub limits: &'static [Limit],
    /// Stops starts while what the job depends on is down.
    pub breaker: Option<Breaker>,
    /// What becomes of the lane of a job that is dead.
    pub dead_head: DeadHead,
}

/// Waits for more of the same before a job starts.
#[derive(Debug, Clone, Copy)]
pub struct Debounce {
    /// Each enqueue moves the start this far ahead.
    pub wait: Duration,
    /// Counted from the first enqueue, the start moves no further than this.
    pub at_most: Duration,
}

/// What becomes of a lane whose first job is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadHead {
    /// The next job of the lane runs.
    Skip,
    /// The lane stands still until somebody retries the job or lets the lane go.
    Park,
}

/// At most so many, over all processes. Types of job that name the same limit share it.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    name: &'static str,
    scope: &'static str,
    running: Option<u32>,
    rate: Option<(u32, Duration)>,
}

impl Limit {
    /// At most `most` at one time.
    #[must_use]
    pub const fn running(name: &'static str, most: u32) -> Self {
        Self { name, scope: "all", running: Some(most), rate: None }
    }

    /// At most `most` starts in any window of length `per`.
    #[must_use]
    pub const fn rate(name: &'static str, most: u32, per: Duration) -> Self {
        Self { name, scope: "all", running: None, rate: Some((most, per)) }
    }

    /// Counted for each tenant alone.
    #[must_use]
    pub const fn by_tenant(self) -> Self {
        Self { scope: "tenant", ..self }
    }

    /// Counted for each tenant and [`crate::Job::limit_key`] alone.
    #[must_use]
    pub const fn by_key(self) -> Self {
        Self { scope: "key", ..self }
    }

    pub(crate) fn facts(&self) -> LimitFacts {
        let (rate, per) = self.rate.unzip();
        LimitFacts { name: self.name, scope: self.scope, running: self.running, rate, per }
    }

    fn declared(&self) -> Value {
        json!({
            "name": self.name, "scope": self.scope, "running": self.running,
            "rate": self.rate.map(|(most, _)| most), "per_ms": self.rate.map(|(_, per)| millis(per)),
        })
    }
}

/// Stops the starts of jobs while what they depend on fails: for everybody, or for one tenant whose credentials are
/// refused. Shared by all processes; jobs that wait behind it burn no attempts.
#[derive(Debug, Clone, Copy)]
pub struct Breaker {
    /// What is depended on. Types of job that name the same one share its breaker.
    pub name: &'static str,
    /// Opens at so many failures (and at least as many as successes) …
    pub failures: u32,
    /// … within this time.
    pub within: Duration,
    /// How long it stays open the first time; each time in a row it is twice as long.
    pub wait: Duration,
    /// And no longer than this.
    pub wait_at_most: Duration,
    /// Then so many jobs of all processes together try whether it works again.
    pub probes: u32,
}

impl Breaker {
    /// Opens for 5 seconds (at most 5 minutes) at 5 failures within 10 seconds; 2 probes.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            failures: 5,
            within: Duration::from_secs(10),
            wait: Duration::from_secs(5),
            wait_at_most: Duration::from_mins(5),
            probes: 2,
        }
    }

    fn declared(&self) -> Value {
        json!({
            "name": self.name, "failures": self.failures, "within_ms": millis(self.within), "wait_ms": millis(self.wait),
            "wait_max_ms": millis(self.wait_at_most), "probes": self.probes,
        })
    }
}

impl Policy {
    /// Five attempts of 30 seconds, 16 at a time.
    pub const DEFAULT: Self = Self {
        attempts: 5,
        losses: 20,
        timeout: Duration::from_secs(30),
        heartbeat: None,
        queue_wait: None,
        deadline: None,
        backoff: Backoff::exponential(Duration::from_millis(500), Duration::from_mins(5)),
        retry_after_at_most: Duration::from_hours(1),
        concurrency: 16,
        priority: 0,
        unique_for: Duration::from_hours(720),
        debounce: None,
        limits: &[],
        breaker: None,
        dead_head: DeadHead::Skip,
    };

    /// For workflows: they mostly wait, so that many fit into a process, and workers die under them through no fault
    /// of theirs.
    pub const WORKFLOW: Self =
        Self { concurrency: 512, losses: 1000, timeout: Duration::from_mins(5), ..Self::DEFAULT };

    /// The wait after so many failures, where the other side may have asked for one.
    pub(crate) fn delay(&self, failures: u16, job: i64, asked: Option<Duration>) -> Duration {
        asked.map_or_else(
            || self.backoff.delay(failures, job.unsigned_abs()),
            |after| after.min(self.retry_after_at_most),
        )
    }

    /// Whether a job has to pass a gate before it starts.
    pub(crate) fn is_gated(&self) -> bool {
        !self.limits.is_empty() || self.breaker.is_some()
    }
}

/// What workers tell the database of their policies (`holdfast.declare`).
pub(crate) fn declaration<'a>(kinds: impl Iterator<Item = (&'a str, &'a Policy)>) -> Value {
    let (mut all, mut limits, mut breakers) = (Vec::new(), Vec::new(), Vec::new());
    for (name, policy) in kinds {
        limits.extend(policy.limits.iter().map(Limit::declared));
        breakers.extend(policy.breaker.iter().map(Breaker::declared));
        all.push(json!({
            "name": name, "priority": policy.priority, "unique_for_ms": millis(policy.unique_for),
            "debounce_wait_ms": policy.debounce.map(|debounce| millis(debounce.wait)),
            "debounce_max_ms": policy.debounce.map(|debounce| millis(debounce.at_most)),
            "limits": policy.limits.iter().map(|limit| limit.name).collect::<Vec<_>>(),
            "breaker": policy.breaker.map(|breaker| breaker.name),
            "queue_wait_ms": policy.queue_wait.map(millis), "deadline_ms": policy.deadline.map(millis),
        }));
    }
    json!({ "kinds": all, "limits": limits, "breakers": breakers })
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
