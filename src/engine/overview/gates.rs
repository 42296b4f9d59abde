//! What jobs have to pass, and what left the house and was not heard of again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What does not start until somebody resumes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseNow {
    /// The job's name. None: every type.
    pub kind: Option<String>,
    /// None: every tenant.
    pub tenant: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who paused it.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A breaker: one line for each rule, and one for each tenant for whom it is not plainly closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerNow {
    /// What is depended on.
    pub rule: String,
    /// None: it counts for all.
    pub tenant: Option<i64>,
    /// `closed`, `open`, `half_open` or `recovering`.
    pub state: String,
    /// Since when. None: it has never opened.
    pub since: Option<DateTime<Utc>>,
    /// When it tries again; of one that is forced, when that ends.
    pub until: Option<DateTime<Utc>>,
    /// Failures that count now.
    pub failures: i64,
    /// Successes that count now.
    pub successes: i64,
    /// Why it opened last, or why somebody forced it.
    pub reason: Option<String>,
    /// Who forced it, while that lasts.
    pub forced_by: Option<String>,
    /// Jobs that wait behind it.
    pub held: i64,
    /// The job types that depend on it.
    pub kinds: Vec<String>,
}

/// What all processes together do not exceed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitNow {
    /// Its name.
    pub rule: String,
    /// Counted over `all`, or for each `tenant` or `key` alone.
    pub scope: String,
    /// At most so many at one time.
    pub running: Option<i32>,
    /// At most so many starts …
    pub rate: Option<i32>,
    /// … in any window of this length, in milliseconds.
    pub per_ms: Option<i64>,
    /// How many run under it: the most of all tenants or keys.
    pub used: i64,
    /// Jobs that wait at it.
    pub held: i64,
    /// Who changed it by hand; then what the code declares does not count.
    pub changed_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub changed_at: Option<DateTime<Utc>>,
    /// The job types that pass it.
    pub kinds: Vec<String>,
}

/// Effects whose end nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectsNow {
    /// How many, up to [`super::COUNTED`].
    pub unknown: i64,
    /// When the oldest of them was let go.
    pub oldest_at: Option<DateTime<Utc>>,
}
