//! Erases what jobs carried of a customer.

use adapters::World;
use domain::{
    ErasureId,
    privacy::{self, Counts},
};
use engine::{
    Job, Outcome, Policy,
    erasure::{self, Marks},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Cx, on_behalf::begin};

/// Turns at one time.
const TURNS: usize = 100;
/// Jobs looked at in one statement.
const BATCH: i32 = 2000;

/// Blanks the arguments, results and errors of their turns and of all that came of those; then of every other job that
/// names them. That they ran, and why, stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScrubJobs {
    /// Of whom.
    pub erasure: ErasureId,
}

impl Job<World> for ScrubJobs {
    const NAME: &'static str = "scrub_jobs";
    const POLICY: Policy = crate::LONG;
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let known: Option<i64> = cx.progress().await?;
        let mut after = match known {
            Some(after) => after,
            None => self.turns(&cx).await?,
        };
        loop {
            let mut tx = begin(&cx).await?;
            cx.fence(&mut tx).await?;
            let marks = privacy::marks(&mut tx, self.erasure).await?;
            let words = marks.everywhere();
            let marks = Marks { words: &words, tokens: &marks.tokens };
            let look = erasure::mentions(&mut tx, cx.tenant(), marks, after, BATCH).await?;
            self.erase(&mut tx, &look.found).await?;
            let Some(next) = look.next else { return cx.finish(tx, ()).await };
            tx.commit().await?;
            cx.heartbeat(&next).await?;
            after = next;
        }
    }
}

impl ScrubJobs {
    /// The jobs that are known to be about the customer. Returns where a search for others begins.
    async fn turns(&self, cx: &Cx) -> Outcome<i64> {
        let mut tx = begin(cx).await?;
        let thread = privacy::thread(&mut tx, self.erasure).await?;
        let since = privacy::erasure(&mut tx, self.erasure).await?.map(|erasure| erasure.since).unwrap_or_default();
        let first = erasure::id_before(&mut tx, since).await?;
        tx.commit().await?;
        for jobs in thread.jobs.chunks(TURNS) {
            let mut tx = begin(cx).await?;
            cx.fence(&mut tx).await?;
            self.erase(&mut tx, jobs).await?;
            tx.commit().await?;
        }
        Ok(first)
    }

    async fn erase(&self, conn: &mut PgConnection, jobs: &[i64]) -> sqlx::Result<()> {
        let erased = erasure::erase(conn, jobs).await?;
        if erased > 0 {
            privacy::count(conn, self.erasure, &Counts::from([("holdfast.job".to_owned(), erased)])).await?;
        }
        Ok(())
    }
}
