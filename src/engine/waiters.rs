//! Workflows of this process that wait in memory for a step of this process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::value::RawValue;
use sqlx::PgPool;
use tokio::sync::oneshot;

/// How long a result is kept for a workflow that has not asked yet.
const KEEP: Duration = Duration::from_secs(10);
/// Steps that take longer may be running elsewhere: the database is asked for them, this often.
const LOOK: Duration = Duration::from_millis(250);
/// Steps asked for at one time.
const MOST: usize = 500;

/// How a child ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub outcome: i16,
    pub output: Option<Box<RawValue>>,
}

/// A shortcut only: whoever misses a result here finds it in the database.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: HashMap<i64, (Instant, Vec<oneshot::Sender<Ended>>)>,
    early: HashMap<i64, (Instant, Ended)>,
    swept: Option<Instant>,
}

impl Waiters {
    /// Waits for this child. Dropping the receiver is fine.
    pub fn wait_for(&self, child: i64) -> oneshot::Receiver<Ended> {
        let (sender, receiver) = oneshot::channel();
        let mut inner = self.lock();
        if let Some((_, ended)) = inner.early.remove(&child) {
            // The receiver is in our hand, so sending cannot fail.
            let _ = sender.send(ended);
        } else {
            inner.waiting.entry(child).or_insert_with(|| (Instant::now(), Vec::new())).1.push(sender);
        }
        receiver
    }

    /// A step ended, committed.
    pub fn ended(&self, child: i64, ended: Ended) {
        let mut inner = self.lock();
        inner.sweep();
        match inner.waiting.remove(&child) {
            Some((_, senders)) => senders.into_iter().for_each(|sender| drop(sender.send(ended.clone()))),
            None => drop(inner.early.insert(child, (Instant::now(), ended))),
        }
    }

    /// Steps that somebody has waited for longer than this.
    fn longer_than(&self, wait: Duration) -> Vec<i64> {
        let inner = self.lock();
        let open = |senders: &[oneshot::Sender<Ended>]| senders.iter().any(|sender| !sender.is_closed());
        let late = inner.waiting.iter().filter(|(_, (since, senders))| since.elapsed() > wait && open(senders));
        late.map(|(child, _)| *child).take(MOST).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn sweep(&mut self) {
        let now = Instant::now();
        if self.swept.is_some_and(|swept| now - swept < KEEP) {
            return;
        }
        self.swept = Some(now);
        self.early.retain(|_, (at, _)| now - *at < KEEP);
        self.waiting.retain(|_, (_, senders)| senders.iter().any(|sender| !sender.is_closed()));
    }
}

/// Finds steps that ended in other processes, or by hand. Runs until it is dropped.
pub(crate) async fn look_around(waiters: Arc<Waiters>, pool: PgPool) {
    loop {
        tokio::time::sleep(LOOK).await;
        let late = waiters.longer_than(LOOK);
        if late.is_empty() {
            continue;
        }
        let rows =
            sqlx::query!("select id, outcome, output::text as output from holdfast.done where id = any($1)", &late)
                .fetch_all(&pool)
                .await;
        // A workflow that hears nothing is laid aside, and looks itself when it continues.
        for row in rows.unwrap_or_default() {
            if let Ok(ended) = Ended::read(row.outcome, row.output) {
                waiters.ended(row.id, ended);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_result_is_met_before_and_after_it_is_asked_for() {
        let waiters = Waiters::default();
        waiters.ended(1, Ended { outcome: 0, output: None });
        assert_eq!(waiters.wait_for(1).await.unwrap().outcome, 0);
        let second = waiters.wait_for(2);
        waiters.ended(2, Ended { outcome: 1, output: None });
        assert_eq!(second.await.unwrap().outcome, 1);
    }
}
