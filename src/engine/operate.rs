//! What people do to jobs by hand. All processes obey at once.
//!
//! Each act runs on the caller's transaction, so that who did it, and why, is written down together with it.

mod edit;
mod effects;
mod gates;
mod waits;

use serde::Serialize;
use sqlx::PgConnection;

pub use edit::{Copied, duplicate, retry_edited};
pub use effects::{Verdict, settle_effect};
pub use gates::{Forced, Numbers, drain, force_breaker, release_limit, set_limit, unforce_breaker};
pub use waits::{delete, run_now, snooze};

use crate::Sight;

/// What became of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acted {
    /// The job.
    pub job: i64,
    /// For [`cancel`]: `cancelled`, `asked` (it runs, or has to clean up, and has been told), `ended` or `unknown`.
    /// For [`retry`]: `retried`, `not_ended`, `completed`, `key_taken`, `is_step` (retry its workflow) or `unknown`.
    /// The other acts tell their words themselves. `unknown` is also what somebody may not see.
    pub result: String,
}

/// Ends jobs that nobody wants any more, with the steps that their workflows wait for.
pub async fn cancel(conn: &mut PgConnection, jobs: &[i64], reason: &str) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(Acted, r#"select job as "job!", result as "result!" from holdfast.cancel($1, $2)"#, jobs, reason)
        .fetch_all(conn)
        .await
}

/// [`cancel`] by somebody who sees only some jobs. Each is told of once, in order.
pub async fn cancel_seen(
    conn: &mut PgConnection,
    sight: Sight,
    jobs: &[i64],
    reason: &str,
) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(
        Acted,
        r#"select x as "job!", coalesce(a.result, 'unknown') as "result!" from (select distinct u from unnest($1::bigint[]) u) y(x)
           left join holdfast.cancel(holdfast.in_sight($1, $2), $3) a on a.job = x order by x"#,
        jobs,
        sight.tenant,
        reason,
    )
    .fetch_all(conn)
    .await
}

/// Runs dead or cancelled jobs once more, with all their attempts, in their order.
pub async fn retry(conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(Acted, r#"select job as "job!", result as "result!" from holdfast.retry($1)"#, jobs)
        .fetch_all(conn)
        .await
}

/// [`retry`] by somebody who sees only some jobs. Each is told of once, in order.
pub async fn retry_seen(conn: &mut PgConnection, sight: Sight, jobs: &[i64]) -> sqlx::Result<Vec<Acted>> {
    sqlx::query_as!(
        Acted,
        r#"select x as "job!", coalesce(a.result, 'unknown') as "result!" from (select distinct u from unnest($1::bigint[]) u) y(x)
           left join holdfast.retry(holdfast.in_sight($1, $2)) a on a.job = x order by x"#,
        jobs,
        sight.tenant,
    )
    .fetch_all(conn)
    .await
}

/// Lets nothing of this kind (none: of all kinds) and tenant (none: of all tenants) start until the resume. What runs,
/// ends as usual.
pub async fn pause(
    conn: &mut PgConnection,
    kind: Option<&str>,
    tenant: Option<i64>,
    reason: &str,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!("select from holdfast.pause($1, $2, $3, $4)", kind, tenant, reason, by).execute(conn).await?;
    Ok(())
}

/// Ends a pause of just this kind and tenant. False: there was none.
pub async fn resume(conn: &mut PgConnection, kind: Option<&str>, tenant: Option<i64>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select holdfast.resume($1, $2) as "was!""#, kind, tenant).fetch_one(conn).await
}

/// A new run of a workflow that takes over what it did before `step`; returns its id.
pub async fn fork(conn: &mut PgConnection, job: i64, step: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select holdfast.fork($1, $2, null) as "id!""#, job, step).fetch_one(conn).await
}
