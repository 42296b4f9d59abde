//! Writing down how attempts ended: completions in batches, the rest one by one.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    Client,
    cx::Run,
    waiters::{Ended, Waiters},
    wire,
};

/// Completions written at one time.
const BATCH: usize = 500;
/// Wait between tries while the database does not answer.
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) const COMPLETED: i16 = 0;
pub(crate) const DEAD: i16 = 1;
pub(crate) const CANCELLED: i16 = 2;

/// A job that ended.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    pub claim: i64,
    pub id: i64,
    pub kind: i16,
    pub tenant: i64,
    pub attempts: i16,
    pub outcome: i16,
    pub output: Option<Box<RawValue>>,
    pub started_at: DateTime<Utc>,
    pub lane: Option<i64>,
    pub is_step: bool,
    /// Of the last attempt, where the job did not complete.
    pub ending: Option<&'static str>,
    pub error: Option<String>,
}

impl Finished {
    pub fn completed(run: &Run, output: Box<RawValue>) -> Self {
        let job = &run.claimed;
        Self {
            claim: job.claim,
            id: job.id,
            kind: job.kind,
            tenant: job.tenant,
            attempts: job.attempts.saturating_add(1),
            outcome: COMPLETED,
            output: Some(output),
            started_at: run.started_at,
            lane: job.lane,
            is_step: job.parent.is_some(),
            ending: None,
            error: None,
        }
    }

    pub fn ended(run: &Run, outcome: i16, ending: &'static str, error: &str) -> Self {
        let error = wire::error(error);
        let output = serde_json::value::to_raw_value(&serde_json::json!({ "error": error })).ok();
        Self {
            outcome,
            output,
            ending: Some(ending),
            error: Some(error),
            ..Self::completed(run, RawValue::NULL.to_owned())
        }
    }
}

enum Message {
    Finished(Finished, oneshot::Sender<bool>),
    Emptied,
}

/// The way to the one task that writes completions.
pub(crate) struct Settler {
    queue: mpsc::UnboundedSender<Message>,
    claims: Arc<Claims>,
    waiters: Arc<Waiters>,
}

impl Settler {
    /// The task runs until the settler is dropped and everything is written.
    pub fn start(client: &Client, worker: i64, waiters: Arc<Waiters>) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, messages) = mpsc::unbounded_channel();
        let claims = Arc::new(Claims::default());
        let task = tokio::spawn(write_batches(
            client.pool().clone(),
            worker,
            messages,
            claims.clone(),
            waiters.clone(),
            client.local_wake(),
        ));
        (Self { queue, claims, waiters }, task)
    }

    /// The claim's jobs are about to start.
    pub fn track(&self, claim: i64, jobs: usize) {
        self.claims.open(claim, jobs);
    }

    /// Claims that this worker knows it has.
    pub fn known(&self) -> Vec<i64> {
        self.claims.known()
    }

    /// True once the end is committed; false: the job was not ours any more.
    pub async fn finish(&self, finished: Finished) -> bool {
        let (sender, written) = oneshot::channel();
        if self.queue.send(Message::Finished(finished, sender)).is_err() {
            return false;
        }
        written.await.unwrap_or(false)
    }

    /// The job was completed by its handler's own transaction.
    pub fn settled_elsewhere(&self, done: &Finished) {
        if done.is_step {
            self.waiters.ended(done.id, Ended { outcome: done.outcome, output: done.output.clone() });
        }
        self.given_back(done.claim);
    }

    /// The job left its claim by another way.
    pub fn given_back(&self, claim: i64) {
        if self.claims.leave(claim) {
            // When the writer has gone, so has the session; the claim is swept with its worker.
            let _ = self.queue.send(Message::Emptied);
        }
    }
}

/// How many jobs each claim has left, and claims that nothing is left of.
#[derive(Default)]
struct Claims(Mutex<(HashMap<i64, usize>, Vec<i64>)>);

impl Claims {
    fn open(&self, claim: i64, jobs: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.insert(claim, jobs);
    }

    /// True when it was the last one.
    fn leave(&self, claim: i64) -> bool {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (open, emptied) = &mut *inner;
        let Some(left) = open.get_mut(&claim) else { return false };
        *left -= 1;
        let last = *left == 0;
        if last {
            open.remove(&claim);
            emptied.push(claim);
        }
        last
    }

    fn known(&self) -> Vec<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.keys().copied().collect()
    }

    fn take_emptied(&self) -> Vec<i64> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).1)
    }
}

async fn write_batches(
    pool: PgPool,
    worker: i64,
    mut messages: mpsc::UnboundedReceiver<Message>,
    claims: Arc<Claims>,
    waiters: Arc<Waiters>,
    fetcher: Arc<Notify>,
) {
    let mut buffer = Vec::with_capacity(BATCH);
    while messages.recv_many(&mut buffer, BATCH).await > 0 {
        let (batch, answers): (Vec<_>, Vec<_>) = buffer
            .drain(..)
            .filter_map(|message| match message {
                Message::Finished(finished, answer) => Some((finished, answer)),
                Message::Emptied => None,
            })
            .unzip();
        for finished in &batch {
            claims.leave(finished.claim);
        }
        let written = write(&pool, worker, &batch, &claims.take_emptied()).await;
        if written.more {
            fetcher.notify_one();
        }
        for (finished, answer) in batch.into_iter().zip(answers) {
            let ours = written.ids.contains(&finished.id);
            if ours && finished.is_step {
                waiters.ended(finished.id, Ended { outcome: finished.outcome, output: finished.output });
            }
            // An attempt that nobody waits for any more has ended all the same.
            let _ = answer.send(ours);
        }
    }
}

async fn write(pool: &PgPool, worker: i64, batch: &[Finished], emptied: &[i64]) -> Written {
    let mut again = false;
    loop {
        let written = async { finish(&mut *pool.acquire().await?, worker, batch, emptied, again).await }.await;
        match written {
            // A batch of a second try may have been written by the first.
            Ok(_) if again => return Written { ids: batch.iter().map(|finished| finished.id).collect(), more: true },
            Ok(written) => return written,
            Err(error) => tracing::warn!(%error, jobs = batch.len(), "completions are not written yet, trying again"),
        }
        again = true;
        tokio::time::sleep(PAUSE).await;
    }
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Those that were still ours.
    pub ids: HashSet<i64>,
    /// Other jobs became ready: the next of a lane, or a workflow that had been laid aside.
    pub more: bool,
}

/// Writes ended jobs.
pub(crate) async fn finish(
    conn: &mut PgConnection,
    worker: i64,
    batch: &[Finished],
    emptied: &[i64],
    again: bool,
) -> sqlx::Result<Written> {
    fn column<T>(batch: &[Finished], field: impl Fn(&Finished) -> T) -> Vec<T> {
        batch.iter().map(field).collect()
    }
    let rows = sqlx::query!(
        r#"select id as "id!", more as "more!" from holdfast.finish($1, $2, $3, $4, $5, $6, $7::text[]::json[], $8, $9, $10, $11, $12, $13, $14, $15)"#,
        &column(batch, |f| f.claim),
        &column(batch, |f| f.id),
        &column(batch, |f| f.kind),
        &column(batch, |f| f.tenant),
        &column(batch, |f| f.attempts),
        &column(batch, |f| f.outcome),
        &column(batch, |f| f.output.as_ref().map(|raw| raw.get().to_owned())) as _,
        &column(batch, |f| f.started_at),
        &column(batch, |f| f.lane) as _,
        &column(batch, |f| f.is_step),
        &column(batch, |f| f.ending) as _,
        &column(batch, |f| f.error.clone()) as _,
        emptied,
        worker,
        again,
    )
    .fetch_all(conn)
    .await?;
    Ok(Written { more: rows.iter().any(|row| row.more), ids: rows.into_iter().map(|row| row.id).collect() })
}
