//! Jobs that run in the test itself, one after the other.

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::advance;
use crate::{
    Engine, EngineError, Job, fetcher,
    link::Link,
    runner,
    schedule::Crontab,
    session::{self, Core},
    starter,
};

/// Attempts in one drain, beyond which it is taken for one that never ends.
const ENDLESS: usize = 100_000;

/// Runs jobs of an engine on the test's task: nothing happens but when the test asks for it, in a fixed order, and what
/// was asked for has happened when the call returns. On a [`super::sandbox`] all of it is part of the test's transaction.
///
/// ```no_run
/// # use engine::{Engine, testing::Stage};
/// # async fn test(engine: Engine<()>) -> Result<(), Box<dyn std::error::Error>> {
/// let stage = Stage::new(engine).await?;
/// stage.drain().await?;
/// for ran in stage.drain_with_scheduled().await? {
///     println!("{} {}: {}", ran.kind, ran.job, ran.state);
/// }
/// # Ok(()) }
/// ```
pub struct Stage<W> {
    core: Arc<Core<W>>,
    crontab: Arc<Crontab>,
    _starter: AbortOnDropHandle<()>,
}

/// An attempt that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The job.
    pub job: i64,
    /// Its name.
    pub kind: &'static str,
    /// Where it stood after the attempt, as `holdfast.job_state` tells it: `completed`, `dead`, `retrying`, `waiting` …
    pub state: String,
}

/// Why [`Stage::inline`] has no output.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// The job was refused.
    #[error(transparent)]
    NotEnqueued(#[from] crate::EnqueueError),
    /// The database refused.
    #[error("the job tables cannot be used")]
    Database(#[from] sqlx::Error),
    /// The job did not complete.
    #[error("job {job} is {state}: {error}")]
    Not {
        /// The job.
        job: i64,
        /// As `holdfast.job_state` tells it.
        state: String,
        /// Its latest error, if it has one.
        error: String,
    },
    /// The output is not what the type says.
    #[error("the output does not decode")]
    Output(#[from] serde_json::Error),
}

impl<W: Clone + Send + Sync + 'static> Stage<W> {
    /// Takes the engine's job types, crontab and plan of crashes.
    pub async fn new(engine: Engine<W>) -> Result<Self, EngineError> {
        let setup = engine.prepare().await?;
        let hire = "insert into holdfast.worker (name, version, beat_at) values ('test', '', 'infinity') returning id";
        let worker: i64 = sqlx::query_scalar(hire).fetch_one(setup.client.pool()).await?;
        // As in a drain, workflows are laid aside instead of waiting in memory, and steps start by being fetched.
        let draining = CancellationToken::new();
        draining.cancel();
        let (core, _writer, requests) = session::assemble(&setup, worker, draining, Link::shared);
        let starter = tokio::spawn(starter::run(Arc::downgrade(&core), requests, Link::shared(setup.client.pool())));
        Ok(Self { core, crontab: setup.crontab, _starter: AbortOnDropHandle::new(starter) })
    }

    /// Puts a job in and runs what is ready until it has ended; returns its output. A job that has to wait (for its next
    /// attempt, a sleep, a signal) has none.
    pub async fn inline<J: Job<W>>(&self, tenant: i64, job: J) -> Result<J::Output, Unfinished> {
        let mut conn = self.core.client.pool().acquire().await?;
        let id = self.core.client.enqueue(&mut conn, tenant, &job).await?.id;
        drop(conn);
        self.run(ENDLESS, false, Some(id)).await?;
        let sql = "select s.state, s.output::text, (select a.error from holdfast.attempt a where a.id = s.id order by a.ended_at desc limit 1)
                   from holdfast.job_state s where s.id = $1";
        let (state, output, error): (String, Option<String>, Option<String>) =
            sqlx::query_as(sql).bind(id).fetch_one(self.core.client.pool()).await?;
        match output {
            Some(output) if state == "completed" => Ok(serde_json::from_str(&output)?),
            _ => Err(Unfinished::Not { job: id, state, error: error.unwrap_or_default() }),
        }
    }

    /// Runs all that is ready, and all that becomes ready by it, until nothing is.
    pub async fn drain(&self) -> sqlx::Result<Vec<Ran>> {
        self.run(ENDLESS, false, None).await
    }

    /// [`Stage::drain`], for so many attempts at most.
    pub async fn drain_most(&self, attempts: usize) -> sqlx::Result<Vec<Ran>> {
        self.run(attempts, false, None).await
    }

    /// [`Stage::drain`], and when nothing is ready, time moves on to what is due next ([`advance`]): retries, sleeps,
    /// jobs for later. Crontab lines do not count: they never end; call [`Stage::tick`] for them.
    pub async fn drain_with_scheduled(&self) -> sqlx::Result<Vec<Ran>> {
        self.run(ENDLESS, true, None).await
    }

    /// Makes jobs of the crontab's ticks that are due.
    pub async fn tick(&self) -> sqlx::Result<()> {
        while self.crontab.look(&self.core.client).await?.is_zero() {}
        Ok(())
    }

    async fn run(&self, most: usize, scheduled: bool, wanted: Option<i64>) -> sqlx::Result<Vec<Ran>> {
        let mut ran = Vec::new();
        loop {
            let (jobs, more) =
                fetcher::claim(&self.core, &mut Link::shared(self.core.client.pool()), &mut fetcher::Heads::default())
                    .await?;
            if jobs.is_empty() && !more {
                let goes_on = self.make_way().await? || (scheduled && self.skip_to_next().await?);
                if !goes_on {
                    return Ok(ran);
                }
            }
            for (claimed, payload) in jobs {
                let Some(kind) = self.core.registry.get(claimed.kind) else { continue };
                kind.take_slot();
                if ran.len() >= most {
                    runner::give_back(&self.core, claimed).await;
                    continue;
                }
                let (job, kind) = (claimed.id, kind.name);
                runner::run(self.core.clone(), (claimed, payload)).await;
                ran.push(Ran { job, kind, state: self.state(job).await? });
            }
            let ended =
                |ran: &Ran| Some(ran.job) == wanted && ["completed", "dead", "cancelled"].contains(&&*ran.state);
            if ran.len() >= most || ran.iter().any(ended) {
                return Ok(ran);
            }
        }
    }

    async fn state(&self, job: i64) -> sqlx::Result<String> {
        let sql = "select state from holdfast.job_state where id = $1";
        sqlx::query_scalar(sql).bind(job).fetch_one(self.core.client.pool()).await
    }

    /// Opens what opens by itself. True: something may start now.
    async fn make_way(&self) -> sqlx::Result<bool> {
        let moved: Option<i32> =
            sqlx::query_scalar("select moved from holdfast.tend()").fetch_one(self.core.client.pool()).await?;
        Ok(moved.unwrap_or(0) > 0)
    }

    /// False: nothing is due, ever.
    async fn skip_to_next(&self) -> sqlx::Result<bool> {
        let sql = "select (extract(epoch from min(run_at) - clock_timestamp()) * 1000)::bigint from holdfast.later where run_at < 'infinity'";
        let mut conn = self.core.client.pool().acquire().await?;
        let wait: Option<i64> = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
        let Some(wait) = wait else { return Ok(false) };
        advance(&mut conn, Duration::from_millis(wait.max(0).unsigned_abs() + 1)).await?;
        Ok(true)
    }
}
