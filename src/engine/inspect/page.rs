//! One job, and everything that is known of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::PgConnection;

use super::{
    timeline::{self, Event},
    waiting::{self, WhyWaiting},
};
use crate::Sight;

/// One job.
#[derive(Debug, Serialize)]
pub struct JobPage {
    /// The job's own row, and where it stands.
    pub job: JobFacts,
    /// What its kind promises, as the latest worker declared it.
    pub policy: KindPolicy,
    /// What is around it.
    pub around: Around,
    /// What happened to it, in the order of time.
    pub timeline: Vec<Event>,
    /// Why it does not run; none: it runs, or has ended.
    pub why_waiting: Option<WhyWaiting>,
}

/// A job's own row, and where it stands.
#[derive(Debug, Serialize)]
pub struct JobFacts {
    /// The job.
    pub id: i64,
    /// The job's name.
    pub kind: String,
    /// Whom it was enqueued for.
    pub tenant: i64,
    /// One of [`super::STATES`].
    pub state: String,
    /// What it all came of.
    pub root: i64,
    /// The workflow that it is a step of.
    pub parent: Option<i64>,
    /// Its name as a step.
    pub step: Option<String>,
    /// Its key; empty without one.
    pub key: String,
    /// Its lane: jobs of one lane run one after the other.
    pub lane: Option<String>,
    /// What its limits count by.
    pub limit_key: Option<String>,
    /// Its urgency; less is more urgent.
    pub priority: i16,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it starts, of one that waits for a time.
    pub run_at: Option<DateTime<Utc>>,
    /// When its last attempt began, of one that runs or has ended.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The worker that runs it or ended it.
    pub worker: Option<i64>,
    /// That worker's name, while it is known.
    pub worker_name: Option<String>,
    /// W3C traceparent of what came in.
    pub trace: Option<String>,
    /// The run that it took over from.
    pub forked_from: Option<i64>,
    /// Its arguments.
    pub payload: Box<RawValue>,
    /// What it gave back; of one that did not complete `{"error": …}`.
    pub output: Option<Box<RawValue>>,
    /// What its handler told last of how far it is.
    pub progress: Option<Box<RawValue>>,
    /// When it told that.
    pub progress_at: Option<DateTime<Utc>>,
}

/// What a kind promises.
#[derive(Debug, Clone, Serialize)]
pub struct KindPolicy {
    /// Urgency of its jobs; less is more urgent.
    pub priority: i16,
    /// Seconds for which a key is one job.
    pub unique_seconds: f64,
    /// Seconds of quiet after which a debounced job starts.
    pub debounce_seconds: Option<f64>,
    /// The limits that count its jobs.
    pub limits: Vec<String>,
    /// The breaker that its jobs are behind.
    pub breaker: Option<String>,
    /// Seconds after which a job that has not started is too late.
    pub queue_wait_seconds: Option<f64>,
    /// Seconds after which a job that has not ended is too late.
    pub deadline_seconds: Option<f64>,
    /// Workers that would run it now.
    pub workers: i64,
}

/// What is around a job. Lists have 100 items at most.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Around {
    /// What it all came of: its kind, where it is kept still.
    pub root_kind: Option<String>,
    /// The kind of the workflow that it is a step of.
    pub parent_kind: Option<String>,
    /// Lines of its journal, if it is a workflow; up to 10,000.
    pub steps: i64,
    /// Jobs of its family, without the root; up to 10,000.
    pub family: i64,
    /// Runs that took over from it.
    pub forks: Vec<i64>,
    /// Arguments that it took up after its own, being debounced.
    pub merged: Vec<Box<RawValue>>,
    /// What it let out of the house.
    pub effects: Vec<Effect>,
    /// Its attempts that did not complete it, oldest first.
    pub attempts: Vec<Attempt>,
    /// Who asked that it end, and when.
    pub cancellation: Option<Cancellation>,
}

/// Something that left the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its name.
    pub key: String,
    /// `planned`, `sent`, `confirmed`, `failed` or `unknown`.
    pub state: String,
    /// The other side's name for it.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// When it was thought of.
    pub planned_at: DateTime<Utc>,
    /// When its request was let go.
    pub sent_at: Option<DateTime<Utc>>,
    /// When its end was known.
    pub settled_at: Option<DateTime<Utc>>,
}

/// An attempt that did not complete its job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attempt {
    /// The first is 1; one that snoozed does not count.
    pub number: i16,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// The worker.
    pub worker: Option<i64>,
    /// That worker's name, while it is known.
    pub worker_name: Option<String>,
    /// `failed`, `timed_out`, `panicked`, `undecodable`, `snoozed`, `cancelled`, `lost`, `expired` or `silent`.
    pub ending: String,
    /// What it said.
    pub error: Option<String>,
}

/// That somebody wants it to end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cancellation {
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Everything about a job; none: there is no such job in sight.
pub async fn job(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<JobPage>> {
    let Some((job, policy)) = facts(conn, sight, id).await? else { return Ok(None) };
    let around = around(conn, sight, id).await?;
    let waits = !["running", "completed", "dead", "cancelled"].contains(&job.state.as_str());
    let why_waiting = if waits { waiting::why(conn, sight, id).await? } else { None };
    let timeline = timeline::of(&job, &around, why_waiting.as_ref());
    Ok(Some(JobPage { job, policy, around, timeline, why_waiting }))
}

async fn facts(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<(JobFacts, KindPolicy)>> {
    let row = sqlx::query!(
        r#"select s.kind as "kind!", s.tenant as "tenant!", s.state as "state!", s.root as "root!", s.parent, s.step, s.key as "key!", s.lane, s.priority as "priority!",
                  s.attempts, s.created_at as "created_at!", case when isfinite(s.run_at) then s.run_at end as run_at,
                  coalesce(c.at, s.started_at) as started_at, s.finished_at, coalesce(c.worker, d.worker) as worker, w.name as "worker_name?", s.trace, s.forked_from,
                  s.payload::text as "payload!", s.output::text as output, p.data::text as "progress?", p.at as "progress_at?",
                  j.limit_key, k.priority as kind_priority, extract(epoch from k.unique_for)::float8 as "unique_seconds!",
                  extract(epoch from k.debounce_wait)::float8 as debounce_seconds, k.limits, k.breaker, extract(epoch from k.queue_wait)::float8 as queue_wait_seconds,
                  extract(epoch from k.deadline)::float8 as deadline_seconds,
                  (select count(*) from holdfast.worker o where k.id = any(o.kinds) and not o.draining and o.beat_at > clock_timestamp() - interval '8 s') as "workers!"
           from holdfast.job_state s
           join holdfast.job j on j.id = s.id
           join holdfast.kind k on k.id = j.kind
           left join lateral (select x.worker from holdfast.done x where x.id = s.id limit 1) d on true
           left join lateral (select x.worker, x.at from holdfast.claim x where s.state = 'running' and s.id = any(x.ids) limit 1) c on true
           left join holdfast.worker w on w.id = coalesce(c.worker, d.worker)
           left join holdfast.progress p on p.job = s.id
           where s.id = $1 and j.id = $1 and ($2::bigint is null or j.tenant = $2)"#,
        id,
        sight.tenant
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let policy = KindPolicy {
        priority: row.kind_priority,
        unique_seconds: row.unique_seconds,
        debounce_seconds: row.debounce_seconds,
        limits: row.limits,
        breaker: row.breaker,
        queue_wait_seconds: row.queue_wait_seconds,
        deadline_seconds: row.deadline_seconds,
        workers: row.workers,
    };
    let job = JobFacts {
        id,
        kind: row.kind,
        tenant: row.tenant,
        state: row.state,
        root: row.root,
        parent: row.parent,
        step: row.step,
        key: row.key,
        lane: row.lane,
        limit_key: row.limit_key,
        priority: row.priority,
        attempts: row.attempts,
        created_at: row.created_at,
        run_at: row.run_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        worker: row.worker,
        worker_name: row.worker_name,
        trace: row.trace,
        forked_from: row.forked_from,
        payload: raw(row.payload)?,
        output: row.output.map(raw).transpose()?,
        progress: row.progress.map(raw).transpose()?,
        progress_at: row.progress_at,
    };
    Ok(Some((job, policy)))
}

async fn around(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Around> {
    let text = sqlx::query_scalar!(
        r#"select json_build_object(
             'root_kind', (select k.name from holdfast.job r join holdfast.kind k on k.id = r.kind where r.id = j.root and ($2::bigint is null or r.tenant = $2)),
             'parent_kind', (select k.name from holdfast.job p join holdfast.kind k on k.id = p.kind where p.id = j.parent and ($2 is null or p.tenant = $2)),
             'steps', (select count(*) from (select from holdfast.step s where s.parent = j.id limit 10000) s),
             'family', (select count(*) from (select from holdfast.job f where f.root = j.root and f.root <> f.id limit 10000) f),
             'forks', coalesce((select json_agg(f.id) from (select f.id from holdfast.job f where f.forked_from = j.id and ($2 is null or f.tenant = $2) order by f.id limit 100) f), '[]'),
             'merged', coalesce((select json_agg(m.payload) from (select m.payload from holdfast.merged m where m.job = j.id order by m.number limit 100) m), '[]'),
             'effects', coalesce((select json_agg(e) from (select e.* from holdfast.effect e where e.job = j.id order by e.planned_at, e.key limit 100) e), '[]'),
             'attempts', coalesce((select json_agg(a order by a.ended_at) from (
                 select a.number, a.started_at, a.ended_at, a.worker, w.name as worker_name, a.ending, a.error
                 from holdfast.attempt a left join holdfast.worker w on w.id = a.worker where a.id = j.id order by a.ended_at desc limit 100) a), '[]'),
             'cancellation', (select json_build_object('reason', c.reason, 'at', c.at) from holdfast.cancellation c where c.job = j.id))::text as "text!"
           from holdfast.job j where j.id = $1 and ($2::bigint is null or j.tenant = $2)"#,
        id,
        sight.tenant
    )
    .fetch_optional(conn)
    .await?;
    text.map_or_else(|| Ok(Around::default()), |text| serde_json::from_str(&text).map_err(undecodable))
}

pub(super) fn raw(text: String) -> sqlx::Result<Box<RawValue>> {
    RawValue::from_string(text).map_err(undecodable)
}

pub(super) fn undecodable(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
