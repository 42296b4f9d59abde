//! Forgetting: what jobs carried of a person goes; that they ran, when, and why stays.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What a person is known by.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a> {
    /// Looked for anywhere in a text.
    pub words: &'a [String],
    /// Looked for as whole words, however many there are: letters, digits and `+/=_.-`, at least six of them.
    pub tokens: &'a [String],
}

/// Which open jobs of a tenant are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Whose.
    pub tenant: i64,
    /// These, and what they led to where one of the marks stands in its arguments.
    pub jobs: &'a [i64],
    /// What a person is known by.
    pub marks: Marks<'a>,
    /// And those whose arguments, as JSON, match this regular expression of PostgreSQL.
    pub pattern: &'a str,
    /// But none that began with this job.
    pub but_root: i64,
}

/// The jobs that are sought and have not ended.
pub async fn open_jobs(conn: &mut PgConnection, sought: Sought<'_>) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select o as "id!" from holdfast.open_jobs($1, $2, $3, $4, $5, $6) o order by 1"#,
        sought.tenant,
        sought.jobs,
        sought.marks.words,
        sought.marks.tokens,
        sought.pattern,
        sought.but_root,
    )
    .fetch_all(conn)
    .await
}

/// Blanks what these ended jobs, and all that came of them, carried. Returns how many; what has not ended is left alone.
pub async fn erase(conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<i64> {
    let erased = sqlx::query_scalar!(r#"select holdfast.erase($1) as "erased!""#, jobs).fetch_one(conn).await?;
    Ok(i64::from(erased))
}

/// A look at some of a tenant's jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// How many were looked at.
    pub searched: i64,
    /// Those in which one of the marks stands: in arguments, results, errors, signals or effects.
    pub found: Vec<i64>,
    /// Where to go on. None: that was all.
    pub next: Option<i64>,
}

/// Looks at those of the `most` jobs after the id `after` that are the tenant's.
pub async fn mentions(
    conn: &mut PgConnection,
    tenant: i64,
    marks: Marks<'_>,
    after: i64,
    most: i32,
) -> sqlx::Result<Look> {
    let row = sqlx::query!(
        r#"select searched as "searched!", hits as "found!", next from holdfast.mentions($1, $2, $3, $4, $5)"#,
        tenant,
        marks.words,
        marks.tokens,
        after,
        most,
    )
    .fetch_one(conn)
    .await?;
    Ok(Look { searched: row.searched.into(), found: row.found, next: row.next })
}

/// The names of the types of these jobs, once each.
pub async fn kinds_of(conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct k.name from holdfast.job j join holdfast.kind k on k.id = j.kind where j.id = any($1) order by 1",
        jobs,
    )
    .fetch_all(conn)
    .await
}

/// How many of the keys that a tenant's jobs are known by hold one of these words. They outlive their jobs.
pub async fn keys_with(conn: &mut PgConnection, tenant: i64, words: &[String]) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "found!" from holdfast.uniq u
           where u.tenant = $1 and exists (select from unnest($2::text[]) w where strpos(u.key, w) > 0)"#,
        tenant,
        words,
    )
    .fetch_one(conn)
    .await
}

/// An id before those of all jobs that were put in at `at` or later.
pub async fn id_before(conn: &mut PgConnection, at: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select holdfast.id_at($1) - 1 as "id!""#, at).fetch_one(conn).await
}
