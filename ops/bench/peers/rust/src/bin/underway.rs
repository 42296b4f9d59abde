//! underway: jobs of steps. It keeps what has finished, but drains a few dozen jobs a second: it is here for its
//! enqueue. A worker grows only on a notification or once a minute; hence sixteen of them, as its manual advises.

use std::time::Duration;

use holdfast_peers::{Load, Peer, Result, database, flow_ended, noop};
use serde::{Deserialize, Serialize};
use sqlx08::{PgPool, postgres::PgPoolOptions};
use underway::{Job, To};

const UNFINISHED: &str =
    "select count(*) from underway.task where state in ('pending', 'in_progress') and created_at + delay <= now()";

#[derive(Serialize, Deserialize)]
struct Input {
    i: i64,
}

/// The input of step `N`: the crate tells steps apart by their types.
#[derive(Serialize, Deserialize)]
struct Step<const N: usize> {
    i: i64,
}

#[derive(Clone)]
struct Underway {
    pool: PgPool,
    job: Job<Input, ()>,
}

impl Peer for Underway {
    async fn connect() -> Result<Self> {
        let pool = pool(10).await?;
        // A job can be built only where the tables are.
        underway::run_migrations(&pool).await?;
        let job = job(&pool).await?;
        Ok(Self { pool, job })
    }

    async fn setup(&self) -> Result {
        Ok(())
    }

    async fn one(&self, i: i64) -> Result {
        self.job.enqueue(&Input { i }).await?;
        Ok(())
    }

    /// `Job` has no call for many: one by one, in one transaction.
    async fn many(&self, from: i64, count: i64) -> Result {
        let mut tx = self.pool.begin().await?;
        for i in from..from + count {
            self.job.enqueue_using(&mut *tx, &Input { i }).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn flows(&self, count: i64) -> Result {
        let flow = flow(&self.pool).await?;
        let mut tx = self.pool.begin().await?;
        for i in 0..count {
            flow.enqueue_using(&mut *tx, &Input { i }).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn unfinished(&self) -> Result<i64> {
        Ok(sqlx08::query_scalar(UNFINISHED).fetch_one(&self.pool).await?)
    }

    async fn work(&self, load: Load) -> Result<&'static str> {
        Ok(match load {
            Load::Noop { fast: false } => {
                std::mem::forget(self.job.start());
                "defaults (one worker, concurrency = cores), pool 10"
            }
            Load::Noop { fast: true } | Load::Lanes => {
                workers(&job(&pool(80).await?).await?, 16);
                "16 workers in one process, pool 80"
            }
            Load::Flows => {
                workers(&flow(&pool(80).await?).await?, 16);
                "job of five steps, a task row each; 16 workers in one process, pool 80"
            }
            Load::Hold => {
                let mut worker = job(&pool(140).await?).await?.worker();
                worker.set_concurrency_limit(100);
                tokio::spawn(async move { worker.run().await.unwrap() });
                tokio::time::sleep(Duration::from_millis(500)).await;
                "concurrency 100, pool 140"
            }
        })
    }
}

fn workers(job: &Job<Input, ()>, count: usize) {
    for _ in 0..count {
        let worker = job.worker();
        tokio::spawn(async move { worker.run().await.unwrap() });
    }
}

async fn job(pool: &PgPool) -> Result<Job<Input, ()>> {
    let handler = |_, Input { i }| async move {
        noop(i).await;
        To::done()
    };
    Ok(Job::builder().step(handler).name("noop").pool(pool.clone()).build().await?)
}

async fn flow(pool: &PgPool) -> Result<Job<Input, ()>> {
    let last = |_, Step::<4> { .. }| async {
        flow_ended();
        To::done()
    };
    let job = Job::builder()
        .step(|_, Input { i }| async move { To::next(Step::<1> { i }) })
        .step(|_, Step::<1> { i }| async move { To::next(Step::<2> { i }) })
        .step(|_, Step::<2> { i }| async move { To::next(Step::<3> { i }) })
        .step(|_, Step::<3> { i }| async move { To::next(Step::<4> { i }) })
        .step(last);
    Ok(job.name("flow").pool(pool.clone()).build().await?)
}

async fn pool(connections: u32) -> Result<PgPool> {
    Ok(PgPoolOptions::new().max_connections(connections).connect(&database()).await?)
}

#[tokio::main]
async fn main() -> Result {
    holdfast_peers::run::<Underway>().await
}
