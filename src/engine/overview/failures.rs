//! Dead jobs by what they died of.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::Sight;

/// The newest dead jobs that are looked at.
const LOOKED_AT: i64 = 10_000;

/// One sort of failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What the errors have in common: their first line without numbers, ids and quoted words.
    pub fingerprint: String,
    /// The job's name.
    pub kind: String,
    /// How many, of the newest 10,000 dead jobs.
    pub count: i64,
    /// There are older dead jobs, which were not looked at.
    pub more: bool,
    /// When the first of them died.
    pub first_at: DateTime<Utc>,
    /// When the last one died.
    pub last_at: DateTime<Utc>,
    /// The error of the last one, at most 2000 characters.
    pub sample_error: String,
    /// The last ones, newest first; at most five.
    pub sample_ids: Vec<i64>,
}

/// The newest 10,000 dead jobs by type and sort of failure, the most frequent first; perhaps of one type only.
pub async fn failures(conn: &mut PgConnection, sight: Sight, kind: Option<&str>) -> sqlx::Result<Vec<Failure>> {
    sqlx::query_as!(
        Failure,
        r#"with dead as materialized (
             select k.name as kind, d.id, d.finished_at, coalesce(d.output ->> 'error', '') as error
             from holdfast.kind k
             cross join lateral (select x.id, x.finished_at, x.output from holdfast.done x
                                 where x.kind = k.id and x.outcome <> 0 and x.outcome = 1 and ($1::bigint is null or x.tenant = $1)
                                 order by x.finished_at desc limit $3::bigint + 1) d
             where $2::text is null or k.name = $2
             order by d.finished_at desc limit $3::bigint + 1
           ), looked as (
             select d.*, holdfast.fingerprint(d.error) as fingerprint, (select count(*) from dead) > $3::bigint as more
             from (select * from dead order by finished_at desc limit $3::bigint) d
           )
           select l.fingerprint as "fingerprint!", l.kind as "kind!", count(*) as "count!", bool_or(l.more) as "more!",
                  min(l.finished_at) as "first_at!", max(l.finished_at) as "last_at!",
                  left((array_agg(l.error order by l.finished_at desc, l.id desc))[1], 2000) as "sample_error!",
                  (array_agg(l.id order by l.finished_at desc, l.id desc))[1:5] as "sample_ids!"
           from looked l group by l.fingerprint, l.kind order by count(*) desc, max(l.finished_at) desc"#,
        sight.tenant,
        kind,
        LOOKED_AT,
    )
    .fetch_all(conn)
    .await
}

/// Dead jobs of one type and sort of failure, newest first: at most `cap` of them, among the newest 10,000 dead ones of
/// that type.
pub async fn of_failure(
    conn: &mut PgConnection,
    sight: Sight,
    kind: &str,
    fingerprint: &str,
    cap: i64,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select d.id as "id!" from (
             select x.id, x.finished_at, x.output from holdfast.done x
             where x.kind = (select k.id from holdfast.kind k where k.name = $2) and x.outcome <> 0 and x.outcome = 1
               and ($1::bigint is null or x.tenant = $1)
             order by x.finished_at desc limit $4) d
           where holdfast.fingerprint(coalesce(d.output ->> 'error', '')) = $3 order by d.finished_at desc, d.id desc limit $5"#,
        sight.tenant,
        kind,
        fingerprint,
        LOOKED_AT,
        cap,
    )
    .fetch_all(conn)
    .await
}
