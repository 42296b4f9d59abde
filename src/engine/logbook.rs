//! What processes logged about jobs, kept for a few days for those who look at them.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use crate::Sight;

/// The most lines that are shown of one family of jobs.
const SHOWN: i64 = 200;

/// A line of a log that names a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What the job came of.
    pub root: i64,
    /// The job.
    pub job: i64,
    /// `error`, `warn` or `info`.
    pub level: String,
    /// Which process wrote it.
    pub process: String,
    /// What it says: up to 2,000 characters.
    pub text: String,
}

/// Keeps lines.
pub async fn keep(pool: &PgPool, lines: &[LogLine]) -> sqlx::Result<()> {
    let column = |field: fn(&LogLine) -> &String| lines.iter().map(|line| field(line).clone()).collect::<Vec<_>>();
    sqlx::query!(
        "insert into holdfast.log_line (at, root, job, level, process, text)
         select * from unnest($1::timestamptz[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])",
        &lines.iter().map(|line| line.at).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.root).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.job).collect::<Vec<_>>(),
        &column(|line| &line.level),
        &column(|line| &line.process),
        &column(|line| &line.text),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The latest lines about a job and all that came of the same root, oldest first.
pub async fn lines(conn: &mut PgConnection, sight: Sight, root: i64) -> sqlx::Result<Vec<LogLine>> {
    let mut lines = sqlx::query_as!(
        LogLine,
        "select l.at, l.root, l.job, l.level, l.process, l.text from holdfast.log_line l
         where l.root = $1 and ($2::bigint is null or exists (select from holdfast.job j where j.id = l.job and j.tenant = $2))
         order by l.id desc limit $3",
        root,
        sight.tenant,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    lines.reverse();
    Ok(lines)
}
