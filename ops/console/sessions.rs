//! Who is signed in, remembered for a moment: pages that look again by themselves must not cost a query for each tab.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use domain::staff::session::{self, Signed};
use sqlx::PgConnection;

use super::Console;

/// How long a page that looks again by itself may go on after its session was ended in another process.
const REMEMBERED: Duration = Duration::from_secs(45);
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
        seen.get(token).filter(|(at, _)| at.elapsed() < REMEMBERED).map(|(_, signed)| signed.clone())
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
