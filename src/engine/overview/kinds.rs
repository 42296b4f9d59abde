//! The queues: one for each job type.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// How many jobs of a type stand where. Each count stops at [`super::COUNTED`]; of jobs that wait for a time, for their
/// lane or at a gate, so many are looked at in all, whatever their type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The job's name.
    pub kind: String,
    /// May start now.
    pub ready: i64,
    /// How long the oldest of them has waited, in seconds.
    pub oldest_ready_seconds: Option<f64>,
    /// A worker is at it.
    pub running: i64,
    /// Starts later.
    pub scheduled: i64,
    /// Has failed, and tries again later.
    pub retrying: i64,
    /// A workflow that waits for its steps or for a signal.
    pub waiting: i64,
    /// Behind another job of its lane.
    pub blocked: i64,
    /// At a limit, a breaker or a pause.
    pub held: i64,
    /// Died within the last 24 hours.
    pub dead_today: i64,
}

/// One job type now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindNow {
    /// How many jobs stand where.
    #[serde(flatten)]
    pub standing: Standing,
    /// Completions in each of the last 60 minutes, the present one last; empty when nothing happened in all of them.
    pub completed: Vec<i64>,
    /// Attempts that failed, likewise.
    pub failed: Vec<i64>,
    /// How long an attempt of the last 5 minutes took, in milliseconds.
    pub mean_run_ms: Option<f64>,
    /// How long it had waited since it was due, in milliseconds.
    pub mean_wait_ms: Option<f64>,
    /// A living worker runs this type. If not, and jobs are ready, they wait in vain.
    pub served: bool,
    /// Nothing of it starts, for no tenant.
    pub paused: bool,
    /// The limits that it passes; without one, only the number of processes bounds how many run together.
    pub limits: Vec<String>,
    /// The breaker that it depends on.
    pub breaker: Option<String>,
}

impl KindNow {
    /// Jobs of it could start, and nobody is there to run them.
    #[must_use]
    pub fn is_unserved(&self) -> bool {
        self.standing.ready > 0 && !self.served
    }
}

/// How many jobs of a type run now, up to [`super::COUNTED`].
pub async fn running(conn: &mut PgConnection, kind: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "running!" from holdfast.running() r join holdfast.kind k on k.id = r.kind where k.name = $1"#,
        kind,
    )
    .fetch_one(conn)
    .await
}
