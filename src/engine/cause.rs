//! What led to a job: its workflow, that one's workflow, up to where it began; and what else came of that.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};

use crate::{Sight, inspect::Effect};

/// Jobs beside those in a straight line from the first to the root.
const MOST: i64 = 200;

/// A job on the way from a cause to what came of it.
#[derive(Debug, Clone)]
pub struct CauseJob {
    /// The job.
    pub id: i64,
    /// The job's name.
    pub kind: String,
    /// What its name and its key together name; empty: nothing.
    pub key: String,
    /// The workflow that it is a step of, or that started it.
    pub parent: Option<i64>,
    /// Where it all began.
    pub root: i64,
    /// The step's name.
    pub step: Option<String>,
    /// As in [`crate::inspect::JobRow::state`].
    pub state: String,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When its last attempt began, once it has ended.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// What went wrong, oldest first.
    pub errors: Vec<String>,
    /// What it left behind.
    pub output: Option<Value>,
    /// What it did outside.
    pub effects: Vec<Effect>,
    /// It is on the straight line from the job that was asked about to the root.
    pub is_in_line: bool,
}

/// The job that did, or is to do, the effect of this name.
pub async fn of_effect(conn: &mut PgConnection, sight: Sight, key: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select e.job from holdfast.effect e join holdfast.job j on j.id = e.job
         where e.key = $1 and ($2::bigint is null or j.tenant = $2)",
        key,
        sight.tenant,
    )
    .fetch_optional(conn)
    .await
}

/// The jobs of a tenant that are known by these kinds and keys, over the whole history: the newest 500, newest first.
pub async fn of_keys(conn: &mut PgConnection, tenant: i64, keys: &[(String, String)]) -> sqlx::Result<Vec<i64>> {
    let (kinds, keys): (Vec<String>, Vec<String>) = keys.iter().cloned().unzip();
    sqlx::query_scalar!(
        r#"select j.id as "id!" from (select distinct kind, key from unnest($2::text[], $3::text[]) w(kind, key) where key <> '') w
           cross join lateral (
             select j.id from holdfast.job j where j.key = w.key and j.key <> '' and j.tenant = $1
               and j.kind = (select k.id from holdfast.kind k where k.name = w.kind) order by j.id desc limit 500) j
           order by j.id desc limit 500"#,
        tenant,
        &kinds,
        &keys,
    )
    .fetch_all(conn)
    .await
}

/// First `job`, then its workflow and so on up to the root; then what else came of the root, oldest first, at most 200.
/// Empty: there is no such job, or it is out of sight.
pub async fn chain(conn: &mut PgConnection, sight: Sight, job: i64) -> sqlx::Result<Vec<CauseJob>> {
    let rows = sqlx::query!(
        r#"with recursive line as (
             select j.id, j.parent, j.root, 0 as n from holdfast.job j where j.id = $1 and ($2::bigint is null or j.tenant = $2)
             union all
             select j.id, j.parent, j.root, l.n + 1 from line l join holdfast.job j on j.id = l.parent where l.n < 100
           ), beside as (
             select j.id from holdfast.job j where j.root = (select l.root from line l where l.n = 0) and j.root <> j.id order by j.id limit $3
           )
           select s.id as "id!", s.kind as "kind!", s.key as "key!", s.parent, s.root as "root!", s.step, s.state as "state!",
                  s.created_at as "created_at!", s.started_at, s.finished_at, s.attempts, s.output as "output: Value",
                  array(select coalesce(a.ending || ': ' || a.error, a.ending) from holdfast.attempt a where a.id = s.id order by a.ended_at) as "errors!: Vec<String>",
                  coalesce((select jsonb_agg(to_jsonb(e) order by e.planned_at) from holdfast.effect e where e.job = s.id), '[]') as "effects!: Json<Vec<Effect>>",
                  (select l.n from line l where l.id = s.id) as n
           from holdfast.job_state s
           -- As an array: so few that each is looked up.
           where s.id = any(array(select l.id from line l union select l.root from line l union select b.id from beside b))
             and ($2 is null or s.tenant = $2)
           order by n nulls last, s.id"#,
        job,
        sight.tenant,
        MOST,
    )
    .fetch_all(conn)
    .await?;
    let jobs = rows.into_iter().map(|row| CauseJob {
        id: row.id,
        kind: row.kind,
        key: row.key,
        parent: row.parent,
        root: row.root,
        step: row.step,
        state: row.state,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        attempts: row.attempts,
        errors: row.errors,
        output: row.output,
        effects: row.effects.0,
        is_in_line: row.n.is_some(),
    });
    Ok(jobs.collect())
}
