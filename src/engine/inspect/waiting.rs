//! Why a job does not run.

mod gate;
mod journal;
mod lane;
mod later;
mod queue;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

pub use journal::Awaited;

use crate::Sight;

/// Why a job does not run. Numbers of jobs are counted up to 1,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyWaiting {
    /// It may start, but no worker that lives runs jobs of its kind.
    NoWorker {
        /// Its kind.
        kind: String,
    },
    /// It may start as soon as a worker has room for it.
    Queue {
        /// Jobs of its kind that start before it.
        ahead: i64,
        /// Workers that run its kind.
        workers: i64,
    },
    /// Somebody stopped it.
    Paused {
        /// Jobs of this kind; none: of every kind.
        kind: Option<String>,
        /// Jobs of this tenant; none: of all.
        tenant: Option<i64>,
        /// Why.
        reason: String,
        /// Who.
        by: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// A limit is used up.
    Limit {
        /// The limit.
        limit: String,
        /// What it counts by; empty: all together, or each tenant.
        key: String,
        /// How many run under it.
        running: i64,
        /// How many may run at one time.
        most: Option<i32>,
        /// How many may start in so many seconds.
        rate: Option<i32>,
        /// Those seconds.
        per_seconds: Option<i64>,
        /// Jobs that wait there before it.
        ahead: i64,
        /// When it was due.
        since: DateTime<Utc>,
    },
    /// A breaker lets none or few through.
    Breaker {
        /// The breaker.
        breaker: String,
        /// The tenant that it is for; none: all.
        tenant: Option<i64>,
        /// `open`, `half_open` or `recovering`.
        state: String,
        /// Since when it is in this state.
        open_since: DateTime<Utc>,
        /// When it lets the next one try.
        probe_at: Option<DateTime<Utc>>,
        /// Why.
        reason: Option<String>,
        /// Who did it by hand.
        forced_by: Option<String>,
        /// Jobs that wait there before it.
        ahead: i64,
        /// When it was due.
        since: DateTime<Utc>,
    },
    /// Others of its lane come before it.
    Lane {
        /// The lane.
        lane: String,
        /// Who has the lane, if the sight covers it.
        holder: Option<i64>,
        /// Where that one stands.
        holder_state: Option<String>,
        /// Its place among those who wait; the next one is 1.
        position: i64,
    },
    /// It was put in for later.
    Scheduled {
        /// When it starts.
        at: DateTime<Utc>,
    },
    /// It waits for more of the same, being debounced.
    Debounced {
        /// When it starts, if nothing more comes.
        at: DateTime<Utc>,
        /// How many it has taken up.
        merged: i64,
    },
    /// An attempt failed; the next one is later.
    Backoff {
        /// Attempts that failed.
        attempt: i16,
        /// When the next one begins.
        until: DateTime<Utc>,
        /// What it failed of.
        error: Option<String>,
    },
    /// It asked for a rest.
    Snoozed {
        /// When it goes on.
        until: DateTime<Utc>,
        /// Why.
        reason: Option<String>,
    },
    /// A workflow that waits: for steps, signals, or a time.
    Workflow {
        /// Steps that have not ended, 100 at most.
        steps: Vec<Awaited>,
        /// Waits that are not over: for a signal, or a sleep.
        waits: Vec<String>,
        /// It needs all of the steps.
        every: bool,
        /// When it goes on anyway.
        until: Option<DateTime<Utc>>,
    },
}

impl WhyWaiting {
    /// Since when it waits at a gate.
    pub(super) const fn held_since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Limit { since, .. } | Self::Breaker { since, .. } => Some(*since),
            _ => None,
        }
    }
}

/// A job that waits.
struct Waiter {
    id: i64,
    kind: i16,
    kind_name: String,
    tenant: i64,
    priority: i16,
    lane: Option<String>,
}

/// Why this job does not run; none: it runs, has ended, or is not in sight.
pub(super) async fn why(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<WhyWaiting>> {
    let waiter = sqlx::query_as!(
        Waiter,
        r#"select j.id, j.kind, k.name as kind_name, j.tenant, j.priority, j.lane from holdfast.job j join holdfast.kind k on k.id = j.kind
           where j.id = $1 and ($2::bigint is null or j.tenant = $2) and not exists (select from holdfast.done d where d.id = $1)"#,
        id,
        sight.tenant
    );
    let Some(waiter) = waiter.fetch_optional(&mut *conn).await? else { return Ok(None) };
    if let Some(why) = lane::why(conn, sight, &waiter).await? {
        return Ok(Some(why));
    }
    if let Some(why) = gate::why(conn, &waiter).await? {
        return Ok(Some(why));
    }
    if let Some(why) = later::why(conn, sight, &waiter).await? {
        return Ok(Some(why));
    }
    queue::why(conn, &waiter).await
}
