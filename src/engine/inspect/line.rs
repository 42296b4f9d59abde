//! One job in a list.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

/// One job in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobLine {
    /// The job.
    pub id: i64,
    /// The job's name.
    pub kind: String,
    /// Whom it was enqueued for.
    pub tenant: i64,
    /// One of [`super::STATES`].
    pub state: String,
    /// Its name as a step.
    pub step: Option<String>,
    /// The workflow that it is a step of.
    pub parent: Option<i64>,
    /// What it all came of.
    pub root: i64,
    /// Its key; empty without one.
    pub key: String,
    /// Its urgency; less is more urgent.
    pub priority: i16,
    /// Attempts made, or the latest that is known of one that has not ended.
    pub attempts: i16,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it starts, of one that waits for a time.
    pub run_at: Option<DateTime<Utc>>,
    /// When its last attempt began, of one that runs or has ended.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The first 200 characters of its latest error.
    pub error: Option<String>,
}

/// These jobs, newest first.
pub(super) async fn of(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<JobLine>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        JobLine,
        r#"select s.id as "id!", s.kind as "kind!", s.tenant as "tenant!", s.state as "state!", s.step, s.parent, s.root as "root!", s.key as "key!",
                  s.priority as "priority!", coalesce(s.attempts, last.number, 0::smallint) as "attempts!", s.created_at as "created_at!",
                  case when isfinite(s.run_at) then s.run_at end as run_at,
                  coalesce(s.started_at, (select c.at from holdfast.claim c where s.state = 'running' and s.id = any(c.ids) limit 1)) as started_at, s.finished_at,
                  left(coalesce(last.ending || ': ' || last.error, last.ending, case when s.state in ('dead', 'cancelled') then s.output ->> 'error' end), 200) as error
           from holdfast.job_state s
           left join lateral (select a.number, a.ending, a.error from holdfast.attempt a where a.id = s.id order by a.ended_at desc limit 1) last on true
           where s.id = any($1) order by s.id desc"#,
        ids
    )
    .fetch_all(conn)
    .await
}
