//! Putting work in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, Postgres, Transaction, postgres::types::PgInterval};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::{Debounce, Job, wire};

/// The channel on which processes tell each other that there is work.
pub(crate) const CHANNEL: &str = "holdfast";
/// Nudges of other processes are at least this far apart.
const NUDGE_PAUSE: Duration = Duration::from_millis(10);
/// What is due later than this is found by polling.
const FAR: Duration = Duration::from_mins(1);

/// Enqueues jobs on the caller's transactions and wakes workers after the commit. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    local: Arc<Notify>,
    nudge: Arc<Notify>,
    others: Arc<AtomicBool>,
    _nudger: AbortOnDropHandle<()>,
}

/// The job that an enqueue led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// Ordered by time.
    pub id: i64,
    /// The key was taken (or a debounced job took the payload up): `id` is the earlier job.
    pub duplicate: bool,
}

/// When a job starts, by the database's clock.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// As soon as a worker is free.
    Now,
    /// Then, or later.
    At(DateTime<Utc>),
    /// When its key has been quiet for a while: enqueues until then become one job.
    Quiet(Debounce),
}

/// Why a job was not enqueued. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The arguments do not serialise.
    #[error("arguments of job {kind} do not serialise to JSON")]
    Arguments {
        /// The job's name.
        kind: &'static str,
        /// What serde said.
        #[source]
        source: serde_json::Error,
    },
    /// The arguments are too long for a row.
    #[error("arguments of job {kind} have {bytes} bytes, more than 1 MiB: keep them elsewhere and pass their id")]
    TooLarge {
        /// The job's name.
        kind: &'static str,
        /// Their length.
        bytes: usize,
    },
    /// The database refused or could not be reached; the caller's transaction is over.
    #[error("job {kind} was not enqueued")]
    Database {
        /// The job's name.
        kind: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

impl Client {
    /// A client on this pool. Must be called within a tokio runtime: other processes are nudged in the background.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        let (nudge, others) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(true)));
        let nudger = tokio::spawn(nudge_others(pool.clone(), nudge.clone(), others.clone()));
        let shared =
            Shared { pool, local: Arc::new(Notify::new()), nudge, others, _nudger: AbortOnDropHandle::new(nudger) };
        Self { shared: Arc::new(shared) }
    }

    /// Writes the job on the caller's transaction: it exists if and only if that transaction commits.
    /// Commit with [`Client::commit`], so that workers start at once.
    pub async fn enqueue<W, J: Job<W>>(
        &self,
        conn: &mut PgConnection,
        tenant: i64,
        job: &J,
    ) -> Result<Enqueued, EnqueueError> {
        self.enqueue_when(conn, tenant, job, J::POLICY.debounce.map_or(When::Now, When::Quiet)).await
    }

    /// Like [`Client::enqueue`], with a start of the caller's choice instead of the policy's.
    pub async fn enqueue_when<W, J: Job<W>>(
        &self,
        conn: &mut PgConnection,
        tenant: i64,
        job: &J,
        when: When,
    ) -> Result<Enqueued, EnqueueError> {
        let payload = wire::payload::<W, J>(job)?;
        let (run_at, wait, most) = match when {
            When::Now => (None, None, None),
            When::At(time) => (Some(time), None, None),
            When::Quiet(debounce) => (None, Some(interval(debounce.wait)), Some(interval(debounce.at_most))),
        };
        let row = sqlx::query!(
            r#"select id as "id!", duplicate as "duplicate!"
               from holdfast.enqueue($1, $2::text::json, $3, $4, $5, $6, $7, $8, $9, $10)"#,
            J::NAME,
            payload,
            tenant,
            job.key(),
            job.lane(),
            J::POLICY.priority,
            run_at,
            interval(J::POLICY.unique_for),
            wait as _,
            most as _,
        )
        .fetch_one(conn)
        .await
        .map_err(|source| EnqueueError::Database { kind: J::NAME, source })?;
        if let When::Quiet(debounce) = when {
            self.wake_in(debounce.wait);
        }
        Ok(Enqueued { id: row.id, duplicate: row.duplicate })
    }

    /// Writes many jobs of one type with one statement, in their order: all or none. They start as soon as workers are
    /// free; a debounce of the policy does not apply.
    pub async fn enqueue_all<W, J: Job<W>>(
        &self,
        conn: &mut PgConnection,
        tenant: i64,
        jobs: &[J],
    ) -> Result<Vec<Enqueued>, EnqueueError> {
        let payloads = jobs.iter().map(wire::payload::<W, J>).collect::<Result<Vec<_>, _>>()?;
        let keys: Vec<_> = jobs.iter().map(Job::key).collect();
        let lanes: Vec<_> = jobs.iter().map(Job::lane).collect();
        let rows = sqlx::query!(
            r#"select id as "id!", duplicate as "duplicate!"
               from holdfast.enqueue_many($1, $2::text[]::json[], $3, $4, $5, $6, $7)"#,
            J::NAME,
            &payloads,
            tenant,
            &keys,
            &lanes as _,
            J::POLICY.priority,
            interval(J::POLICY.unique_for),
        )
        .fetch_all(conn)
        .await
        .map_err(|source| EnqueueError::Database { kind: J::NAME, source })?;
        Ok(rows.into_iter().map(|row| Enqueued { id: row.id, duplicate: row.duplicate }).collect())
    }

    /// Commits, then wakes workers: this process's at once, others by a notification that is not part of the
    /// transaction (`NOTIFY` inside it would make all commits queue for one lock).
    pub async fn commit(&self, tx: Transaction<'_, Postgres>) -> sqlx::Result<()> {
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Tells workers to look for work.
    pub fn wake(&self) {
        self.shared.local.notify_one();
        self.shared.nudge.notify_one();
    }

    /// Gives a workflow a signal that [`crate::Cx::receive`] waits for; the first one with an `id` wins.
    /// False: that workflow has ended or never was.
    pub async fn signal<T: Serialize + Sync>(
        &self,
        conn: &mut PgConnection,
        job: i64,
        name: &str,
        id: &str,
        payload: &T,
    ) -> sqlx::Result<bool> {
        let payload = serde_json::to_string(payload).map_err(|error| sqlx::Error::Encode(error.into()))?;
        sqlx::query_scalar!(r#"select holdfast.signal($1, $2, $3, $4::text::json) as "known!""#, job, name, id, payload)
            .fetch_one(conn)
            .await
    }

    /// Makes job names known before their first worker has started, so that they can be enqueued.
    pub async fn register_kinds(&self, names: &[String]) -> sqlx::Result<()> {
        sqlx::query!("select from holdfast.register_kinds($1)", names).execute(&self.shared.pool).await?;
        Ok(())
    }

    /// Tells this process's workers to look for work.
    pub(crate) fn wake_here(&self) {
        self.shared.local.notify_one();
    }

    /// Looks for work again when something is due.
    pub(crate) fn wake_in(&self, delay: Duration) {
        if delay < FAR {
            let local = self.shared.local.clone();
            tokio::spawn(async move {
                tokio::time::sleep(delay + Duration::from_millis(1)).await;
                local.notify_one();
            });
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.shared.pool
    }

    pub(crate) fn local_wake(&self) -> Arc<Notify> {
        self.shared.local.clone()
    }

    /// Whether other processes listen at all.
    pub(crate) fn set_others(&self, others: bool) {
        self.shared.others.store(others, Ordering::Relaxed);
    }
}

async fn nudge_others(pool: PgPool, nudge: Arc<Notify>, others: Arc<AtomicBool>) {
    loop {
        nudge.notified().await;
        if others.load(Ordering::Relaxed) {
            // A lost nudge costs only the polling interval.
            let sent = sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(&pool).await;
            if let Err(error) = sent {
                tracing::debug!(%error, "nudge not sent");
            }
        }
        tokio::time::sleep(NUDGE_PAUSE).await;
    }
}

/// PostgreSQL's form of a duration, to the microsecond.
pub(crate) fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX) }
}
