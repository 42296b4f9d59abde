//! The workers, and the database that they work on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A process that runs jobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerNow {
    /// Its number.
    pub id: i64,
    /// Host and process.
    pub name: String,
    /// Its release.
    pub version: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Seconds since its last beat: more than 8, and it counts as dead.
    pub beat_age_seconds: f64,
    /// It takes nothing new.
    pub draining: bool,
    /// Jobs that it has.
    pub running: i64,
}

/// How the database fares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatabaseNow {
    /// The age of the oldest snapshot that somebody holds, in transactions: dead rows that are younger stay.
    pub xmin_age: Option<i64>,
    /// For how long it has been held, in seconds.
    pub xmin_seconds: Option<f64>,
    /// How long the longest transaction has lasted, in seconds.
    pub longest_transaction_seconds: Option<f64>,
    /// What its connection does: `active`, `idle in transaction` …
    pub longest_transaction_state: Option<String>,
    /// Connections of clients.
    pub connections: i64,
    /// The most that the server allows.
    pub connections_max: i64,
    /// Connections that wait for a lock.
    pub waiting_on_locks: i64,
    /// The tables whose rows come and go, by name.
    pub tables: Vec<TableNow>,
    /// What has happened, by name.
    pub history: Vec<HistoryNow>,
}

/// A table whose rows come and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableNow {
    /// Its name in schema holdfast.
    pub name: String,
    /// Rows that live, as the server estimates.
    pub live: i64,
    /// Dead rows that wait for their vacuum, as the server estimates.
    pub dead: i64,
    /// Its size with its indexes.
    pub bytes: Option<i64>,
}

/// A table that is kept by weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryNow {
    /// Its name in schema holdfast.
    pub name: String,
    /// Weeks, and one for what fits into none.
    pub partitions: i64,
    /// Their size with their indexes.
    pub bytes: i64,
}
