//! What happened to a job, in the order of time.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    page::{Around, Attempt, JobFacts},
    waiting::WhyWaiting,
};

/// Something that happened, or that is so since then.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// When it happened or began.
    pub at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// It was put in.
    Enqueued,
    /// It was put in for later, and has not started yet.
    Scheduled {
        /// When it starts.
        until: DateTime<Utc>,
    },
    /// An attempt that did not complete it, from its beginning.
    Failed(Attempt),
    /// It rests between two attempts.
    Waited {
        /// Until the next attempt, or until it is due.
        until: DateTime<Utc>,
        /// It asked for that itself; otherwise it is the backoff after a failure.
        snoozed: bool,
    },
    /// It waits at a limit or a breaker since it was due.
    Held,
    /// It runs.
    Running {
        /// The worker's name, while it is known.
        worker: Option<String>,
    },
    /// Somebody wants it to end.
    CancellationAsked {
        /// Why.
        reason: String,
    },
    /// The attempt that completed it, from its beginning.
    Succeeded {
        /// When it ended.
        ended_at: DateTime<Utc>,
        /// The worker's name, while it is known.
        worker: Option<String>,
    },
    /// It ended.
    Finished {
        /// `completed`, `dead` or `cancelled`.
        state: String,
        /// Attempts made.
        attempts: i16,
    },
}

pub(super) fn of(job: &JobFacts, around: &Around, why: Option<&WhyWaiting>) -> Vec<Event> {
    let mut events = vec![Event { at: job.created_at, what: What::Enqueued }];
    if let (true, Some(until)) = (around.attempts.is_empty() && job.state == "scheduled", job.run_at) {
        events.push(Event { at: job.created_at, what: What::Scheduled { until } });
    }
    let began = if ["running", "completed"].contains(&job.state.as_str()) { job.started_at } else { None };
    for (n, attempt) in around.attempts.iter().enumerate() {
        events.push(Event { at: attempt.started_at, what: What::Failed(attempt.clone()) });
        let next = around.attempts.get(n + 1).map(|next| next.started_at).or(began).or(job.run_at);
        if let Some(until) = next.filter(|next| *next > attempt.ended_at) {
            events.push(Event {
                at: attempt.ended_at,
                what: What::Waited { until, snoozed: attempt.ending == "snoozed" },
            });
        }
    }
    let worker = job.worker_name.clone();
    match (job.state.as_str(), began, job.finished_at) {
        ("running", Some(at), _) => events.push(Event { at, what: What::Running { worker } }),
        ("completed", Some(at), Some(ended_at)) => {
            events.push(Event { at, what: What::Succeeded { ended_at, worker } });
        }
        _ => {}
    }
    if let Some(since) = why.and_then(WhyWaiting::held_since) {
        events.push(Event { at: since, what: What::Held });
    }
    if let Some(asked) = &around.cancellation {
        events.push(Event { at: asked.at, what: What::CancellationAsked { reason: asked.reason.clone() } });
    }
    if let Some(at) = job.finished_at {
        let attempts = job.attempts.unwrap_or_default();
        events.push(Event { at, what: What::Finished { state: job.state.clone(), attempts } });
    }
    events.sort_by_key(|event| event.at);
    events
}
