//! Reading what happened and why.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

/// One job of a story.
#[derive(Debug, Clone, Serialize)]
pub struct JobRow {
    /// The job.
    pub id: i64,
    /// The workflow that it is a step of.
    pub parent: Option<i64>,
    /// The step's name.
    pub step: Option<String>,
    /// The job's name.
    pub kind: String,
    /// `ready`, `blocked`, `scheduled`, `retrying`, `waiting`, `running`, `completed`, `dead` or `cancelled`.
    pub state: String,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its errors, oldest first.
    pub errors: Vec<String>,
}

/// Everything that one cause led to: the root of `job` and all that came of it, in order.
pub async fn story(conn: &mut PgConnection, job: i64) -> sqlx::Result<Vec<JobRow>> {
    sqlx::query_as!(
        JobRow,
        r#"select s.id as "id!", s.parent, s.step, s.kind as "kind!", s.state as "state!", s.attempts, s.created_at as "created_at!",
                  s.finished_at,
                  array(select coalesce(a.ending || ': ' || a.error, a.ending) from holdfast.attempt a where a.id = s.id order by a.ended_at) as "errors!: Vec<String>"
           from holdfast.job_state s
           where s.root = (select root from holdfast.job where id = $1) or s.id = (select root from holdfast.job where id = $1)
           order by s.id"#,
        job,
    )
    .fetch_all(conn)
    .await
}
