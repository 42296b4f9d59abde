//! The console in a real browser, as the people who work with it use it.

mod acting;
mod axe;
mod bulk;
mod door;
mod hostile;
mod keyboard;
mod looking;
mod plain;
mod queues;
mod refreshing;

use domain::TenantId;
use sqlx::{AssertSqlSafe, PgPool};

use crate::house::{Story, eventually};

/// A job that needs nothing but its arguments: the blue ticks of a message, put in for an hour from now.
const LATER: &str = "
    select put.id from generate_series(1, $1) n,
      lateral holdfast.enqueue('mark_read', json_build_object('phone_number_id', '100000000000001', 'wamid', 'wamid.' || n),
                               $2, run_at => now() + interval '1 hour') put";

const DIES: &str = "
    with gone as (delete from holdfast.later where id = any($1) returning id, kind, tenant),
         tried as (insert into holdfast.attempt (id, number, started_at, ending, error) select id, 2, now(), 'failed', $2 from gone)
    insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
    select id, now(), 1, 2, kind, tenant, json_build_object('error', $2::text) from gone";

/// Jobs that start in an hour.
async fn scheduled(pool: &PgPool, tenant: TenantId, count: i32) -> Vec<i64> {
    sqlx::query_scalar(LATER).bind(count).bind(tenant.0).fetch_all(pool).await.expect("jobs")
}

/// Jobs that died of this. They would run if they were retried.
async fn dead(story: &Story, count: i32, error: &str) -> Vec<i64> {
    let jobs = scheduled(&story.judge.pool, story.tenant, count).await;
    sqlx::query(DIES).bind(&jobs).bind(error).execute(&story.judge.pool).await.expect("dead jobs");
    jobs
}

/// Waits until so many of these jobs are in a state.
async fn are(story: &Story, jobs: &[i64], state: &str, count: i64) {
    eventually(async || {
        let found = in_state(story, jobs, state).await;
        if found == count { Ok(()) } else { Err(format!("{found} of {} are {state}, not {count}", jobs.len())) }
    })
    .await;
}

async fn in_state(story: &Story, jobs: &[i64], state: &str) -> i64 {
    let sql = "select count(*) from holdfast.job_state where id = any($1) and state = $2";
    sqlx::query_scalar(sql).bind(jobs).bind(state).fetch_one(&story.judge.pool).await.expect("a count")
}

/// Reasons that the audit has for this act, the latest last; `–` for none.
async fn audited(story: &Story, act: &str) -> Vec<String> {
    let sql = format!("select coalesce(reason, '–') from audit where act = '{act}' order by id");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&story.judge.pool).await.expect("the audit")
}
