//! What became of an attempt.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What a job's `run` returns: its output, or why there is none.
///
/// A business "no" (full, declined, too late) is an output. `Stop` is about everything else.
pub type Outcome<T> = Result<T, Stop>;

/// Why an attempt ended without an output.
///
/// Any error turns into [`Stop::Retry`] with `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Try again: after the policy's backoff, or after the wait that the other side asked for.
    Retry {
        /// What went wrong, kept with the attempt. Nothing secret or personal.
        error: String,
        /// `Retry-After`, bounded by the policy's `retry_after_at_most`.
        after: Option<Duration>,
        /// What the policy's breaker learns from it.
        blame: Blame,
    },
    /// Nothing is wrong, it is only too early. Costs no attempt.
    Snooze {
        /// How long to wait.
        wait: Duration,
        /// What is waited for.
        reason: String,
    },
    /// Trying again would change nothing: the job is dead at once.
    Fail(String),
    /// No longer wanted.
    Cancel(String),
    /// A workflow waits for a step, a sleep or a signal: pass it on with `?`.
    Parked {
        /// When to look again even if nothing happens.
        until: Option<DateTime<Utc>>,
    },
    /// The job belongs to another worker by now; nothing that this attempt does counts.
    Fenced,
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The job's own, or the database's: no breaker hears of it.
    Job,
    /// What the job depends on is down, for everybody.
    Dependency,
    /// What the job depends on refuses this tenant: its credentials, its account.
    Tenant,
}

impl Stop {
    /// A retry after the policy's backoff.
    pub fn retry(error: impl Into<String>) -> Self {
        Self::Retry { error: error.into(), after: None, blame: Blame::Job }
    }

    /// What the job depends on failed, and perhaps said when to come back.
    pub fn unavailable(error: impl Into<String>, after: Option<Duration>) -> Self {
        Self::Retry { error: error.into(), after, blame: Blame::Dependency }
    }

    /// What the job depends on refuses this tenant.
    pub fn denied(error: impl Into<String>) -> Self {
        Self::Retry { error: error.into(), after: None, blame: Blame::Tenant }
    }

    /// A wait that costs no attempt.
    pub fn snooze(wait: Duration, reason: impl Into<String>) -> Self {
        Self::Snooze { wait, reason: reason.into() }
    }

    /// An end without further attempts.
    pub fn fail(error: impl Into<String>) -> Self {
        Self::Fail(error.into())
    }
}

impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::retry(with_causes(&error))
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_becomes_a_retry_that_tells_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("could not read the menu")]
        struct Outer(#[source] std::fmt::Error);
        let stop: Stop = Outer(std::fmt::Error).into();
        let Stop::Retry { error, after: None, blame: Blame::Job } = stop else { panic!("not a retry: {stop:?}") };
        assert!(error.starts_with("could not read the menu: "), "{error}");
    }
}
