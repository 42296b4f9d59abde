//! apalis with apalis-postgres and apalis-workflow. It keeps what has finished.

use apalis::prelude::*;
use apalis_postgres::{Config, PgPool, PostgresStorage};
use apalis_workflow::{SteppedFlow, WorkflowSink};
use futures::stream;
use holdfast_peers::{Load, Peer, Result, database, flow_ended, noop};
use sqlx::postgres::PgPoolOptions;
use tokio::task::{LocalSet, spawn_local};

const QUEUE: &str = "bench";
const UNFINISHED: &str =
    "select count(*) from apalis.jobs where status in ('Pending', 'Queued', 'Running') and run_at <= now()";

#[derive(Clone)]
struct Apalis {
    pool: PgPool,
    storage: PostgresStorage<i64>,
}

impl Peer for Apalis {
    async fn connect() -> Result<Self> {
        let pool = pool(10).await?;
        let storage = storage(&pool, 10);
        Ok(Self { pool, storage })
    }

    async fn setup(&self) -> Result {
        Ok(PostgresStorage::setup(&self.pool).await?)
    }

    async fn one(&self, number: i64) -> Result {
        self.storage.clone().push(number).await.map_err(failed)
    }

    async fn many(&self, from: i64, count: i64) -> Result {
        let mut tasks = stream::iter((from..from + count).map(|number| TaskBuilder::new(number).build()));
        self.storage.clone().push_all(&mut tasks).await.map_err(failed)
    }

    async fn flows(&self, count: i64) -> Result {
        let mut storage = self.storage.clone();
        for number in 0..count {
            storage.push_start(number).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn unfinished(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(UNFINISHED).fetch_one(&self.pool).await?)
    }

    /// `run()` of a worker is not `Send`; its handlers are, and go to other threads by `parallelize`.
    async fn work(&self, load: Load) -> Result<&'static str> {
        let pool = pool(20).await?;
        let worker = WorkerBuilder::new(format!("worker-{}", std::process::id()));
        Ok(match load {
            Load::Noop { fast: true } => {
                let worker = worker.backend(storage(&pool, 500).with_pubsub()).parallelize(tokio::spawn).build(job);
                spawn_local(async move { worker.run().await.unwrap() });
                "batch_size 500, with_pubsub, parallelize, pool 20"
            }
            Load::Noop { fast: false } => {
                let worker = worker.backend(storage(&pool, 10)).build(job);
                spawn_local(async move { worker.run().await.unwrap() });
                "defaults (batches of 10), pool 20"
            }
            Load::Flows => {
                let flow = SteppedFlow::new("flow").and_then(step).and_then(step).and_then(step).and_then(step);
                let worker = worker.backend(storage(&pool, 500).with_pubsub()).parallelize(tokio::spawn);
                let worker = worker.build(flow.and_then(last_step));
                spawn_local(async move { worker.run().await.unwrap() });
                "SteppedFlow of five and_then, a job row each; batch_size 500, with_pubsub, parallelize, pool 20"
            }
            Load::Hold | Load::Lanes => {
                let worker = worker.backend(storage(&pool, 100)).parallelize(tokio::spawn).build(job);
                spawn_local(async move { worker.run().await.unwrap() });
                "batch_size 100, parallelize, pool 20"
            }
        })
    }
}

async fn job(number: i64) -> Result<(), BoxDynError> {
    noop(number).await;
    Ok(())
}

async fn step(number: i64) -> Result<i64, BoxDynError> {
    Ok(number)
}

async fn last_step(number: i64) -> Result<i64, BoxDynError> {
    flow_ended();
    Ok(number)
}

fn storage(pool: &PgPool, batch: usize) -> PostgresStorage<i64> {
    PostgresStorage::new(pool).with_config(Config::default().queue(QUEUE).batch_size(batch))
}

fn failed(error: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

async fn pool(connections: u32) -> Result<PgPool> {
    Ok(PgPoolOptions::new().max_connections(connections).connect(&database()).await?)
}

#[tokio::main]
async fn main() -> Result {
    LocalSet::new().run_until(holdfast_peers::run::<Apalis>()).await
}
