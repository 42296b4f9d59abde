//! When a job runs, and whether it is kept.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Acted;
use crate::Sight;

/// Jobs that wait for a time (scheduled, retrying or snoozed) start as soon as a worker is free. A workflow that waits
/// for its steps or for a signal does not: it has nothing to do yet.
///
/// For each: `due`; or where it stands, and nothing was done: `ready`, `running`, `blocked`, `held`, `waiting`, `ended`,
/// `unknown`.
pub async fn run_now(conn: &mut PgConnection, sight: Sight, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(
        Acted,
        r#"select x as "job!", coalesce(a.result, 'unknown') as "result!" from (select distinct u from unnest($1::bigint[]) u) y(x)
           left join holdfast.run_now(holdfast.in_sight($1, $2)) a on a.job = x order by x"#,
        jobs,
        sight.tenant,
    )
    .fetch_all(conn)
    .await
}

/// Jobs that are ready, scheduled or retrying wait until then, at no cost of attempts. One that has begun before in a
/// lane keeps the lane, and those behind it wait, too; one that has not lets others pass. A deadline of the job type
/// stands.
///
/// For each: `snoozed`; or where it stands, and nothing was done: `running`, `blocked`, `held`, `waiting`, `ended`,
/// `unknown`, or `ready` when a worker is just taking it.
pub async fn snooze(
    conn: &mut PgConnection,
    sight: Sight,
    jobs: &[i64],
    until: DateTime<Utc>,
) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(
        Acted,
        r#"select x as "job!", coalesce(a.result, 'unknown') as "result!" from (select distinct u from unnest($1::bigint[]) u) y(x)
           left join holdfast.snooze(holdfast.in_sight($1, $2), $3) a on a.job = x order by x"#,
        jobs,
        sight.tenant,
        until,
    )
    .fetch_all(conn)
    .await
}

/// Removes ended jobs for good, with all that belongs to them and, of workflows, their steps. A lane that a dead one
/// parked goes on. Keys stay taken for as long as was promised: the same message does not run again.
///
/// For each: `deleted`, `not_ended` (or something it started has not), `is_step` (a workflow uses its result: delete
/// that), `has_open_effect` (nobody knows whether it went out: [`super::settle_effect`] first) or `unknown`.
pub async fn delete(conn: &mut PgConnection, sight: Sight, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(
        Acted,
        r#"select x as "job!", coalesce(a.result, 'unknown') as "result!" from (select distinct u from unnest($1::bigint[]) u) y(x)
           left join holdfast.delete_ended(holdfast.in_sight($1, $2)) a on a.job = x order by x"#,
        jobs,
        sight.tenant,
    )
    .fetch_all(conn)
    .await
}
