//! Looking at operations: how far they are, and what became of each item.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::Sight;

/// An operation and how far it is.
#[derive(Debug, Clone, Serialize)]
pub struct Bulk {
    /// The operation.
    pub id: i64,
    /// [`Verb::name`](crate::bulk::Verb::name) of what is done to each job.
    pub verb: String,
    /// For a snooze: until when.
    pub until: Option<DateTime<Utc>>,
    /// The tenant whose jobs it is about. None: the house asked.
    pub tenant: Option<i64>,
    /// How the jobs were found, as it was shown.
    pub query: String,
    /// Who asked.
    pub who: String,
    /// Why.
    pub reason: String,
    /// `preview`, `running`, `paused`, `done` or `aborted`.
    pub state: String,
    /// It counts as running, but its run was cancelled or is dead: a resume helps.
    pub stalled: bool,
    /// Jobs a second at most. None: as fast as is kind to others.
    pub rate: Option<i32>,
    /// More jobs fitted than one operation takes.
    pub more: bool,
    /// Items.
    pub total: i32,
    /// Items with a result.
    pub done: i32,
    /// Items with whom it was done as asked.
    pub ok: i32,
    /// Items with another result.
    pub refused: i32,
    /// Items of each result, most first.
    pub results: Vec<(String, i64)>,
    /// When it was frozen.
    pub created_at: DateTime<Utc>,
    /// When it was confirmed.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done or aborted.
    pub finished_at: Option<DateTime<Utc>>,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Items a second, of the latest chunks.
    pub speed: Option<f64>,
    /// When it will be done, at this speed. None while it does not run, or nobody can tell.
    pub eta: Option<DateTime<Utc>>,
    /// The latest job that carries it out.
    pub job: Option<i64>,
}

/// One job of an operation.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// Its place, counted from 1.
    pub number: i32,
    /// The job.
    pub job: i64,
    /// Its name.
    pub kind: String,
    /// What became of it ([`crate::operate::Acted::result`]). None: its turn has not come.
    pub result: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// One operation; none, where one may not see it.
pub async fn show(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<Bulk>> {
    Ok(read(conn, sight, Some(id), None, 1).await?.pop())
}

/// Operations, newest first: at most `most` of those before the id `before`. Without those that nobody confirmed.
pub async fn list(conn: &mut PgConnection, sight: Sight, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Bulk>> {
    read(conn, sight, None, before, most).await
}

async fn read(
    conn: &mut PgConnection,
    sight: Sight,
    id: Option<i64>,
    before: Option<i64>,
    most: i64,
) -> sqlx::Result<Vec<Bulk>> {
    let rows = sqlx::query!(
        r#"select id, verb, until, tenant, query, who, reason, state, rate, not whole as "more!", total, done, ok, 
                  array(select r.key from jsonb_each_text(results) r order by r.value::integer desc, r.key) as "words!",
                  array(select r.value::bigint from jsonb_each_text(results) r order by r.value::integer desc, r.key) as "numbers!",
                  created_at, started_at, finished_at, paused_at, speed, job,
                  state = 'running' and not holdfast.is_open(job) as "stalled!",
                  case when state = 'running' and speed > 0 then clock_timestamp() + (total - done) / speed * interval '1 s' end as eta
           from holdfast.bulk
           where ($1::bigint is null or tenant = $1) and case when $2::bigint is null then state <> 'preview' and ($3::bigint is null or id < $3) else id = $2 end
           order by id desc limit $4"#,
        sight.tenant,
        id,
        before,
        most,
    );
    let rows = rows.fetch_all(conn).await?.into_iter();
    Ok(rows
        .map(|row| Bulk {
            id: row.id,
            verb: row.verb,
            until: row.until,
            tenant: row.tenant,
            query: row.query,
            who: row.who,
            reason: row.reason,
            state: row.state,
            stalled: row.stalled,
            rate: row.rate,
            more: row.more,
            total: row.total,
            done: row.done,
            ok: row.ok,
            refused: row.done - row.ok,
            results: row.words.into_iter().zip(row.numbers).collect(),
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            paused_at: row.paused_at,
            speed: row.speed,
            eta: row.eta,
            job: row.job,
        })
        .collect())
}

/// What became of the items, in their order: at most `most` of those after the number `after` (0: from the first one), of
/// one result (none: of all). Of an operation that one may not see, nothing.
pub async fn items(
    conn: &mut PgConnection,
    sight: Sight,
    id: i64,
    result: Option<&str>,
    after: i32,
    most: i64,
) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select i.number, i.job, k.name as kind, i.result, i.at
           from holdfast.bulk b join holdfast.bulk_item i on i.bulk = b.id join holdfast.kind k on k.id = i.kind
           where b.id = $1 and ($2::bigint is null or b.tenant = $2) and ($3::text is null or i.result = $3) and i.number > $4
           order by i.number limit $5"#,
        id,
        sight.tenant,
        result,
        after,
        most,
    )
    .fetch_all(conn)
    .await
}
