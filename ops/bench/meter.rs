//! What work costs: CPU of both sides, and the write-ahead log.

use std::fs;

use sqlx::PgPool;

/// Costs since the meter was started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// CPU of this process, in microseconds.
    pub ours_us: f64,
    /// CPU of PostgreSQL, in microseconds; only on the same machine.
    pub postgres_us: Option<f64>,
    /// Write-ahead log, in bytes.
    pub wal_bytes: f64,
}

/// Reads `/proc` and the server's own count.
pub struct Meter {
    pool: PgPool,
    postmaster: Option<u32>,
    start: Used,
}

/// Linux counts CPU in hundredths of a second for every program (`sysconf(_SC_CLK_TCK)` is 100).
const TICK_US: f64 = 10_000.0;

impl Meter {
    /// Counts from here on, as a superuser's connections see it.
    pub async fn start(pool: &PgPool) -> anyhow::Result<Self> {
        let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(pool).await?;
        // A backend of another machine is no process here, or another program's.
        let postmaster = stat(&backend.to_string()).filter(|stat| stat.name == "postgres").map(|stat| stat.parent);
        let mut meter = Self { pool: pool.clone(), postmaster, start: Used::default() };
        meter.start = meter.read().await?;
        Ok(meter)
    }

    /// What was used meanwhile.
    pub async fn stop(self) -> anyhow::Result<Used> {
        let now = self.read().await?;
        Ok(Used {
            ours_us: now.ours_us - self.start.ours_us,
            postgres_us: now.postgres_us.zip(self.start.postgres_us).map(|(now, then)| now - then),
            wal_bytes: now.wal_bytes - self.start.wal_bytes,
        })
    }

    async fn read(&self) -> anyhow::Result<Used> {
        let wal_bytes: f64 = sqlx::query_scalar("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8")
            .fetch_one(&self.pool)
            .await?;
        let ours_us = stat("self").map_or(0.0, |stat| stat.own_us);
        Ok(Used { ours_us, postgres_us: self.postmaster.map(family_us), wal_bytes })
    }
}

struct Stat {
    name: String,
    parent: u32,
    own_us: f64,
    /// Of children that have ended.
    reaped_us: f64,
}

/// proc(5): the name stands in brackets, and may hold any sign.
fn stat(pid: &str) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some(Stat {
        name: head.split_once('(')?.1.to_owned(),
        parent: fields.get(1)?.parse().ok()?,
        own_us: (ticks(11)? + ticks(12)?) * TICK_US,
        reaped_us: (ticks(13)? + ticks(14)?) * TICK_US,
    })
}

/// The postmaster, its children, and those that ended meanwhile.
fn family_us(postmaster: u32) -> f64 {
    let own = stat(&postmaster.to_string()).map_or(0.0, |stat| stat.own_us + stat.reaped_us);
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children =
        processes.filter_map(|entry| stat(entry.file_name().to_str()?)).filter(|stat| stat.parent == postmaster);
    own + children.map(|child| child.own_us).sum::<f64>()
}
