//! Long attempts: heartbeats, what they have done so far, and whether they are still wanted.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::CancellationToken;

use crate::{Cx, Outcome, Stop, wire};

/// Heartbeats are written down no more often than this.
const WRITE: Duration = Duration::from_secs(1);

/// Signs of life of one attempt.
pub(crate) struct Pulse {
    beat: Mutex<(Instant, Option<Instant>)>,
    pub cancelled: CancellationToken,
    undoing: AtomicBool,
    /// A cancelled workflow waits for the end of its steps.
    tidying: AtomicBool,
    /// Sagas with steps that were neither closed nor undone.
    sagas: AtomicUsize,
}

impl Pulse {
    pub fn new(cancelled: CancellationToken) -> Self {
        Self {
            beat: Mutex::new((Instant::now(), None)),
            cancelled,
            undoing: AtomicBool::new(false),
            tidying: AtomicBool::new(false),
            sagas: AtomicUsize::new(0),
        }
    }

    /// Notes a beat; true when it is time to write one down.
    fn beat(&self) -> bool {
        let mut beat = self.beat.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        beat.0 = now;
        let due = beat.1.is_none_or(|written| now - written >= WRITE);
        if due {
            beat.1 = Some(now);
        }
        due
    }

    /// Ends when there was no beat for this long.
    pub async fn silence(&self, longest: Option<Duration>) {
        let Some(longest) = longest else { return std::future::pending().await };
        loop {
            let last = self.beat.lock().unwrap_or_else(PoisonError::into_inner).0;
            let Some(left) = longest.checked_sub(last.elapsed()) else { return };
            tokio::time::sleep(left + Duration::from_millis(1)).await;
        }
    }

    /// Ends when the attempt has been cancelled for this long, and is not busy with its end.
    pub async fn overdue(&self, grace: Duration) {
        self.cancelled.cancelled().await;
        tokio::time::sleep(grace).await;
        while self.undoing.load(Ordering::Relaxed) || self.tidying.load(Ordering::Relaxed) {
            tokio::time::sleep(grace).await;
        }
    }

    /// There are steps that have to be undone first when the job ends without an output.
    pub fn has_to_undo(&self) -> bool {
        self.undoing.load(Ordering::Relaxed) || self.sagas.load(Ordering::Relaxed) > 0
    }

    pub fn open_saga(&self) {
        self.sagas.fetch_add(1, Ordering::Relaxed);
    }

    pub fn close_saga(&self) {
        self.sagas.fetch_sub(1, Ordering::Relaxed);
    }

    pub fn is_undoing(&self) -> bool {
        self.undoing.load(Ordering::Relaxed)
    }

    pub fn set_undoing(&self, undoing: bool) {
        self.undoing.store(undoing, Ordering::Relaxed);
    }

    pub fn set_tidying(&self, tidying: bool) {
        self.tidying.store(tidying, Ordering::Relaxed);
    }
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    /// Says that the attempt goes on, and what it has done so far: the next attempt gets it from [`Cx::progress`],
    /// whatever becomes of this one. Ends the attempt when it is not wanted or not ours any more.
    pub async fn heartbeat<T: Serialize + Sync>(&self, progress: &T) -> Outcome<()> {
        self.go_on()?;
        if !self.run.pulse.beat() {
            return Ok(());
        }
        let data = wire::output(progress)?;
        let ours = sqlx::query_scalar!(
            r#"select holdfast.note_progress($1, $2, $3::text::json) as "ours!""#,
            self.run.claimed.claim,
            self.id(),
            data.get()
        )
        .fetch_one(self.pool())
        .await?;
        if ours { Ok(()) } else { Err(Stop::Fenced) }
    }

    /// What the latest heartbeat of any attempt said.
    pub async fn progress<T: DeserializeOwned>(&self) -> Outcome<Option<T>> {
        let row =
            sqlx::query_scalar!(r#"select data::text as "data!" from holdfast.progress where job = $1"#, self.id())
                .fetch_optional(self.pool())
                .await?;
        row.map(|text| {
            serde_json::from_str(&text).map_err(|error| Stop::fail(format!("progress does not decode: {error}")))
        })
        .transpose()
    }

    /// Ends when somebody wants the job to end. A few seconds later the attempt is dropped.
    pub async fn cancelled(&self) {
        self.run.pulse.cancelled.cancelled().await;
    }

    /// Whether somebody wants the job to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.run.pulse.cancelled.is_cancelled() && !self.run.pulse.undoing.load(Ordering::Relaxed)
    }

    /// An error when the job is to end.
    pub(crate) fn go_on(&self) -> Outcome<()> {
        if self.is_cancelled() { Err(self.cancelled_stop()) } else { Ok(()) }
    }

    pub(crate) fn cancelled_stop(&self) -> Stop {
        Stop::Cancel(self.core.cancels.reason(self.id()))
    }

    /// Like [`Cx::cancelled`], but never while a saga undoes its steps.
    pub(crate) async fn cancelled_while_going(&self) {
        if self.run.pulse.undoing.load(Ordering::Relaxed) {
            return std::future::pending().await;
        }
        self.cancelled().await;
    }

    /// Whether no attempt comes after this one, should it fail and ask for this wait.
    pub(crate) fn is_last_attempt(&self, after: Option<Duration>) -> bool {
        let Some(kind) = self.core.registry.get(self.run.claimed.kind) else { return true };
        let delay = kind.policy.delay(self.attempt(), self.id(), after);
        self.attempt() >= kind.policy.attempts || self.run.ends_within(&kind.policy, delay)
    }
}
