//! graphile_worker (Rust). Fast: the settings of the crate's own benchmark, scaled. It deletes what has finished.

use std::{sync::Arc, time::Duration};

use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, LocalQueueConfig, RawJobSpec, TaskHandler, WorkerContext, WorkerOptions,
    WorkerRecoveryConfig, WorkerUtils,
};
use holdfast_peers::{Load, Peer, Result, database, lane, noop, setting};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{PgPool, postgres::PgPoolOptions};

const UNFINISHED: &str = "select count(*) from graphile_worker._private_jobs where is_available and run_at <= now() or locked_at is not null";

#[derive(Serialize, Deserialize, Clone)]
struct Noop {
    i: i64,
}

impl TaskHandler for Noop {
    const IDENTIFIER: &'static str = "noop";

    async fn run(self, _: WorkerContext) -> impl IntoTaskHandlerResult {
        noop(self.i).await;
        Ok::<(), String>(())
    }
}

#[derive(Serialize, Deserialize, Clone)]
struct Laned {
    lane: i64,
    number: i64,
}

impl TaskHandler for Laned {
    const IDENTIFIER: &'static str = "lane";

    async fn run(self, _: WorkerContext) -> impl IntoTaskHandlerResult {
        lane(self.lane, self.number).await;
        Ok::<(), String>(())
    }
}

#[derive(Clone)]
struct Graphile {
    pool: PgPool,
    utils: Arc<WorkerUtils>,
}

impl Peer for Graphile {
    async fn connect() -> Result<Self> {
        let pool = pool(10).await?;
        let utils = Arc::new(WorkerUtils::new(pool.clone(), "graphile_worker"));
        Ok(Self { pool, utils })
    }

    async fn setup(&self) -> Result {
        Ok(self.utils.migrate().await?)
    }

    async fn one(&self, i: i64) -> Result {
        self.utils.add_job(Noop { i }, JobSpec::default()).await?;
        Ok(())
    }

    async fn many(&self, from: i64, count: i64) -> Result {
        let jobs: Vec<_> = (from..from + count).map(|i| raw("noop", json!({ "i": i }), JobSpec::default())).collect();
        self.utils.add_raw_jobs(&jobs).await?;
        Ok(())
    }

    async fn lanes(&self, jobs: Vec<(i64, i64)>) -> Result {
        let laned = |(lane, number)| {
            let spec = JobSpec { queue_name: Some(format!("lane {lane}")), ..JobSpec::default() };
            raw("lane", json!({ "lane": lane, "number": number }), spec)
        };
        let jobs: Vec<_> = jobs.into_iter().map(laned).collect();
        self.utils.add_raw_jobs(&jobs).await?;
        Ok(())
    }

    async fn unfinished(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(UNFINISHED).fetch_one(&self.pool).await?)
    }

    async fn work(&self, load: Load) -> Result<&'static str> {
        let (connections, notes) = match load {
            Load::Noop { fast: true } => (25, "concurrency 24, local_queue 500, completions batched for 5 ms, pool 25"),
            Load::Noop { fast: false } => (20, "defaults (concurrency = cores, no batches), pool 20"),
            Load::Lanes => (52, "queue_name, concurrency 50, local_queue 51, completions batched for 1 ms, pool 52"),
            Load::Hold | Load::Flows => (30, "concurrency 100, pool 30"),
        };
        let options = WorkerOptions::default().pg_pool(pool(connections).await?);
        let worker = settings(options.define_job::<Noop>().define_job::<Laned>(), load).init().await?;
        tokio::spawn(async move { worker.run().await.unwrap() });
        Ok(notes)
    }
}

fn settings(options: WorkerOptions, load: Load) -> WorkerOptions {
    let batches = |options: WorkerOptions, size, delay| {
        let options = options.local_queue(LocalQueueConfig::default().with_size(size));
        options.complete_job_batch_delay(Duration::from_millis(delay))
    };
    match load {
        Load::Noop { fast: true } => batches(options.concurrency(24), 500, 5),
        Load::Noop { fast: false } => options,
        Load::Lanes => batches(options.concurrency(50), 51, 1),
        // Off by default: without it the jobs of a dead worker wait for hours.
        Load::Hold | Load::Flows => {
            let recovery = WorkerRecoveryConfig { enabled: setting("RECOVERY", "1") == "1", ..Default::default() };
            options.concurrency(100).worker_recovery(recovery)
        }
    }
}

fn raw(task: &str, payload: Value, spec: JobSpec) -> RawJobSpec {
    RawJobSpec { identifier: task.into(), payload, spec }
}

async fn pool(connections: u32) -> Result<PgPool> {
    Ok(PgPoolOptions::new().max_connections(connections).connect(&database()).await?)
}

#[tokio::main]
async fn main() -> Result {
    holdfast_peers::run::<Graphile>().await
}
