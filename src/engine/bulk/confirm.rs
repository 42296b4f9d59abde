//! The moment when it becomes serious.

use crate::{
    Client, EnqueueError, Job, Sight,
    bulk::{RunBulk, Verb, stored},
};
use sqlx::PgConnection;

/// What a confirmation led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirm {
    /// It runs, as this job.
    Started(i64),
    /// Somebody has confirmed it before: it is, or was, this job.
    Already(i64),
    /// What was typed is not what has to be typed, which is this. Nothing happens.
    Mistyped(String),
    /// It is about no job at all.
    Empty,
    /// It was called off, or a day has passed: its jobs have to be looked up anew.
    TooLate,
    /// There is no such operation, or not for these eyes.
    Unknown,
}

/// What has to be typed to confirm: the count, and before what cannot be undone the word as well.
#[must_use]
pub fn phrase(verb: Verb, total: i32) -> String {
    match verb {
        Verb::Delete => format!("delete {total}"),
        Verb::Retry | Verb::Cancel | Verb::RunNow | Verb::Snooze => total.to_string(),
    }
}

/// Starts a frozen operation on the caller's transaction; commit it with [`Client::commit`]. Twice is once.
pub async fn confirm(
    client: &Client,
    conn: &mut PgConnection,
    sight: Sight,
    id: i64,
    typed: &str,
) -> Result<Confirm, EnqueueError> {
    let row = sqlx::query!(
        r#"select verb, state, total, job, created_at < clock_timestamp() - interval '1 day' as "old!"
           from holdfast.bulk where id = $1 and ($2::bigint is null or tenant = $2) for update"#,
        id,
        sight.tenant,
    );
    let Some(row) = row.fetch_optional(&mut *conn).await.map_err(failed)? else { return Ok(Confirm::Unknown) };
    if let Some(job) = row.job {
        return Ok(Confirm::Already(job));
    }
    if row.state != "preview" || row.old {
        return Ok(Confirm::TooLate);
    }
    if row.total == 0 {
        return Ok(Confirm::Empty);
    }
    let expected = phrase(stored(&row.verb).map_err(failed)?, row.total);
    if typed.trim() != expected {
        return Ok(Confirm::Mistyped(expected));
    }
    Ok(Confirm::Started(launch(client, conn, sight, id).await?))
}

/// Puts the run in and says so. The operation's row is locked.
pub(super) async fn launch(
    client: &Client,
    conn: &mut PgConnection,
    sight: Sight,
    id: i64,
) -> Result<i64, EnqueueError> {
    let run = client.enqueue::<(), _>(conn, sight.tenant.unwrap_or(0), &RunBulk { bulk: id }).await?;
    sqlx::query!(
        "update holdfast.bulk set state = 'running', job = $2, started_at = coalesce(started_at, clock_timestamp()), paused_at = null where id = $1",
        id,
        run.id,
    )
    .execute(conn)
    .await
    .map_err(failed)?;
    Ok(run.id)
}

pub(super) fn failed(source: sqlx::Error) -> EnqueueError {
    EnqueueError::Database { kind: <RunBulk as Job<()>>::NAME, source }
}
