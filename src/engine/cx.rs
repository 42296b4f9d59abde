//! What an attempt knows and may do.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::OnceCell;

use crate::{
    Outcome, Point, Policy, SignalError, Stop,
    finish::{Finished, finish},
    journal::Journal,
    progress::Pulse,
    registry::Claimed,
    session::Core,
    step::Awaiting,
    trace, wire,
};

/// The context of one attempt. Cheap to clone.
pub struct Cx<W> {
    /// What the job may use of the outside.
    pub world: W,
    pub(crate) core: Arc<Core<W>>,
    pub(crate) run: Arc<Run>,
}

impl<W: Clone> Clone for Cx<W> {
    fn clone(&self) -> Self {
        Self { world: self.world.clone(), core: self.core.clone(), run: self.run.clone() }
    }
}

/// The attempt itself.
pub(crate) struct Run {
    pub claimed: Claimed,
    pub started_at: DateTime<Utc>,
    /// The handler has committed the completion with its own transaction.
    pub settled: AtomicBool,
    /// Nothing that the handler still does counts any more. Held while the handler commits its completion.
    pub over: tokio::sync::Mutex<bool>,
    pub journal: OnceCell<Journal>,
    pub awaiting: Mutex<Awaiting>,
    pub pulse: Pulse,
}

impl Run {
    /// Whether the job's deadline comes before an attempt that starts after this wait.
    pub fn ends_within(&self, policy: &Policy, delay: Duration) -> bool {
        let span = |duration| TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        let over = policy.deadline.map(|deadline| self.claimed.created_at + span(deadline));
        over.is_some_and(|over| self.started_at + span(delay) > over)
    }
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    pub(crate) fn new(core: Arc<Core<W>>, claimed: Claimed) -> Self {
        let started_at = claimed.at + claimed.fetched.elapsed();
        let id = claimed.id;
        let run = Run {
            claimed,
            started_at,
            settled: AtomicBool::new(false),
            over: tokio::sync::Mutex::default(),
            journal: OnceCell::new(),
            awaiting: Mutex::default(),
            pulse: Pulse::new(core.cancels.enter(id)),
        };
        Self { world: core.world.clone(), core, run: Arc::new(run) }
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.run.claimed.id
    }

    /// The job that all this began with.
    #[must_use]
    pub fn root(&self) -> i64 {
        self.run.claimed.root
    }

    /// The workflow whose step this is.
    #[must_use]
    pub fn parent(&self) -> Option<i64> {
        self.run.claimed.parent
    }

    /// The tenant that the job was enqueued for.
    #[must_use]
    pub fn tenant(&self) -> i64 {
        self.run.claimed.tenant
    }

    /// 1 for the first attempt. Attempts that died with their worker are not counted.
    #[must_use]
    pub fn attempt(&self) -> u16 {
        u16::try_from(self.run.claimed.attempts).unwrap_or(0) + 1
    }

    /// When the attempt started, by the database's clock.
    #[must_use]
    pub fn started_at(&self) -> DateTime<Utc> {
        self.run.started_at
    }

    /// The W3C `traceparent` for what this job calls.
    #[must_use]
    pub fn traceparent(&self) -> String {
        trace::parent_of(&self.run.claimed)
    }

    /// Payloads that the debounce merged into this job after its own, oldest first.
    pub async fn merged<T: DeserializeOwned>(&self) -> Outcome<Vec<T>> {
        let rows = sqlx::query_scalar!(
            r#"select payload::text as "payload!" from holdfast.merged where job = $1 order by number"#,
            self.id()
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|text| {
                serde_json::from_str(text)
                    .map_err(|error| Stop::fail(format!("a merged payload does not decode: {error}")))
            })
            .collect()
    }

    /// Completes the job in the transaction of its own effect, and commits: both stand, or neither.
    ///
    /// Return what this returns. A job that was taken over meanwhile ends as [`Stop::Fenced`], with everything rolled back.
    pub async fn finish<T: Serialize>(&self, mut tx: Transaction<'_, Postgres>, output: T) -> Outcome<T> {
        let done = Finished::output(&self.run, wire::output(&output)?, &self.core.cancels);
        let over = self.run.over.lock().await;
        if *over {
            return Err(Stop::Fenced);
        }
        let written = finish(&mut tx, self.core.worker, std::slice::from_ref(&done), &[], false, &[]).await?;
        if !written.lost.is_empty() {
            return Err(Stop::Fenced);
        }
        self.strike(Point::BeforeCommit)?;
        tx.commit().await?;
        self.run.settled.store(true, Ordering::Release);
        drop(over);
        self.core.settler.settled_elsewhere(&done);
        if written.more {
            self.core.client.wake();
        }
        Ok(output)
    }

    /// Gives another workflow of this tenant a signal, at once and by itself: like every effect of a job it may be given
    /// again, and the first one with an `id` wins.
    pub async fn signal<T: Serialize + Sync>(
        &self,
        workflow: i64,
        name: &str,
        id: &str,
        payload: &T,
    ) -> Outcome<Result<(), SignalError>> {
        let mut conn = self.pool().acquire().await?;
        let given = self.core.client.signal(&mut conn, self.tenant(), workflow, name, id, payload).await?;
        self.core.client.wake();
        Ok(given)
    }

    /// Fails with [`Stop::Fenced`] when another worker owns the job by now. Within a transaction the answer holds
    /// until its end.
    pub async fn fence(&self, conn: &mut sqlx::PgConnection) -> Outcome<()> {
        let owned = sqlx::query_scalar!(
            r#"select true as "owned!" from holdfast.claim where id = $1 and $2 = any(ids) for key share"#,
            self.run.claimed.claim,
            self.id(),
        )
        .fetch_optional(conn)
        .await?;
        if owned.is_some() { Ok(()) } else { Err(Stop::Fenced) }
    }

    pub(crate) fn strike(&self, point: Point) -> Outcome<()> {
        let Some(kind) = self.core.registry.get(self.run.claimed.kind) else { return Ok(()) };
        self.core.sabotage.strike(kind.name, self.attempt(), point)
    }

    pub(crate) fn pool(&self) -> &PgPool {
        self.core.client.pool()
    }
}
