//! sqlxmq. Its tables come from the migrations in its package (see `../../run`). It deletes what has finished.

use holdfast_peers::{Load, Peer, Result, database, flow_ended, lane, noop};
use sqlx08::{PgPool, postgres::PgPoolOptions};
use sqlxmq::{Checkpoint, CurrentJob, JobRegistry, job};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const UNFINISHED: &str =
    "select count(*) from mq_msgs where id <> uuid_nil() and attempt_at < now() + interval '1 hour'";
/// The crate has no call for many; its function in the database takes an array.
const MANY: &str = "
    select mq_insert(array_agg(
      (gen_random_uuid(), interval '0', 4, interval '1 second', 'noop', '', null, false, $3, i::text, null)::mq_new_t))
    from generate_series($1::bigint, $1 + $2 - 1) i";

#[job(channel_name = "noop")]
async fn nothing(mut job: CurrentJob) -> Result<(), Failure> {
    noop(job.json()?.unwrap_or(0)).await;
    job.complete().await?;
    Ok(())
}

#[job(channel_name = "lane", ordered = true)]
async fn laned(mut job: CurrentJob) -> Result<(), Failure> {
    let (key, number) = job.json()?.unwrap_or_default();
    lane(key, number).await;
    job.complete().await?;
    Ok(())
}

#[job(channel_name = "flow")]
async fn flow(mut job: CurrentJob) -> Result<(), Failure> {
    let mut results: Vec<usize> = job.json()?.unwrap_or_default();
    for step in results.len()..5 {
        results.push(step);
        job.checkpoint(Checkpoint::new().set_json(&results)?).await?;
    }
    job.complete().await?;
    flow_ended();
    Ok(())
}

#[derive(Clone)]
struct Sqlxmq(PgPool);

impl Peer for Sqlxmq {
    async fn connect() -> Result<Self> {
        Ok(Self(pool(10).await?))
    }

    async fn setup(&self) -> Result {
        Ok(())
    }

    async fn one(&self, number: i64) -> Result {
        nothing.builder().set_json(&number)?.spawn(&self.0).await?;
        Ok(())
    }

    async fn many(&self, from: i64, count: i64) -> Result {
        sqlx08::query(MANY).bind(from).bind(count).bind(nothing.name()).execute(&self.0).await?;
        Ok(())
    }

    async fn lanes(&self, jobs: Vec<(i64, i64)>) -> Result {
        for job in jobs {
            laned.builder().set_channel_args(&job.0.to_string()).set_json(&job)?.spawn(&self.0).await?;
        }
        Ok(())
    }

    async fn flows(&self, count: i64) -> Result {
        for _ in 0..count {
            flow.builder().set_json::<[usize; 0]>(&[])?.spawn(&self.0).await?;
        }
        Ok(())
    }

    async fn unfinished(&self) -> Result<i64> {
        Ok(sqlx08::query_scalar(UNFINISHED).fetch_one(&self.0).await?)
    }

    async fn work(&self, load: Load) -> Result<&'static str> {
        let registry = JobRegistry::new(&[nothing, laned, flow]);
        let pool = pool(20).await?;
        let mut runner = registry.runner(&pool);
        let notes = match load {
            Load::Noop { fast: false } => "defaults (concurrency 16 to 32), pool 20",
            Load::Lanes => {
                runner.set_concurrency(25, 50);
                "ordered channel_args, concurrency 25 to 50, pool 20"
            }
            Load::Noop { fast: true } => {
                runner.set_concurrency(50, 100);
                "concurrency 50 to 100, pool 20"
            }
            Load::Flows => {
                runner.set_concurrency(50, 100);
                "one job with five checkpoints, the results in its payload; concurrency 50 to 100, pool 20"
            }
            Load::Hold => {
                runner.set_concurrency(100, 100);
                "concurrency 100, pool 20"
            }
        };
        // Dropping the handle would stop the runner.
        std::mem::forget(runner.run().await?);
        Ok(notes)
    }
}

async fn pool(connections: u32) -> Result<PgPool> {
    Ok(PgPoolOptions::new().max_connections(connections).connect(&database()).await?)
}

#[tokio::main]
async fn main() -> Result {
    holdfast_peers::run::<Sqlxmq>().await
}
