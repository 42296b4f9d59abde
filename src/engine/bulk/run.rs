//! The job that carries an operation out.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::{
    Backoff, Cx, Job, Outcome, Policy, Stop, begin,
    bulk::chunk::{Turn, next},
};

/// At least so long after each chunk the database belongs to others, and at least so many times as long as the chunk took.
const BREATH: Duration = Duration::from_millis(20);
const BREATHS: u32 = 4;
/// After so long an attempt lets another one go on.
const SPELL: Duration = Duration::from_hours(1);
/// A chunk that did not work is tried again so often before the attempt counts as failed, after this wait.
const TRIES: u32 = 5;
const AGAIN: Duration = Duration::from_millis(500);

/// Carries a confirmed operation out. Ends when it is paused, too: the resume enqueues another run.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunBulk {
    /// The operation.
    pub bulk: i64,
}

impl<W: Clone + Send + Sync + 'static> Job<W> for RunBulk {
    const NAME: &'static str = "run_bulk";
    const POLICY: Policy = Policy {
        attempts: 20,
        losses: 1000,
        timeout: Duration::from_hours(2),
        heartbeat: Some(Duration::from_mins(20)),
        backoff: Backoff::exponential(Duration::from_millis(100), Duration::from_secs(10)),
        concurrency: 4,
        unique_for: Duration::ZERO,
        ..Policy::DEFAULT
    };
    /// The operation's state at the end.
    type Output = String;

    fn key(&self) -> String {
        self.bulk.to_string()
    }

    async fn run(self, cx: Cx<W>) -> Outcome<String> {
        let (begun, mut failures) = (Instant::now(), 0);
        loop {
            let pause = match self.turn(&cx).await {
                Ok(Ended::Now(state)) => return Ok(state),
                Ok(Ended::Not(pause)) => {
                    failures = 0;
                    pause
                }
                Err(Stop::Retry { error, .. }) if failures < TRIES => {
                    tracing::warn!(bulk = self.bulk, error, "a chunk is tried again");
                    failures += 1;
                    AGAIN
                }
                Err(stop) => return Err(stop),
            };
            if begun.elapsed() > SPELL {
                return Err(Stop::snooze(Duration::ZERO, "goes on"));
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = cx.cancelled() => return Err(cx.cancelled_stop()),
                () = cx.core.draining.cancelled() => return Err(Stop::snooze(Duration::ZERO, "goes on elsewhere")),
            }
        }
    }
}

enum Ended {
    Now(String),
    /// Go on after this pause.
    Not(Duration),
}

impl RunBulk {
    /// One chunk, or the end, each in a transaction that only the job's owner can commit.
    async fn turn<W: Clone + Send + Sync + 'static>(&self, cx: &Cx<W>) -> Outcome<Ended> {
        let started = Instant::now();
        let mut tx = begin(cx.pool()).await?;
        cx.fence(&mut tx).await?;
        match next(&mut tx, self.bulk).await? {
            // Whoever resumes it waits for the lock of its row, and finds this job ended.
            Turn::Over(state) => Ok(Ended::Now(cx.finish(tx, state).await?)),
            Turn::Early(wait) => Ok(Ended::Not(wait)),
            Turn::Did(done) => {
                tx.commit().await?;
                cx.heartbeat(&done).await?;
                Ok(Ended::Not((started.elapsed() * BREATHS).max(BREATH)))
            }
        }
    }
}
