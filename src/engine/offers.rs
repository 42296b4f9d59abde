//! An idle worker offers to start what comes: whoever enqueues a job puts it into a claim of that worker, and a
//! notification tells it all of the job. One commit lies between an enqueue and its start then, not two.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{client::Host, finish::Handed, link::Link, session::Core};

/// What was told is remembered for at least so long.
const MEMORY: Duration = Duration::from_secs(10);

/// Claims that came by an offer. A notification may be lost with its connection, or late: each starts once, whether it
/// was told or found.
#[derive(Default)]
pub(crate) struct Arrivals(Mutex<HashMap<i64, Instant>>);

impl Arrivals {
    /// True the first time.
    pub fn note(&self, claim: i64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(claim, Instant::now()).is_none()
    }

    /// Forgets those that have gone; `left` are the others. Returns those of them that nobody has told of.
    fn missing(&self, left: &[i64]) -> Vec<i64> {
        let mut arrived = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.retain(|claim, at| left.contains(claim) || at.elapsed() < MEMORY);
        left.iter().copied().filter(|claim| !arrived.contains_key(claim)).collect()
    }
}

/// Offers what has free slots, and starts what was sent here without our hearing of it. Returns in how many seconds the
/// next scheduled job is due; none: not within the next one.
pub(crate) async fn rest<W: Clone + Send + Sync + 'static>(
    core: &Arc<Core<W>>,
    link: &mut Link,
) -> sqlx::Result<Option<f64>> {
    let mut conn = link.take().await?;
    let row = sqlx::query!("select due, sent from holdfast.rest($1, $2)", core.worker, &core.registry.idle())
        .fetch_one(&mut *conn)
        .await?;
    let missing = core.arrivals.missing(&row.sent.unwrap_or_default());
    if !missing.is_empty() {
        let told = sqlx::query_scalar!(r#"select t::text as "told!" from holdfast.tell($1) t"#, &missing)
            .fetch_all(&mut *conn)
            .await?;
        for job in told {
            core.clone().accept(Handed::read(&job)?);
        }
    }
    link.keep(conn);
    Ok(row.due)
}

/// Others get what comes now. If that cannot be told, what comes here waits for a slot.
pub(crate) async fn withdraw<W>(core: &Core<W>, link: &mut Link, offers: &mut bool) {
    if !std::mem::take(offers) {
        return;
    }
    let Ok(mut conn) = link.take().await else { return };
    let told = sqlx::query!("select holdfast.withdraw($1)", core.worker).execute(&mut *conn).await;
    match told {
        Ok(_) => link.keep(conn),
        Err(error) => tracing::debug!(%error, "jobs may still be sent here"),
    }
}
