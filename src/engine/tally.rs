//! Throughput without reading history: each process counts in memory what its attempts came to, and writes it down every
//! few seconds, one row for each minute and job type. Who has nothing to tell writes nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::cx::Run;

/// Between writes.
const FLUSH: Duration = Duration::from_secs(5);
/// The longest that a write may wait for its answer.
const ANSWER: Duration = Duration::from_secs(3);

/// What this process counted since its last write, by the start of the minute (seconds since 1970) and job type.
#[derive(Default)]
pub(crate) struct Tally(Mutex<HashMap<(i64, i16), Counts>>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    completed: i64,
    failed: i64,
    dead: i64,
    snoozed: i64,
    run_ms: i64,
    wait_ms: i64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.completed += other.completed;
        self.failed += other.failed;
        self.dead += other.dead;
        self.snoozed += other.snoozed;
        self.run_ms += other.run_ms;
        self.wait_ms += other.wait_ms;
    }
}

impl Tally {
    /// An attempt ended with this word. Those that were given back or laid aside are not counted.
    pub fn note(&self, run: &Run, ending: &str, ran: Duration) {
        let mut counts = Counts {
            run_ms: i64::try_from(ran.as_millis()).unwrap_or(i64::MAX),
            wait_ms: (run.started_at - run.claimed.due_at).num_milliseconds().max(0),
            ..Counts::default()
        };
        match ending {
            "completed" => counts.completed = 1,
            "failed" | "timed_out" | "panicked" | "undecodable" | "silent" | "expired" => counts.failed = 1,
            "snoozed" => counts.snoozed = 1,
            _ => return,
        }
        self.add(run, counts);
    }

    /// It was the job's last attempt.
    pub fn note_dead(&self, run: &Run) {
        self.add(run, Counts { dead: 1, ..Counts::default() });
    }

    fn add(&self, run: &Run, counts: Counts) {
        let now = (run.claimed.at + run.claimed.fetched.elapsed()).timestamp();
        self.lock().entry((now - now.rem_euclid(60), run.claimed.kind)).or_default().add(counts);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(i64, i16), Counts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn flush(&self, pool: &PgPool, worker: i64) {
        let counted = std::mem::take(&mut *self.lock());
        if counted.is_empty() {
            return;
        }
        let written = tokio::time::timeout(ANSWER, write(pool, worker, &counted)).await;
        if let Err(error) = written.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            // Where only the answer was lost it counts twice: a picture of the pace, nothing else depends on it.
            tracing::debug!(%error, "what was counted is written with the next");
            let mut kept = self.lock();
            for (place, counts) in counted {
                kept.entry(place).or_default().add(counts);
            }
        }
    }
}

/// Writes every few seconds, and once more when the session is over.
pub(crate) async fn run(tally: Arc<Tally>, pool: PgPool, worker: i64, ending: CancellationToken) {
    while ending.run_until_cancelled(tokio::time::sleep(FLUSH)).await.is_some() {
        tally.flush(&pool, worker).await;
    }
    tally.flush(&pool, worker).await;
}

async fn write(pool: &PgPool, worker: i64, counted: &HashMap<(i64, i16), Counts>) -> sqlx::Result<()> {
    let column = |field: fn(&Counts) -> i64| counted.values().map(field).collect::<Vec<_>>();
    let minutes: Vec<DateTime<Utc>> =
        counted.keys().map(|(minute, _)| DateTime::from_timestamp(*minute, 0).unwrap_or_default()).collect();
    let kinds: Vec<i16> = counted.keys().map(|(_, kind)| *kind).collect();
    sqlx::query!(
        "insert into holdfast.tally as t (minute, kind, worker, completed, failed, dead, snoozed, run_ms, wait_ms)
           select x.minute, x.kind, $1, x.completed, x.failed, x.dead, x.snoozed, x.run_ms, x.wait_ms
           from unnest($2::timestamptz[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
                x(minute, kind, completed, failed, dead, snoozed, run_ms, wait_ms)
         on conflict (minute, kind, worker) do update set completed = t.completed + excluded.completed, failed = t.failed + excluded.failed,
           dead = t.dead + excluded.dead, snoozed = t.snoozed + excluded.snoozed, run_ms = t.run_ms + excluded.run_ms, wait_ms = t.wait_ms + excluded.wait_ms",
        worker,
        &minutes,
        &kinds,
        &column(|c| c.completed),
        &column(|c| c.failed),
        &column(|c| c.dead),
        &column(|c| c.snoozed),
        &column(|c| c.run_ms),
        &column(|c| c.wait_ms),
    )
    .execute(pool)
    .await?;
    Ok(())
}
