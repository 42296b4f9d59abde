//! How a worker proves that it lives.
//!
//! It beats once a second, and it holds an advisory lock on a connection of its own: when the process dies, the
//! server sees the connection close at once, and others need not wait for the beats to become old. The same
//! connection listens for nudges of other processes.

use std::time::{Duration, Instant};

use sqlx::{PgPool, postgres::PgListener};
use tokio_util::sync::CancellationToken;

use crate::{Client, client::CHANNEL};

/// Between beats.
const BEAT: Duration = Duration::from_secs(1);
/// Between tries to listen again.
const PAUSE: Duration = Duration::from_millis(200);
/// Without a beat for this long a worker is dead, whatever its connection does.
pub(crate) const SILENT: Duration = Duration::from_secs(8);
/// Without a beat for this long, and without its connection, a worker is dead.
pub(crate) const GONE: Duration = Duration::from_millis(2500);
/// The first of the two numbers of the lock ("HOLD"); the second is the worker's id. `holdfast.rescue` knows both.
const LOCK: i32 = 0x484f_4c44;

/// A registered worker.
pub(crate) struct Lifeline {
    pub worker: i64,
    listener: PgListener,
    locked: bool,
}

/// What the session and its lifeline tell each other.
pub(crate) struct Signs {
    pub draining: CancellationToken,
    /// Others think that we are dead, or we cannot tell.
    pub given_up: CancellationToken,
    /// The session is over.
    pub ending: CancellationToken,
}

impl Lifeline {
    pub async fn register(pool: &PgPool) -> sqlx::Result<Self> {
        let name = format!("{}:{}", hostname(), std::process::id());
        let worker = sqlx::query_scalar!(
            "insert into holdfast.worker (name, version) values ($1, $2) returning id",
            name,
            env!("CARGO_PKG_VERSION")
        )
        .fetch_one(pool)
        .await?;
        let mut lifeline = Self { worker, listener: PgListener::connect_with(pool).await?, locked: false };
        lifeline.listener.ignore_pool_close_event(true);
        lifeline.listener.listen(CHANNEL).await?;
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
                    self.nudged(nudge, &client).await;
                    continue;
                }
                _ = next.tick() => match self.renew(&client).await {
                    Ok(true) => {
                        heard = Instant::now();
                        continue;
                    }
                    Ok(false) => "others have taken its jobs over".to_owned(),
                    Err(error) => error.to_string(),
                },
            };
            tracing::warn!(worker = self.worker, reason = gone, "missed a beat");
            if heard.elapsed() > SILENT || gone.starts_with("others") {
                tracing::error!(worker = self.worker, "this worker counts as dead: it stops what runs and starts anew");
                signs.given_up.cancel();
                signs.draining.cancel();
                return self;
            }
        }
    }

    async fn nudged(&mut self, nudge: sqlx::Result<Option<sqlx::postgres::PgNotification>>, client: &Client) {
        client.wake_here();
        if !matches!(nudge, Ok(Some(_))) {
            // The connection was lost. The listener makes it again; the lock is taken again with the next beat.
            self.locked = false;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn renew(&mut self, client: &Client) -> sqlx::Result<bool> {
        if !self.locked
            && let Err(error) = self.lock().await
        {
            tracing::warn!(%error, worker = self.worker, "the worker's lock is not held");
        }
        let others = sqlx::query_scalar!(
            r#"with beat as (update holdfast.worker set beat_at = clock_timestamp() where id = $1 returning id)
               select (select count(*) from holdfast.worker) - 1 as "others!" from beat"#,
            self.worker,
        )
        .fetch_optional(client.pool())
        .await?;
        client.set_others(others.is_some_and(|others| others > 0));
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

fn hostname() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "localhost".to_owned(), |name| name.trim().to_owned())
}
