//! The faults themselves.

use std::time::Duration;

use anyhow::Context;
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};
use tokio::time::{Instant, sleep, sleep_until};

use super::{fleet::Fleet, producer::Producer, scenario::Scenario, server::Server};

const KILL_EVERY: Duration = Duration::from_secs(2);
const TERMINATE_EVERY: Duration = Duration::from_millis(500);
const RESTART_EVERY: Duration = Duration::from_secs(20);
/// Longer than any lease.
const FROZEN: Duration = Duration::from_secs(13);
const IDLE: usize = 300;
/// Engines listen on a connection that holds a lock for as long as they live: those first, then busy ones, then any.
const VICTIM: &str = "
    select pg_terminate_backend(pid) from (
      select a.pid from pg_stat_activity a where a.application_name in ('holdfast worker', 'holdfast producer')
      order by case $1 when 0 then exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')
                       when 1 then a.state <> 'idle' end desc nulls last, random() limit 1) v";

/// What a fault acts on.
pub(super) struct Target<'a> {
    pub server: &'a Server,
    pub fleet: &'a mut Fleet,
    pub database: &'a PgConnectOptions,
    pub producer: &'a Producer,
}

/// The fault has ended.
pub(super) struct Over {
    pub at: Instant,
    /// Jobs that had been put in by then.
    pub behind: i64,
    pub said: String,
}

/// Lets the fault rage for `length`.
pub(super) async fn inject(scenario: Scenario, target: Target<'_>, length: Duration) -> anyhow::Result<Over> {
    let (until, producer) = (Instant::now() + length, target.producer);
    let injected = match scenario {
        Scenario::WorkerKills => worker_kills(target, until).await,
        Scenario::PostgresRestart => restarts(target, until).await,
        Scenario::BackendKills => backend_kills(target, until).await,
        Scenario::IdleConnections => idle_connections(target, until).await,
        Scenario::Freeze => freeze(target, until).await,
        Scenario::DiskFull | Scenario::WalFull => disk_full(target, until).await,
        Scenario::HeldSnapshot => held_snapshot(target, until).await,
    };
    let over = Over { said: injected?, at: Instant::now(), behind: producer.committed() };
    sleep_until(until).await;
    Ok(over)
}

async fn worker_kills(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let (mut kills, mut next) = (0, Instant::now());
    while next < until {
        sleep_until(next).await;
        target.fleet.replace(kills).await?;
        kills += 1;
        next += KILL_EVERY;
    }
    Ok(format!("{kills} kills"))
}

async fn restarts(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let (mut restarts, mut next, mut away) = (0, Instant::now(), Duration::ZERO);
    while next < until {
        sleep_until(next).await;
        let stopped = Instant::now();
        target.server.restart().await?;
        away += stopped.elapsed();
        restarts += 1;
        next += RESTART_EVERY;
    }
    Ok(format!("{restarts} restarts, away for {:.1} s together", away.as_secs_f64()))
}

async fn backend_kills(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let mut admin = PgConnection::connect_with(target.database).await?;
    let (mut kills, mut next) = (0, Instant::now());
    while next < until {
        sleep_until(next).await;
        let killed: Option<bool> = sqlx::query_scalar(VICTIM).bind(kills / 4 % 3).fetch_optional(&mut admin).await?;
        kills += i32::from(killed == Some(true));
        next += TERMINATE_EVERY;
    }
    Ok(format!("{kills} connections terminated"))
}

async fn idle_connections(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let (mut idle, mut started) = (Vec::new(), false);
    while Instant::now() < until {
        while idle.len() < IDLE
            && let Ok(connection) = PgConnection::connect_with(target.database).await
        {
            idle.push(connection);
        }
        if !started {
            // Whoever starts now finds no room.
            target.fleet.replace(0).await?;
            started = true;
        }
        sleep(Duration::from_millis(250)).await;
    }
    let held = idle.len();
    for connection in idle {
        connection.close().await?;
    }
    Ok(format!("{held} of {IDLE} idle connections got in; a worker was killed and started again beside them"))
}

async fn freeze(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let mut frozen = 0;
    loop {
        target.fleet.signal(frozen, "STOP").await?;
        sleep(FROZEN).await;
        target.fleet.signal(frozen, "CONT").await?;
        frozen += 1;
        if Instant::now() + FROZEN > until {
            return Ok(format!("{frozen} workers stopped for {FROZEN:?} each"));
        }
    }
}

async fn disk_full(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let disk = target.server.disk.as_ref().context("the cluster is not on a small disk")?;
    disk.fill().await?;
    sleep_until(until).await;
    disk.free()?;
    let stopped = target.server.ensure_running().await?;
    Ok(if stopped { "the server had given up and was started again" } else { "the server stayed up" }.to_owned())
}

async fn held_snapshot(target: Target<'_>, until: Instant) -> anyhow::Result<String> {
    let mut holder = PgConnection::connect_with(target.database).await?;
    holder.execute("begin isolation level repeatable read").await?;
    holder.execute("select count(*) from effect_log").await?;
    sleep_until(until).await;
    let dead: i64 =
        sqlx::query_scalar("select sum(n_dead_tup)::bigint from pg_stat_user_tables").fetch_one(&mut holder).await?;
    holder.execute("rollback").await?;
    holder.close().await?;
    Ok(format!("{dead} dead rows in the end"))
}
