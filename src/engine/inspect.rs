//! Looking at jobs: which there are, why they stand where they stand, and what led to what.
//!
//! What the console asks takes a [`crate::Sight`], the wall between tenants: a job that it does not cover is as if it did not
//! exist. Nothing here reads without a bound.

mod family;
mod find;
mod flow;
mod line;
mod matching;
mod page;
mod query;
mod revisions;
mod source;
mod state;
mod states;
mod timeline;
mod waiting;
mod want;

pub use family::{Edge, Family, Link, Node, family};
pub use find::{Count, Cursor, Found, NoCursor, PAGE, Page, count, find, ids};
pub use flow::{Entry, Flow, Line, Pending, Step, flow};
pub use line::JobLine;
pub use page::{Around, Attempt, Cancellation, Effect, JobFacts, JobPage, KindPolicy, job};
pub use query::{Chip, Query, QueryError, Subject, SubjectKind};
pub use revisions::{Revision, revisions};
pub use state::ALL as STATES;
pub use states::{MOST_COUNTED, StateCount, states};
pub use timeline::{Event, What};
pub use waiting::{Awaited, WhyWaiting};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

/// One job.
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
    /// Whom it was enqueued for.
    pub tenant: i64,
    /// `ready`, `blocked` (by its lane), `held` (at a limit, a breaker or a pause), `scheduled`, `retrying`, `waiting`,
    /// `running`, `completed`, `dead` or `cancelled`.
    pub state: String,
    /// When it starts, of one that waits for a time.
    pub run_at: Option<DateTime<Utc>>,
    /// Attempts made, once it has ended.
    pub attempts: Option<i16>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Its errors, oldest first.
    pub errors: Vec<String>,
}

/// Which jobs to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One of the words of [`JobRow::state`], but not `retrying` or `waiting`, which are `scheduled` here.
    pub state: Option<String>,
    /// The job's name.
    pub kind: Option<String>,
    /// Whom it was enqueued for.
    pub tenant: Option<i64>,
    /// Only jobs before this one: the last id of the page before.
    pub before: Option<i64>,
    /// The most rows.
    pub most: i64,
}

/// The newest jobs that fit, newest first. Reads the table of the state that is asked for, never the whole history.
pub async fn list(conn: &mut PgConnection, filter: &Filter) -> sqlx::Result<Vec<JobRow>> {
    sqlx::query_as!(
        JobRow,
        r#"with of_kind as (select k.id from holdfast.kind k where $2::text is null or k.name = $2), found as (
             (select j.id from holdfast.job j where $1::text is null and j.kind in (select id from of_kind) and ($3::bigint is null or j.tenant = $3)
                and ($4::bigint is null or j.id < $4) order by j.id desc limit $5)
             union all
             (select d.id from holdfast.done d where $1 = 'completed' and d.outcome = 0 and d.kind in (select id from of_kind)
                and ($3 is null or d.tenant = $3) and ($4 is null or d.id < $4) order by d.id desc limit $5)
             union all
             (select d.id from holdfast.done d where $1 in ('dead', 'cancelled') and d.outcome <> 0 and d.outcome = case $1 when 'dead' then 1 else 2 end
                and d.kind in (select id from of_kind) and ($3 is null or d.tenant = $3) and ($4 is null or d.id < $4) order by d.id desc limit $5)
             union all
             (select r.id from holdfast.ready r where $1 = 'ready' and r.kind in (select id from of_kind) and ($3 is null or r.tenant = $3)
                and ($4 is null or r.id < $4) order by r.id desc limit $5)
             union all
             (select l.id from holdfast.later l where $1 = 'scheduled' and l.kind in (select id from of_kind) and ($3 is null or l.tenant = $3)
                and ($4 is null or l.id < $4) order by l.id desc limit $5)
             union all
             (select b.id from holdfast.blocked b where $1 = 'blocked' and b.kind in (select id from of_kind) and ($3 is null or b.tenant = $3)
                and ($4 is null or b.id < $4) order by b.id desc limit $5)
             union all
             (select h.id from holdfast.held h where $1 = 'held' and h.kind in (select id from of_kind) and ($3 is null or h.tenant = $3)
                and ($4 is null or h.id < $4) order by h.id desc limit $5)
             union all
             (select j.id from holdfast.claim c, unnest(c.ids) i join holdfast.job j on j.id = i where $1 = 'running'
                and j.kind in (select id from of_kind) and ($3 is null or j.tenant = $3) and ($4 is null or j.id < $4) order by j.id desc limit $5))
           select s.id as "id!", s.parent, s.step, s.kind as "kind!", s.tenant as "tenant!", s.state as "state!", s.run_at, s.attempts,
                  s.created_at as "created_at!", s.finished_at,
                  array(select coalesce(a.ending || ': ' || a.error, a.ending) from holdfast.attempt a where a.id = s.id order by a.ended_at) as "errors!: Vec<String>"
           from holdfast.job_state s where s.id in (select id from found) order by s.id desc limit $5"#,
        filter.state,
        filter.kind,
        filter.tenant,
        filter.before,
        filter.most,
    )
    .fetch_all(conn)
    .await
}

/// Everything that one cause led to: the root of `job` and all that came of it, in order.
pub async fn story(conn: &mut PgConnection, job: i64) -> sqlx::Result<Vec<JobRow>> {
    sqlx::query_as!(
        JobRow,
        r#"select s.id as "id!", s.parent, s.step, s.kind as "kind!", s.tenant as "tenant!", s.state as "state!", s.run_at, s.attempts,
                  s.created_at as "created_at!", s.finished_at,
                  array(select coalesce(a.ending || ': ' || a.error, a.ending) from holdfast.attempt a where a.id = s.id order by a.ended_at) as "errors!: Vec<String>"
           from holdfast.job_state s
           where s.root = (select root from holdfast.job where id = $1) or s.id = (select root from holdfast.job where id = $1)
           order by s.id"#,
        job,
    )
    .fetch_all(conn)
    .await
}
