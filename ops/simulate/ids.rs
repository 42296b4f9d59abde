//! Ids that no earlier run of the simulators gave out: receivers remember them for long.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

/// Gives out ids; each sorts after those before it.
pub(crate) struct Ids {
    started: DateTime<Utc>,
    next: AtomicU64,
}

impl Ids {
    pub(crate) fn since(started: DateTime<Utc>) -> Self {
        Self { started, next: AtomicU64::default() }
    }

    /// Capital letters and digits.
    pub(crate) fn word(&self) -> String {
        format!("{:012X}{:08X}", self.started.timestamp_micros(), self.next())
    }

    /// Digits only, as most of Meta's ids are.
    pub(crate) fn number(&self) -> String {
        format!("{}{:06}", self.started.timestamp_micros(), self.next())
    }

    fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}
