//! Writing down how attempts ended: completions in batches, the rest one by one.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    Client,
    client::Host,
    finish::{Finished, Written, finish},
    link::Link,
    waiters::{Ended, Waiters},
};

/// Completions written at one time.
const BATCH: usize = 500;
/// Ends that may wait to be written before nothing new is fetched.
const MOST_UNWRITTEN: usize = 4 * BATCH;
/// Wait between tries while the database does not answer.
const PAUSE: Duration = Duration::from_millis(200);

enum Message {
    Finished(Finished, oneshot::Sender<bool>),
    Emptied,
}

/// The way to the one task that writes completions.
pub(crate) struct Settler {
    queue: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
}

struct Shared {
    claims: Claims,
    waiters: Arc<Waiters>,
    unwritten: AtomicUsize,
    /// The worker, for jobs that take over a lane.
    host: OnceLock<Weak<dyn Host>>,
}

impl Settler {
    /// The task runs until the settler is dropped and everything is written.
    pub fn start(
        client: &Client,
        link: Link,
        worker: i64,
        waiters: Arc<Waiters>,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, messages) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            claims: Claims::default(),
            waiters,
            unwritten: AtomicUsize::new(0),
            host: OnceLock::new(),
        });
        let writer = Writer { link, worker, shared: shared.clone(), fetcher: client.local_wake() };
        (Self { queue, shared }, tokio::spawn(writer.run(messages)))
    }

    /// Where jobs that take over a lane start.
    pub fn set_host(&self, host: Weak<dyn Host>) {
        // Set once, by the session that has just made it.
        let _ = self.shared.host.set(host);
    }

    /// Whether so many ends are not written yet that nothing new should start.
    pub fn is_behind(&self) -> bool {
        self.shared.unwritten.load(Ordering::Relaxed) > MOST_UNWRITTEN
    }

    /// The claim's jobs are about to start.
    pub fn track(&self, claim: i64, jobs: usize) {
        self.shared.claims.open(claim, jobs);
    }

    /// Claims that this worker knows it has.
    pub fn known(&self) -> Vec<i64> {
        self.shared.claims.known()
    }

    /// True once the end is committed; false: the job was not ours any more.
    pub async fn finish(&self, finished: Finished) -> bool {
        let (sender, written) = oneshot::channel();
        self.shared.unwritten.fetch_add(1, Ordering::Relaxed);
        if self.queue.send(Message::Finished(finished, sender)).is_err() {
            return false;
        }
        written.await.unwrap_or(false)
    }

    /// The job was completed by its handler's own transaction.
    pub fn settled_elsewhere(&self, done: &Finished) {
        if done.is_step {
            self.shared.waiters.ended(done.id, Ended { outcome: done.outcome, output: done.output.clone() });
        }
        self.given_back(done.claim);
    }

    /// The job left its claim by another way.
    pub fn given_back(&self, claim: i64) {
        if self.shared.claims.leave(claim) {
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

/// The one task that writes completions.
struct Writer {
    link: Link,
    worker: i64,
    shared: Arc<Shared>,
    fetcher: Arc<Notify>,
}

impl Writer {
    async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) {
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
                self.shared.claims.leave(finished.claim);
            }
            let lost = self.write(&batch).await;
            self.shared.unwritten.fetch_sub(batch.len(), Ordering::Relaxed);
            for (finished, answer) in batch.into_iter().zip(answers) {
                let ours = !lost.contains(&finished.id);
                if ours && finished.is_step {
                    self.shared
                        .waiters
                        .ended(finished.id, Ended { outcome: finished.outcome, output: finished.output });
                }
                // An attempt that nobody waits for any more has ended all the same.
                let _ = answer.send(ours);
            }
        }
    }

    async fn finish(
        &mut self,
        batch: &[Finished],
        emptied: &[i64],
        again: bool,
        kept: &[i16],
    ) -> sqlx::Result<Written> {
        let mut conn = self.link.take().await?;
        let written = finish(&mut conn, self.worker, batch, emptied, again, kept).await?;
        self.link.keep(conn);
        Ok(written)
    }

    /// Writes until the database has it; returns those that were not ours.
    async fn write(&mut self, batch: &[Finished]) -> Vec<i64> {
        let emptied = self.shared.claims.take_emptied();
        let mut again = false;
        loop {
            let host = self.shared.host.get().and_then(Weak::upgrade);
            let kept = host.as_ref().map(|host| keep_slots(host.as_ref(), batch)).unwrap_or_default();
            let written = self.finish(batch, &emptied, again, &kept).await;
            if let Some(host) = host {
                hand_over(host, &kept, written.as_ref().ok(), self);
            }
            match written {
                Ok(written) => {
                    if written.more || again {
                        self.fetcher.notify_one();
                    }
                    // A batch of a second try may have been written by the first.
                    return if again { Vec::new() } else { written.lost };
                }
                Err(error) => {
                    tracing::warn!(%error, jobs = batch.len(), "completions are not written yet, trying again");
                }
            }
            again = true;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// One slot for each job that may take over a lane: of the type of the one that leaves it.
fn keep_slots(host: &dyn Host, batch: &[Finished]) -> Vec<i16> {
    batch
        .iter()
        .filter(|done| done.lane.is_some())
        .map(|done| done.kind)
        .filter(|kind| host.reserve(*kind).is_some())
        .collect()
}

fn hand_over(host: Arc<dyn Host>, kept: &[i16], written: Option<&Written>, writer: &Writer) {
    let mut unused = kept.to_vec();
    let jobs = written.map(|written| written.handed.clone()).unwrap_or_default();
    for (job, _) in &jobs {
        if let Some(at) = unused.iter().position(|kind| *kind == job.kind) {
            unused.swap_remove(at);
        }
    }
    for kind in unused {
        host.release(kind);
    }
    if let Some((first, _)) = jobs.first() {
        writer.shared.claims.open(first.claim, jobs.len());
        host.begin(jobs);
    }
}
