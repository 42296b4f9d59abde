//! The way into the engine: [`Client`] puts work in (`enqueue.rs`) and wakes those who do it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;
use sqlx::{PgConnection, PgPool, Postgres, Transaction, postgres::types::PgInterval};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::{backend::Fetched, trace};

/// The channel on which processes tell each other that there is work.
pub(crate) const CHANNEL: &str = "holdfast";
/// Nudges of other processes are at least this far apart.
const NUDGE_PAUSE: Duration = Duration::from_millis(10);
/// Jobs that follow each other faster are put in the cheapest way.
const RUSH: Duration = Duration::from_millis(5);
/// What is due later than this is found by polling.
const FAR: Duration = Duration::from_mins(1);

/// Enqueues jobs on the caller's transactions and wakes workers after the commit. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    trace: Option<Arc<str>>,
}

struct Shared {
    pool: PgPool,
    kinds: Mutex<HashMap<&'static str, i16>>,
    host: Mutex<Option<Weak<dyn Host>>>,
    local: Arc<Notify>,
    nudge: Arc<Nudge>,
    /// When this client last put a job in.
    last: Mutex<Option<Instant>>,
    _nudger: AbortOnDropHandle<()>,
}

/// The worker of this process, where it has one.
pub(crate) trait Host: Send + Sync {
    /// Keeps a slot for a job of this kind that may start without being asked for. Returns the worker's id.
    fn reserve(&self, kind: i16) -> Option<i64>;
    /// Lets go of a slot that was kept in vain.
    fn release(&self, kind: i16);
    /// Starts the jobs of a claim that is written, in slots that were kept for them.
    fn begin(self: Arc<Self>, jobs: Vec<Fetched>);
    /// A claim was written whose jobs are about to begin.
    fn track(&self, claim: i64, jobs: usize);
    /// Starts a job that came because this worker offered to, in a slot or as soon as one is free. Once, however often
    /// it is told.
    fn accept(self: Arc<Self>, job: Fetched);
}

/// On which a worker is told of the jobs that it offered to start.
pub(crate) fn channel_of(worker: i64) -> String {
    format!("{CHANNEL}_{worker}")
}

/// Whether a signal was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignalError {
    /// The workflow has ended.
    #[error("the workflow has ended: the signal comes too late")]
    Ended,
    /// No such workflow, or another tenant's.
    #[error("this tenant has no such workflow")]
    Unknown,
}

impl Client {
    /// A client on this pool. Must be called within a tokio runtime: other processes are nudged in the background.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        let nudge = Arc::new(Nudge::default());
        let nudger = tokio::spawn(nudge.clone().run(pool.clone()));
        let shared = Shared {
            pool,
            kinds: Mutex::default(),
            host: Mutex::default(),
            local: Arc::new(Notify::new()),
            nudge,
            last: Mutex::default(),
            _nudger: AbortOnDropHandle::new(nudger),
        };
        Self { shared: Arc::new(shared), trace: None }
    }

    /// The same client for work that belongs to a W3C trace: jobs keep this `traceparent`, and their steps, too.
    /// What is not one is ignored, as the recommendation asks (<https://www.w3.org/TR/trace-context/#traceparent-header>).
    #[must_use]
    pub fn traced(&self, traceparent: &str) -> Self {
        Self { trace: trace::parse(traceparent).map(Arc::from), ..self.clone() }
    }

    pub(crate) fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
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
        self.shared.nudge.wanted.notify_one();
    }

    /// Gives a workflow a signal that [`crate::Cx::receive`] waits for; the first one with an `id` wins.
    pub async fn signal<T: Serialize + Sync>(
        &self,
        conn: &mut PgConnection,
        tenant: i64,
        job: i64,
        name: &str,
        id: &str,
        payload: &T,
    ) -> sqlx::Result<Result<(), SignalError>> {
        let payload = serde_json::to_string(payload).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let result = sqlx::query_scalar!(
            r#"select holdfast.signal($1, $2, $3, $4::text::json, $5) as "result!""#,
            job,
            name,
            id,
            payload,
            tenant
        )
        .fetch_one(conn)
        .await?;
        Ok(match result.as_str() {
            "kept" => Ok(()),
            "ended" => Err(SignalError::Ended),
            _ => Err(SignalError::Unknown),
        })
    }

    /// Makes job names known before their first worker has started, so that they can be enqueued.
    pub async fn register_kinds(&self, names: &[String]) -> sqlx::Result<()> {
        sqlx::query!("select from holdfast.register_kinds($1)", names).execute(&self.shared.pool).await?;
        Ok(())
    }

    /// The job name's number in the database; names are never renumbered.
    pub(crate) async fn kind(&self, conn: &mut PgConnection, name: &'static str) -> sqlx::Result<Option<i16>> {
        if let Some(kind) = lock(&self.shared.kinds).get(name) {
            return Ok(Some(*kind));
        }
        let kind =
            sqlx::query_scalar!("select id from holdfast.kind where name = $1", name).fetch_optional(conn).await?;
        if let Some(kind) = kind {
            lock(&self.shared.kinds).insert(name, kind);
        }
        Ok(kind)
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

    /// Whether the last job was put in a moment ago, too. Workers are busy with those then, and an offer is not looked for.
    pub(crate) fn is_in_a_rush(&self) -> bool {
        let last = lock(&self.shared.last).replace(Instant::now());
        last.is_some_and(|last| last.elapsed() < RUSH)
    }

    pub(crate) fn nudge(&self) -> &Nudge {
        &self.shared.nudge
    }

    pub(crate) fn host(&self) -> Option<Arc<dyn Host>> {
        lock(&self.shared.host).as_ref().and_then(Weak::upgrade)
    }

    pub(crate) fn set_host(&self, host: Weak<dyn Host>) {
        *lock(&self.shared.host) = Some(host);
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notifications to other processes, not more often than it helps.
pub(crate) struct Nudge {
    wanted: Notify,
    others: AtomicBool,
    started: Instant,
    /// Milliseconds after `started`.
    last: AtomicU64,
}

impl Default for Nudge {
    fn default() -> Self {
        Self { wanted: Notify::new(), others: AtomicBool::new(true), started: Instant::now(), last: AtomicU64::new(0) }
    }
}

impl Nudge {
    /// Whether other processes listen at all.
    pub fn set_others(&self, others: bool) {
        self.others.store(others, Ordering::Relaxed);
    }

    /// True when a nudge is due and the caller has taken it on.
    pub fn take(&self) -> bool {
        if !self.others.load(Ordering::Relaxed) {
            return false;
        }
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let pause = u64::try_from(NUDGE_PAUSE.as_millis()).unwrap_or(0);
        self.last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                (last == 0 || now >= last + pause).then_some(now)
            })
            .is_ok()
    }

    async fn run(self: Arc<Self>, pool: PgPool) {
        loop {
            self.wanted.notified().await;
            if self.take() {
                // A lost nudge costs only the polling interval.
                let sent = sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(&pool).await;
                if let Err(error) = sent {
                    tracing::debug!(%error, "nudge not sent");
                }
            } else if self.others.load(Ordering::Relaxed) {
                self.wanted.notify_one();
            }
            tokio::time::sleep(NUDGE_PAUSE).await;
        }
    }
}

/// PostgreSQL's form of a duration, to the microsecond.
pub(crate) fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX) }
}
