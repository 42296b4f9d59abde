//! How a worker proves that it lives.
//!
//! It beats once a second, and it holds an advisory lock on a connection of its own: when the process dies, the
//! server sees the connection close at once, and others need not wait for the beats to become old. The same
//! connection listens for nudges of other processes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    PgPool,
    postgres::{PgListener, PgNotification},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Client,
    cancels::Cancels,
    client::{CHANNEL, channel_of},
    finish::Handed,
};

/// Between beats.
const BEAT: Duration = Duration::from_secs(1);
/// The longest that a beat may wait for its answer.
const ANSWER: Duration = Duration::from_secs(3);
/// Between tries to listen again.
const PAUSE: Duration = Duration::from_millis(200);
/// Without a beat for this long a worker is dead, whatever its connection does.
pub(crate) const SILENT: Duration = Duration::from_secs(8);
/// Without a beat for this long, and without its connection, a worker is dead.
pub(crate) const GONE: Duration = Duration::from_millis(1500);
/// A nudge that says: some jobs are to end.
const CANCEL: &str = "cancel";
/// The first of the two numbers of the lock ("HOLD"); the second is the worker's id. `holdfast.rescue` knows both.
const LOCK: i32 = 0x484f_4c44;

/// A registered worker.
pub(crate) struct Lifeline {
    pub worker: i64,
    listener: PgListener,
    locked: bool,
}

/// Since when every beat of this worker has been written.
#[derive(Default)]
pub(crate) struct Health(Mutex<Option<Instant>>);

impl Health {
    /// Whether it has been well for this long.
    pub fn lasts_for(&self, length: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|since| since.elapsed() >= length)
    }

    fn note(&self, well: bool) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *since = if well { since.or_else(|| Some(Instant::now())) } else { None };
    }
}

/// What the session and its lifeline tell each other.
pub(crate) struct Signs {
    pub draining: CancellationToken,
    /// Others think that we are dead, or we cannot tell.
    pub given_up: CancellationToken,
    /// The session is over.
    pub ending: CancellationToken,
    pub cancels: Arc<Cancels>,
    pub health: Arc<Health>,
}

impl Lifeline {
    pub async fn register(pool: &PgPool, kinds: &[i16]) -> sqlx::Result<Self> {
        let name = format!("{}:{}", hostname(), std::process::id());
        let worker = sqlx::query_scalar!(
            "insert into holdfast.worker (name, version, kinds) values ($1, $2, $3) returning id",
            name,
            env!("CARGO_PKG_VERSION"),
            kinds
        )
        .fetch_one(pool)
        .await?;
        let mut lifeline = Self { worker, listener: PgListener::connect_with(pool).await?, locked: false };
        lifeline.listener.ignore_pool_close_event(true);
        lifeline.listener.listen_all([CHANNEL, &channel_of(worker)]).await?;
        lifeline.lock().await?;
        Ok(lifeline)
    }

    /// Never waits for the lock: a connection that was lost here may live on for a while there.
    async fn lock(&mut self) -> sqlx::Result<()> {
        let key = i32::try_from(self.worker % (1 << 31)).unwrap_or(0);
        self.locked = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1, $2) as "locked!""#, LOCK, key)
            .fetch_one(&mut self.listener)
            .await?;
        Ok(())
    }

    /// Beats until the session is over; gives up when the registration is gone or cannot be renewed in time.
    pub async fn beat(mut self, client: Client, signs: Signs) -> Self {
        let mut heard = Instant::now();
        let mut next = tokio::time::interval(BEAT);
        loop {
            let gone = tokio::select! {
                () = signs.ending.cancelled() => return self,
                nudge = self.listener.try_recv() => {
                    self.nudged(nudge, &client, &signs.cancels).await;
                    continue;
                }
                _ = next.tick() => match answered(self.renew(&client, signs.draining.is_cancelled())).await {
                    Ok(true) => {
                        heard = Instant::now();
                        signs.health.note(true);
                        refresh(&signs.cancels, &client).await;
                        continue;
                    }
                    Ok(false) => "others have taken its jobs over".to_owned(),
                    Err(error) => error.to_string(),
                },
            };
            tracing::warn!(worker = self.worker, reason = gone, "missed a beat");
            signs.health.note(false);
            next.reset_after(PAUSE);
            if heard.elapsed() > SILENT || gone.starts_with("others") {
                tracing::error!(worker = self.worker, "this worker counts as dead: it stops what runs and starts anew");
                signs.given_up.cancel();
                signs.draining.cancel();
                return self;
            }
        }
    }

    async fn nudged(&mut self, nudge: sqlx::Result<Option<PgNotification>>, client: &Client, cancels: &Cancels) {
        match &nudge {
            Ok(Some(nudge)) if nudge.channel() != CHANNEL => accept(client, nudge.payload()),
            _ => {}
        }
        client.wake_here();
        match nudge {
            Ok(Some(nudge)) if nudge.payload() == CANCEL => refresh(cancels, client).await,
            Ok(Some(_)) => {}
            _ => {
                // The connection was lost: the listener makes it again, and then the lock is to be taken again.
                self.locked = false;
                tokio::time::sleep(PAUSE).await;
                if let Err(error) = answered(self.lock()).await {
                    tracing::debug!(%error, "the worker's lock is taken with the next beat");
                }
            }
        }
    }

    async fn renew(&mut self, client: &Client, draining: bool) -> sqlx::Result<bool> {
        if !self.locked
            && let Err(error) = self.lock().await
        {
            tracing::warn!(%error, worker = self.worker, "the worker's lock is not held");
        }
        let others = sqlx::query_scalar!(
            r#"with beat as (update holdfast.worker set beat_at = clock_timestamp(), draining = $2 where id = $1 returning id)
               select (select count(*) from holdfast.worker) - 1 as "others!" from beat"#,
            self.worker,
            draining,
        )
        .fetch_optional(client.pool())
        .await?;
        client.nudge().set_others(others.is_some_and(|others| others > 0));
        Ok(others.is_some())
    }

    /// A clean end. Claims that are still open go to others as if we had died.
    pub async fn unregister(self, pool: &PgPool) {
        let gone = sqlx::query!("delete from holdfast.worker w where w.id = $1 and not exists (select from holdfast.claim c where c.worker = w.id)", self.worker)
            .execute(pool)
            .await;
        if let Err(error) = gone {
            tracing::warn!(%error, "the worker's registration stays until others clear it");
        }
    }
}

/// Starts a job that this worker offered to start.
fn accept(client: &Client, told: &str) {
    let Some(host) = client.host() else { return };
    match Handed::read(told) {
        Ok(job) => host.accept(job),
        Err(error) => tracing::warn!(%error, "a job that was sent here is looked up"),
    }
}

/// A connection whose packets get lost answers never; we have to know in time that we count as dead.
async fn answered<T>(query: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    tokio::time::timeout(ANSWER, query).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

async fn refresh(cancels: &Cancels, client: &Client) {
    if let Err(error) = answered(cancels.refresh(client.pool())).await {
        tracing::debug!(%error, "what is to be cancelled is looked up with the next beat");
    }
}

fn hostname() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "localhost".to_owned(), |name| name.trim().to_owned())
}
