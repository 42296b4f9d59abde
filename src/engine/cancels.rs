//! Jobs that somebody wants to end while they run here.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// Running jobs with their tokens, and what the database asks to end.
#[derive(Default)]
pub(crate) struct Cancels(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    running: HashMap<i64, CancellationToken>,
    asked: HashMap<i64, String>,
}

impl Cancels {
    /// The job starts; its token is cancelled already if that was asked for before.
    pub fn enter(&self, job: i64) -> CancellationToken {
        let token = CancellationToken::new();
        let mut inner = self.lock();
        if inner.asked.contains_key(&job) {
            token.cancel();
        }
        inner.running.insert(job, token.clone());
        token
    }

    /// Whether the job was to end, by the latest look.
    pub fn is_asked(&self, job: i64) -> bool {
        self.lock().asked.contains_key(&job)
    }

    pub fn leave(&self, job: i64) {
        self.lock().running.remove(&job);
    }

    /// Why the job is to end.
    pub fn reason(&self, job: i64) -> String {
        self.lock().asked.get(&job).cloned().unwrap_or_else(|| "cancelled".to_owned())
    }

    /// Looks what is asked for.
    pub async fn refresh(&self, pool: &PgPool) -> sqlx::Result<()> {
        let rows = sqlx::query!("select job, reason from holdfast.cancellation").fetch_all(pool).await?;
        let mut inner = self.lock();
        inner.asked = rows.into_iter().map(|row| (row.job, row.reason)).collect();
        inner.asked.keys().filter_map(|job| inner.running.get(job)).for_each(CancellationToken::cancel);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
