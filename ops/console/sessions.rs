//! Who is signed in, remembered for a moment: pages that look again by themselves must not cost a query for each tab.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::staff::{
    SessionId,
    session::{self, Signed},
};
use sqlx::{PgConnection, PgPool};

use super::Console;

/// How long a page that looks again by itself may go on after its session was ended in another process: as often all that
/// are remembered are looked up, in one statement.
pub(super) const REMEMBERED: Duration = Duration::from_secs(30);
/// More sessions than this are not remembered.
const MOST: usize = 4096;

/// The sessions that were seen a moment ago, by token.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, (Instant, Signed)>>);

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Instant, Signed)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, token: &str) -> Option<Signed> {
        let seen = self.lock();
        seen.get(token).filter(|(at, _)| at.elapsed() < REMEMBERED * 2).map(|(_, signed)| signed.clone())
    }

    fn remember(&self, token: &str, signed: &Signed) {
        let mut seen = self.lock();
        if seen.len() >= MOST {
            seen.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
        }
        if seen.len() < MOST {
            seen.insert(token.to_owned(), (Instant::now(), signed.clone()));
        }
    }

    /// Looks up all that are remembered, and forgets those that have ended.
    pub async fn look_up(&self, pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<()> {
        let known: Vec<SessionId> = {
            let mut seen = self.lock();
            seen.retain(|_, (at, _)| at.elapsed() < REMEMBERED * 2);
            seen.values().map(|(_, signed)| signed.session).collect()
        };
        if known.is_empty() {
            return Ok(());
        }
        let alive = session::alive(&mut *pool.acquire().await?, &known, now).await?;
        let mut seen = self.lock();
        seen.retain(|_, (_, signed)| alive.contains(&signed.session) || !known.contains(&signed.session));
        seen.values_mut()
            .filter(|(_, signed)| alive.contains(&signed.session))
            .for_each(|(at, _)| *at = Instant::now());
        Ok(())
    }

    /// Forgets everybody: somebody's session, role or password has changed.
    pub fn forget(&self) {
        self.lock().clear();
    }
}

/// Whose token it is. `again`: a page looks again by itself; a look a moment ago is enough, and it keeps no session awake.
pub(super) async fn signed(console: &Console, token: &str, again: bool) -> sqlx::Result<Option<Signed>> {
    let sessions = &console.0.sessions;
    if again && let Some(signed) = sessions.remembered(token) {
        return Ok(Some(signed));
    }
    let mut conn: sqlx::pool::PoolConnection<sqlx::Postgres> = console.pool.acquire().await?;
    let conn: &mut PgConnection = &mut conn;
    let now = console.clock.now();
    let found = if again { session::peek(conn, token, now).await? } else { session::find(conn, token, now).await? };
    if let Some(signed) = &found {
        sessions.remember(token, signed);
    }
    Ok(found)
}
