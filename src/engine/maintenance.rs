//! What every process looks after, whoever comes first.

use std::time::{Duration, Instant};

use crate::{
    Client,
    client::interval,
    lifeline::{GONE, SILENT},
};

const RESCUE: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_mins(1);
const ROLL: Duration = Duration::from_hours(1);
/// Expired keys removed in one sweep.
const KEYS: i64 = 5000;

/// Runs until it is dropped.
pub(crate) async fn run(client: Client) {
    let mut next = tokio::time::interval(RESCUE);
    next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut swept, mut rolled) = (Instant::now(), None);
    loop {
        next.tick().await;
        report("rescue", rescue(&client).await);
        if swept.elapsed() >= SWEEP {
            swept = Instant::now();
            report("sweep of keys", sweep(&client).await);
        }
        if rolled.is_none_or(|rolled: Instant| rolled.elapsed() >= ROLL) {
            rolled = Some(Instant::now());
            report("partitions", roll(&client).await);
        }
    }
}

async fn rescue(client: &Client) -> sqlx::Result<()> {
    let rescued =
        sqlx::query_scalar!(r#"select holdfast.rescue($1, $2) as "rescued!""#, interval(SILENT), interval(GONE))
            .fetch_one(client.pool())
            .await?;
    if rescued > 0 {
        tracing::warn!(jobs = rescued, "jobs of a dead worker run again");
        metrics::counter!("holdfast_rescued_total").increment(rescued.unsigned_abs().into());
        client.wake();
    }
    Ok(())
}

async fn sweep(client: &Client) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from holdfast.uniq where ctid = any(array(select ctid from holdfast.uniq where expires_at < clock_timestamp() order by expires_at limit $1))",
        KEYS
    )
    .execute(client.pool())
    .await?;
    Ok(())
}

async fn roll(client: &Client) -> sqlx::Result<()> {
    sqlx::query!("select from holdfast.roll()").execute(client.pool()).await?;
    Ok(())
}

fn report(duty: &str, result: sqlx::Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, duty, "maintenance is put off");
    }
}
