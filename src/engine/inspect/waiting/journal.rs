//! A workflow that waits for something of its journal.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::WhyWaiting;
use crate::Sight;

/// A step that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Awaited {
    /// The step's name.
    pub name: String,
    /// Its job.
    pub job: i64,
    /// Where that one stands.
    pub state: String,
}

pub(super) async fn why(
    conn: &mut PgConnection,
    sight: Sight,
    id: i64,
    every: bool,
    until: Option<DateTime<Utc>>,
) -> sqlx::Result<WhyWaiting> {
    let steps = sqlx::query_as!(
        Awaited,
        r#"select x.name as "name!", s.id as "job!", s.state as "state!" from (
             select s.name, s.child from holdfast.step s
             where s.parent = $1 and s.child is not null and not s.detached and not exists (select from holdfast.done d where d.id = s.child) order by s.child limit 100) x
           join lateral (select s.id, s.state from holdfast.job_state s where s.id = x.child and ($2::bigint is null or s.tenant = $2)) s on true
           order by x.child"#,
        id,
        sight.tenant
    )
    .fetch_all(&mut *conn)
    .await?;
    let waits = sqlx::query_scalar!(
        "select s.name from holdfast.step s where s.parent = $1 and s.wake_at is not null and s.output is null and s.wake_at > '-infinity' order by s.noted limit 100",
        id
    )
    .fetch_all(conn)
    .await?;
    Ok(WhyWaiting::Workflow { steps, waits, every, until })
}
