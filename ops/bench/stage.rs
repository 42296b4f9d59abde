//! A fresh database for each measurement.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use engine::{Client, Engine, EngineError};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Connections of an engine under measurement.
const CONNECTIONS: u32 = 12;
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A server, and what makes a database of it.
#[derive(Debug)]
pub struct Stage {
    server: PgConnectOptions,
    migrator: Migrator,
}

/// One database.
pub struct Scene {
    /// Connections of the owner, whom row-level security does not hold.
    pub pool: PgPool,
    /// Enqueues there.
    pub(super) client: Client,
    /// How the owner connects.
    pub options: PgConnectOptions,
    admin: PgConnectOptions,
}

/// An engine at work.
pub(super) struct Working {
    task: JoinHandle<Result<(), EngineError>>,
    shutdown: CancellationToken,
}

impl Stage {
    /// Measures on this server, as a role that may create databases.
    #[must_use]
    pub const fn new(server: PgConnectOptions, migrator: Migrator) -> Self {
        Self { server, migrator }
    }

    /// A database with the current schema.
    pub async fn fresh(&self) -> anyhow::Result<Scene> {
        let name = format!("holdfast_bench_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        self.server.connect().await?.execute(AssertSqlSafe(format!("create database {name}"))).await?;
        let options = self.server.clone().database(&name).options([("search_path", "public"), ("jit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        self.migrator.run(&pool).await?;
        let client = Client::new(pool.clone());
        client.register_kinds(&super::jobs::NAMES.map(str::to_owned)).await?;
        Ok(Scene { client, pool, options, admin: self.server.clone() })
    }
}

impl Scene {
    /// As after a quiet night: statistics fresh, nothing to write back.
    pub async fn settle(&self) -> anyhow::Result<()> {
        for command in ["vacuum analyze", "checkpoint"] {
            self.pool.execute(command).await?;
        }
        Ok(())
    }

    pub(super) fn start<W: Clone + Send + Sync + 'static>(engine: Engine<W>) -> Working {
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        Working { task: tokio::spawn(async move { engine.run(token).await }), shutdown }
    }

    /// The one number that `sql` tells.
    pub async fn number(&self, sql: &'static str) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    /// Waits until `sql` tells at least `number`, and tells when that was seen.
    pub async fn until(&self, sql: &'static str, number: i64) -> anyhow::Result<Instant> {
        let deadline = Instant::now() + Duration::from_mins(5);
        loop {
            let now = self.number(sql).await?;
            if now >= number {
                return Ok(Instant::now());
            }
            anyhow::ensure!(Instant::now() < deadline, "not within five minutes: {sql} is {now} instead of {number}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Drops the database.
    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        let name = self.options.get_database().unwrap_or_default();
        self.admin.connect().await?.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await?;
        Ok(())
    }
}

impl Working {
    pub async fn stop(self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        Ok(self.task.await??)
    }
}
