//! Which jobs an operation is about: written down before anybody decides.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{
    Sight,
    bulk::{Verb, confirm::phrase, stored},
};

/// The most items of one operation.
pub const MOST: usize = 200_000;

/// What somebody wants to do to many jobs.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// To each job.
    pub verb: Verb,
    /// For [`Verb::Snooze`]: until when. None for the others.
    pub until: Option<DateTime<Utc>>,
    /// How the jobs were found, as it was shown.
    pub query: &'a str,
    /// Who asks.
    pub who: &'a str,
    /// Why. Cancelled jobs keep it, too.
    pub reason: &'a str,
    /// Jobs a second at most. None: as fast as is kind to others.
    pub rate: Option<i32>,
}

/// What an operation would act on.
#[derive(Debug, Clone, Serialize)]
pub struct Frozen {
    /// The operation.
    pub id: i64,
    /// What it would do.
    pub verb: Verb,
    /// How many jobs.
    pub total: i32,
    /// More jobs fitted than one operation takes.
    pub more: bool,
    /// What has to be typed to confirm it.
    pub phrase: String,
    /// Jobs of each name, most first.
    pub by_kind: Vec<(String, i64)>,
    /// Jobs in each state ([`crate::inspect::JobRow::state`]) at this moment, most first.
    pub by_state: Vec<(String, i64)>,
    /// At most ten of them, from all over.
    pub sample: Vec<Sampled>,
}

/// One of the jobs of an operation.
#[derive(Debug, Clone, Serialize)]
pub struct Sampled {
    /// The job.
    pub job: i64,
    /// Its name.
    pub kind: String,
    /// Whom it was enqueued for.
    pub tenant: i64,
    /// Where it stands.
    pub state: String,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}

/// Writes down that these jobs are meant, each once: the first [`MOST`] of them that one may see and that exist. Nothing
/// happens to them before [`confirm`](crate::bulk::confirm); what is not confirmed within a day is forgotten.
/// `more` tells that even before the cut there were others.
pub async fn freeze(
    conn: &mut PgConnection,
    sight: Sight,
    asked: &Asked<'_>,
    jobs: &[i64],
    more: bool,
) -> sqlx::Result<i64> {
    sweep(conn).await?;
    let whole = !more && jobs.len() <= MOST;
    let id = sqlx::query_scalar!(
        "insert into holdfast.bulk (verb, until, tenant, query, who, reason, rate, whole) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        asked.verb.name(), asked.until, sight.tenant, asked.query, asked.who, asked.reason, asked.rate, whole,
    )
    .fetch_one(&mut *conn)
    .await?;
    // In the order in which they were enqueued, so that jobs of a lane keep theirs.
    sqlx::query!(
        "with item as (
           insert into holdfast.bulk_item (bulk, number, job, kind)
             select $1, row_number() over (order by j.id), j.id, j.kind
             from (select distinct i from unnest($2::bigint[]) i) i join holdfast.job j on j.id = i.i
             where $3::bigint is null or j.tenant = $3
           returning 1)
         update holdfast.bulk set total = (select count(*) from item) where id = $1",
        id,
        jobs.get(..MOST).unwrap_or(jobs),
        sight.tenant,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// What an operation acts on; none, where one may not see it.
pub async fn frozen(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<Frozen>> {
    let row = sqlx::query!(
        "select verb, total, whole from holdfast.bulk where id = $1 and ($2::bigint is null or tenant = $2)",
        id,
        sight.tenant
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let verb = stored(&row.verb)?;
    Ok(Some(Frozen {
        id,
        verb,
        total: row.total,
        more: !row.whole,
        phrase: phrase(verb, row.total),
        by_kind: by_kind(conn, id).await?,
        by_state: by_state(conn, id).await?,
        sample: sample(conn, id, row.total).await?,
    }))
}

async fn by_kind(conn: &mut PgConnection, id: i64) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select k.name, count(*) as "jobs!" from holdfast.bulk_item i join holdfast.kind k on k.id = i.kind
           where i.bulk = $1 group by k.name order by 2 desc, 1"#,
        id,
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.name, row.jobs)).collect())
}

async fn by_state(conn: &mut PgConnection, id: i64) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select s.state as "state!", count(*) as "jobs!" from holdfast.bulk_item i join holdfast.job_state s on s.id = i.job
           where i.bulk = $1 group by s.state order by 2 desc, 1"#,
        id,
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.state, row.jobs)).collect())
}

async fn sample(conn: &mut PgConnection, id: i64, total: i32) -> sqlx::Result<Vec<Sampled>> {
    let numbers: Vec<i32> = (0..total.min(10)).map(|nth| 1 + nth * (total / total.clamp(1, 10))).collect();
    sqlx::query_as!(
        Sampled,
        r#"select s.id as "job!", s.kind as "kind!", s.tenant as "tenant!", s.state as "state!", s.created_at as "created_at!"
           from holdfast.bulk_item i join holdfast.job_state s on s.id = i.job where i.bulk = $1 and i.number = any($2) order by i.number"#,
        id,
        &numbers,
    )
    .fetch_all(conn)
    .await
}

/// Forgets what nobody has confirmed within a day, and what ended 90 days ago.
pub(crate) async fn sweep(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from holdfast.bulk where id = any(array(
           select id from holdfast.bulk
           where (state = 'preview' and created_at < clock_timestamp() - interval '1 day') or finished_at < clock_timestamp() - interval '90 days'
           order by id limit 10 for update skip locked))",
    )
    .execute(conn)
    .await?;
    Ok(())
}
