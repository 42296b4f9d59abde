//! What every process looks after, whoever comes first.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

use crate::{
    Client, bulk,
    client::interval,
    clock::Clocks,
    lifeline::{GONE, Health, SILENT},
};

const RESCUE: Duration = Duration::from_millis(500);
/// After an outage all beats are old: whoever is back first gives the others this long to beat.
const SETTLED: Duration = Duration::from_millis(1200);
/// How long a job waits behind more urgent ones of its kind before it goes first.
const AGED: Duration = Duration::from_mins(1);
/// Jobs that grow old in one look.
const AGE: i32 = 1000;
/// Tables whose rows come and go.
const QUEUES: [&str; 5] = ["holdfast.ready", "holdfast.later", "holdfast.claim", "holdfast.lane", "holdfast.blocked"];
const SWEEP: Duration = Duration::from_mins(1);
const ROLL: Duration = Duration::from_hours(1);
/// Keys looked at in one sweep.
const KEYS: i32 = 5000;

/// Runs until it is dropped.
pub(crate) async fn run(client: Client, health: Arc<Health>) {
    let mut next = tokio::time::interval(RESCUE);
    next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut aged, mut swept, mut rolled) = (Instant::now(), Instant::now(), None);
    let mut keys_from = None;
    let mut clocks = Clocks::default();
    loop {
        next.tick().await;
        report("looking at the clock", look(&mut clocks, &client).await);
        if health.lasts_for(SETTLED) && clocks.are_steady(SETTLED, Instant::now()) {
            report("rescue", rescue(&client).await);
        }
        report("cancellations", cancel_rest(&client).await);
        if aged.elapsed() >= RESCUE * 10 {
            aged = Instant::now();
            report("aging", age(&client).await);
            report("dead rows", rewrite(&client).await);
        }
        if swept.elapsed() >= SWEEP {
            swept = Instant::now();
            report("sweep", sweep(&client, &mut keys_from).await);
            report("minutes", forget_minutes(&client).await);
            report("offers", empty_offers(&client).await);
            report("looking for kinds without a worker", unserved(&client).await);
        }
        if rolled.is_none_or(|rolled: Instant| rolled.elapsed() >= ROLL) {
            rolled = Some(Instant::now());
            report("partitions", roll(&client).await);
        }
    }
}

/// Beats are as old as the database's clock says: when it jumps, nobody has died of it.
async fn look(clocks: &mut Clocks, client: &Client) -> sqlx::Result<()> {
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(client.pool()).await?;
    if let Some(jump) = clocks.compare(now, Instant::now()) {
        tracing::error!(seconds = jump.num_seconds(), "the database's clock has jumped: look after its time source");
        metrics::counter!("holdfast_clock_jumps_total").increment(1);
    }
    Ok(())
}

async fn rescue(client: &Client) -> sqlx::Result<()> {
    loop {
        let rescued =
            sqlx::query_scalar!(r#"select holdfast.rescue($1, $2) as "rescued!""#, interval(SILENT), interval(GONE))
                .fetch_one(client.pool())
                .await?;
        if rescued == 0 {
            return Ok(());
        }
        tracing::warn!(jobs = rescued, "jobs of a dead worker run again");
        metrics::counter!("holdfast_rescued_total").increment(rescued.unsigned_abs().into());
        client.wake();
    }
}

async fn cancel_rest(client: &Client) -> sqlx::Result<()> {
    sqlx::query_scalar!(r#"select holdfast.cancel_rest() as "cancelled!""#).fetch_one(client.pool()).await?;
    Ok(())
}

/// Minutes that no screen shows any more.
async fn forget_minutes(client: &Client) -> sqlx::Result<()> {
    sqlx::query_scalar!(r#"select holdfast.sweep_tally() as "swept!""#).fetch_one(client.pool()).await?;
    Ok(())
}

async fn sweep(client: &Client, keys_from: &mut Option<DateTime<Utc>>) -> sqlx::Result<()> {
    *keys_from = sqlx::query_scalar!("select next from holdfast.sweep_keys($1, $2)", *keys_from, KEYS)
        .fetch_one(client.pool())
        .await?;
    sqlx::query!("delete from holdfast.cancellation c where exists (select from holdfast.done d where d.id = c.job)")
        .execute(client.pool())
        .await?;
    sqlx::query_scalar!(r#"select holdfast.sweep_log($1) as "swept!""#, KEYS).fetch_one(client.pool()).await?;
    bulk::sweep(&mut *client.pool().acquire().await?).await?;
    sqlx::query!("delete from holdfast.progress p where exists (select from holdfast.done d where d.id = p.job)")
        .execute(client.pool())
        .await?;
    Ok(())
}

/// Queues that are large of dead rows, because somebody holds an old snapshot.
async fn rewrite(client: &Client) -> sqlx::Result<()> {
    // One after the other, each in a transaction of its own: no two of their locks are held together.
    let large = sqlx::query_scalar!(
        r#"select q as "queue!" from unnest($1::text[]) q where holdfast.is_large(q::regclass)"#,
        &QUEUES.map(str::to_owned),
    );
    for queue in large.fetch_all(client.pool()).await? {
        let rewritten = sqlx::query_scalar!(r#"select holdfast.rewrite($1::text::regclass) as "rewritten!""#, queue)
            .fetch_one(client.pool())
            .await?;
        if rewritten {
            tracing::debug!(queue, "was large of dead rows and is written anew");
        }
    }
    Ok(())
}

/// Dead rows of offers that nothing else can clear away, because somebody holds an old snapshot.
async fn empty_offers(client: &Client) -> sqlx::Result<()> {
    sqlx::query_scalar!(r#"select holdfast.empty_offers() as "emptied!""#).fetch_one(client.pool()).await?;
    Ok(())
}

/// Tells of jobs that wait for a worker that nobody has started.
async fn unserved(client: &Client) -> sqlx::Result<()> {
    let kinds = sqlx::query_scalar!(r#"select kind as "kind!" from holdfast.unserved order by kind"#)
        .fetch_all(client.pool())
        .await?;
    metrics::gauge!("holdfast_kinds_unserved").set(f64::from(u32::try_from(kinds.len()).unwrap_or(u32::MAX)));
    if !kinds.is_empty() {
        tracing::warn!(?kinds, "no worker runs these job types, and jobs of them wait: start one that does");
    }
    Ok(())
}

async fn age(client: &Client) -> sqlx::Result<()> {
    let moved = sqlx::query_scalar!(r#"select holdfast.age($1, $2) as "moved!""#, interval(AGED), AGE)
        .fetch_one(client.pool())
        .await?;
    if moved > 0 {
        client.wake();
    }
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
