//! What has ended goes after a while, so that history costs nothing but its disk.

use std::time::Duration;

use crate::{Client, client::interval};

/// Between rounds.
const ROUND: Duration = Duration::from_hours(1);
/// Rows looked at in one statement.
const BATCH: i32 = 1000;
/// Between statements: others work, too.
const BREATH: Duration = Duration::from_millis(20);
/// Between tries to drop a week while somebody is in the way, and how many there are in one round.
const TRY: Duration = Duration::from_millis(500);
const TRIES: u32 = 120;
/// Shorter than this, whole weeks are too coarse.
const WEEK: Duration = Duration::from_hours(168);

/// How long ended jobs are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    /// Those that completed.
    pub completed: Duration,
    /// Those that are dead or were cancelled.
    pub failed: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self { completed: Duration::from_hours(24 * 90), failed: Duration::from_hours(24 * 90) }
    }
}

/// Runs until it is dropped.
pub(crate) async fn run(client: Client, retention: Retention) {
    loop {
        if let Err(error) = round(&client, retention).await {
            tracing::warn!(%error, "what has ended is kept for longer");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Everything that may go now.
pub(crate) async fn round(client: &Client, retention: Retention) -> sqlx::Result<()> {
    let weeks = drop_weeks(client, retention).await?;
    let mut jobs = 0_i64;
    let mut after = None;
    loop {
        let (removed, next) = prune(client, retention, after).await?;
        jobs += i64::from(removed);
        if next.is_none() || next == after {
            break;
        }
        after = next;
        tokio::time::sleep(BREATH).await;
    }
    while sweep_orphans(client, retention).await? > 0 {
        tokio::time::sleep(BREATH).await;
    }
    if weeks > 0 || jobs > 0 {
        tracing::info!(weeks, jobs, "what was kept for long enough is gone");
    }
    Ok(())
}

async fn drop_weeks(client: &Client, retention: Retention) -> sqlx::Result<u32> {
    let (mut weeks, mut tries) = (0, 0);
    loop {
        let row = sqlx::query!(
            r#"select dropped, busy as "busy!" from holdfast.drop_week(clock_timestamp() - $1::interval, clock_timestamp() - $2::interval)"#,
            interval(retention.completed),
            interval(retention.failed),
        )
        .fetch_one(client.pool())
        .await?;
        match row.dropped {
            Some(partition) => {
                tracing::info!(partition, "a week went");
                weeks += 1;
            }
            None if row.busy && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(TRY).await;
            }
            None => return Ok(weeks),
        }
    }
}

/// How many went, and where to go on.
async fn prune(client: &Client, retention: Retention, after: Option<i64>) -> sqlx::Result<(i32, Option<i64>)> {
    let row = sqlx::query!(
        r#"select removed as "removed!", next
           from holdfast.prune(case when $1 then clock_timestamp() - $2::interval else holdfast.week_of(clock_timestamp() - $2::interval) end,
                               clock_timestamp() - $3::interval, $4, $5)"#,
        retention.completed < WEEK,
        interval(retention.completed),
        interval(retention.failed),
        after,
        BATCH,
    )
    .fetch_one(client.pool())
    .await?;
    Ok((row.removed, row.next))
}

async fn sweep_orphans(client: &Client, retention: Retention) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select holdfast.sweep_orphans(clock_timestamp() - $1::interval, $2) as "swept!""#,
        interval(retention.completed),
        BATCH
    )
    .fetch_one(client.pool())
    .await
}
