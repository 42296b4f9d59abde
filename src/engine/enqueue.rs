//! Putting work in.

use std::time::Instant;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, pool::PoolConnection};

use crate::{Client, Debounce, Job, client::interval, registry::Claimed, wire};

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
    /// No worker has declared this type of job.
    #[error("job {kind} is not known to the database: start a worker that runs it, or register its name first")]
    UnknownKind {
        /// The job's name.
        kind: &'static str,
    },
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
    /// A field that no row takes.
    #[error("{field} of job {kind} {problem}")]
    Field {
        /// The job's name.
        kind: &'static str,
        /// `key`, `lane` or `limit key`.
        field: &'static str,
        /// What is wrong, and what helps.
        problem: &'static str,
    },
    /// One of many was refused, and so none was enqueued.
    #[error("job number {index} of the batch")]
    OfBatch {
        /// Counted from 0.
        index: usize,
        /// Why.
        #[source]
        source: Box<EnqueueError>,
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

impl EnqueueError {
    /// Whether the same enqueue may succeed later: the database was away, read-only or busy. With a key it is still
    /// one job, whatever became of the first try.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { source, .. } => wire::is_transient(source),
            Self::OfBatch { source, .. } => source.is_transient(),
            _ => false,
        }
    }
}

impl Client {
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
        let put = self.put::<W, J>(job)?;
        let kind = self.known_kind(conn, J::NAME).await?;
        let failed = |source| EnqueueError::Database { kind: J::NAME, source };
        let (run_at, debounce) = match when {
            When::Now if put.is_plain() => {
                let queue = Queue { kind, tenant, priority: J::POLICY.priority };
                let (id, _) = self.put_plain(conn, queue, &put, None, false).await.map_err(failed)?;
                return Ok(Enqueued { id, duplicate: false });
            }
            When::Now => (None, None),
            When::At(time) => (Some(time), None),
            When::Quiet(debounce) => (None, Some(debounce)),
        };
        let row = sqlx::query!(
            r#"select id as "id!", duplicate as "duplicate!"
               from holdfast.put($1, $2::text::json, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, null, null)"#,
            kind,
            put.payload,
            tenant,
            put.key,
            put.lane,
            J::POLICY.priority,
            run_at,
            interval(J::POLICY.unique_for),
            debounce.map(|debounce| interval(debounce.wait)) as _,
            debounce.map(|debounce| interval(debounce.at_most)) as _,
            put.limit_key,
            put.trace,
        )
        .fetch_one(conn)
        .await
        .map_err(failed)?;
        if let Some(debounce) = debounce {
            self.wake_in(debounce.wait);
        }
        Ok(Enqueued { id: row.id, duplicate: row.duplicate })
    }

    /// Writes the job in a transaction of its own. If a worker of this process has a slot for it, it starts at once.
    pub async fn enqueue_now<W, J: Job<W>>(&self, tenant: i64, job: &J) -> Result<Enqueued, EnqueueError> {
        let failed = |source| EnqueueError::Database { kind: J::NAME, source };
        let mut conn = self.pool().acquire().await.map_err(failed)?;
        self.enqueue_on(&mut conn, tenant, job).await
    }

    /// [`Client::enqueue_now`] on a connection that the caller has at hand, and that is not in a transaction.
    pub async fn enqueue_on<W, J: Job<W>>(
        &self,
        conn: &mut PoolConnection<Postgres>,
        tenant: i64,
        job: &J,
    ) -> Result<Enqueued, EnqueueError> {
        let put = self.put::<W, J>(job)?;
        if !put.is_plain() || J::POLICY.debounce.is_some() {
            let enqueued = self.enqueue(conn, tenant, job).await?;
            self.wake();
            return Ok(enqueued);
        }
        let kind = self.known_kind(conn, J::NAME).await?;
        let failed = |source| EnqueueError::Database { kind: J::NAME, source };
        let host = self.host().and_then(|host| host.reserve(kind).map(|worker| (host, worker)));
        let nudge = host.is_none() && self.nudge().take();
        let worker = host.as_ref().map(|(_, worker)| *worker);
        let queue = Queue { kind, tenant, priority: J::POLICY.priority };
        let started = self.put_plain(conn, queue, &put, worker, nudge).await;
        let (id, started) = match (started, host) {
            (Ok((id, Started::Here(claimed))), Some((host, _))) => {
                host.track(claimed.claim, 1);
                host.begin(vec![(*claimed, put.payload)]);
                return Ok(Enqueued { id, duplicate: false });
            }
            (started, host) => {
                if let Some((host, _)) = host {
                    host.release(kind);
                }
                started.map_err(failed)?
            }
        };
        match started {
            Started::Not if nudge => self.wake_here(),
            Started::Not => self.wake(),
            Started::Here(_) | Started::Elsewhere => {}
        }
        Ok(Enqueued { id, duplicate: false })
    }

    /// Writes many jobs of one type with one statement, in their order: all or none. They start as soon as workers are
    /// free; a debounce of the policy does not apply.
    pub async fn enqueue_all<W, J: Job<W>>(
        &self,
        conn: &mut PgConnection,
        tenant: i64,
        jobs: &[J],
    ) -> Result<Vec<Enqueued>, EnqueueError> {
        let puts = jobs
            .iter()
            .enumerate()
            .map(|(index, job)| {
                self.put::<W, J>(job).map_err(|source| EnqueueError::OfBatch { index, source: Box::new(source) })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if puts.is_empty() {
            return Ok(Vec::new());
        }
        let kind = self.known_kind(conn, J::NAME).await?;
        let rows = sqlx::query!(
            r#"select id as "id!", duplicate as "duplicate!"
               from holdfast.put_many($1, $2::text[]::json[], $3, $4, $5, $6, $7, $8, $9)"#,
            kind,
            &puts.iter().map(|put| put.payload.clone()).collect::<Vec<_>>(),
            tenant,
            &puts.iter().map(|put| put.key.clone()).collect::<Vec<_>>(),
            &puts.iter().map(|put| put.lane.clone()).collect::<Vec<_>>() as _,
            &puts.iter().map(|put| put.limit_key.clone()).collect::<Vec<_>>() as _,
            J::POLICY.priority,
            interval(J::POLICY.unique_for),
            self.trace(),
        )
        .fetch_all(conn)
        .await
        .map_err(|source| EnqueueError::Database { kind: J::NAME, source })?;
        Ok(rows.into_iter().map(|row| Enqueued { id: row.id, duplicate: row.duplicate }).collect())
    }

    /// A job with nothing to look up and nothing to queue for; `worker` has a slot for it.
    async fn put_plain(
        &self,
        conn: &mut PgConnection,
        queue: Queue,
        put: &Put,
        worker: Option<i64>,
        nudge: bool,
    ) -> sqlx::Result<(i64, Started)> {
        if worker.is_none() && self.is_in_a_rush() {
            return put.insert(conn, queue, nudge).await.map(|id| (id, Started::Not));
        }
        put.start(conn, queue, worker, nudge).await
    }

    fn put<W, J: Job<W>>(&self, job: &J) -> Result<Put, EnqueueError> {
        let put = Put {
            payload: wire::payload::<W, J>(job)?,
            key: job.key(),
            lane: job.lane(),
            limit_key: job.limit_key(),
            trace: self.trace().map(str::to_owned),
        };
        wire::check(J::NAME, "key", &put.key)?;
        wire::check(J::NAME, "lane", put.lane.as_deref().unwrap_or_default())?;
        wire::check(J::NAME, "limit key", put.limit_key.as_deref().unwrap_or_default())?;
        Ok(put)
    }

    async fn known_kind(&self, conn: &mut PgConnection, name: &'static str) -> Result<i16, EnqueueError> {
        self.kind(conn, name)
            .await
            .map_err(|source| EnqueueError::Database { kind: name, source })?
            .ok_or(EnqueueError::UnknownKind { kind: name })
    }
}

/// Where a job waits.
#[derive(Clone, Copy)]
struct Queue {
    kind: i16,
    tenant: i64,
    priority: i16,
}

/// A job as its row will have it.
struct Put {
    payload: String,
    key: String,
    lane: Option<String>,
    limit_key: Option<String>,
    trace: Option<String>,
}

impl Put {
    /// Nothing to look up, nothing to queue for.
    fn is_plain(&self) -> bool {
        self.key.is_empty() && self.lane.is_none()
    }

    async fn insert(&self, conn: &mut PgConnection, queue: Queue, nudge: bool) -> sqlx::Result<i64> {
        sqlx::query_scalar!(
            r#"with fresh as materialized (select holdfast.next_id() as id, case when $6 then pg_notify('holdfast', '') end),
                    put as (insert into holdfast.job (id, kind, priority, tenant, root, payload, limit_key, trace)
                              select f.id, $1, $2, $3, f.id, $4::text::json, $5, $7 from fresh f)
               insert into holdfast.ready (id, rank, tenant, kind, priority) select f.id, f.id, $3, $1, $2 from fresh f returning id"#,
            queue.kind,
            queue.priority,
            queue.tenant,
            self.payload,
            self.limit_key,
            nudge,
            self.trace,
        )
        .fetch_one(conn)
        .await
    }

    /// In a claim of this worker, unless others of its kind wait; or of one that is idle and offered to start it.
    async fn start(
        &self,
        conn: &mut PgConnection,
        queue: Queue,
        worker: Option<i64>,
        nudge: bool,
    ) -> sqlx::Result<(i64, Started)> {
        let Queue { kind, tenant, priority } = queue;
        let row = sqlx::query!(
            r#"select id as "id!", claim, at from holdfast.put_now($1, $2::text::json, $3, $4, $5, $6, $7, $8)"#,
            kind,
            self.payload,
            tenant,
            priority,
            self.limit_key,
            self.trace,
            worker,
            nudge,
        )
        .fetch_one(conn)
        .await?;
        let (Some(claim), Some(at)) = (row.claim, row.at) else {
            return Ok((row.id, if row.claim.is_some() { Started::Elsewhere } else { Started::Not }));
        };
        let claimed = Claimed {
            claim,
            id: row.id,
            kind,
            attempts: 0,
            losses: 0,
            lane: None,
            tenant,
            root: row.id,
            parent: None,
            trace: self.trace.clone(),
            created_at: at,
            due_at: at,
            at,
            fetched: Instant::now(),
        };
        Ok((row.id, Started::Here(Box::new(claimed))))
    }
}

/// Whether a worker has the job already.
enum Started {
    Not,
    Here(Box<Claimed>),
    Elsewhere,
}
