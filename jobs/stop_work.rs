//! Ends what is under way for a customer who is to be forgotten.

use adapters::World;
use domain::{
    ErasureId,
    privacy::{self, Thread},
};
use engine::{
    Job, Outcome, Policy,
    erasure::{self, Marks, Sought},
    operate,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Cx, on_behalf::begin};

/// Cancels the turns of their conversations, and whatever else works for them by name. What is just being sent ends by
/// itself: there is no address any more.
#[derive(Debug, Serialize, Deserialize)]
pub struct StopWork {
    /// Of whom.
    pub erasure: ErasureId,
}

impl Job<World> for StopWork {
    const NAME: &'static str = "stop_work";
    const POLICY: Policy = crate::LOCAL;
    /// How many jobs are still to end.
    type Output = usize;

    async fn run(self, cx: Cx) -> Outcome<usize> {
        let mut tx = begin(&cx).await?;
        privacy::collect(&mut tx, self.erasure).await?;
        let thread = privacy::thread(&mut tx, self.erasure).await?;
        let open = open(&cx, &mut tx, &thread, &thread.jobs).await?;
        let theirs = open_by_name(&cx, &mut tx, &thread).await?;
        let unwanted: Vec<i64> =
            open.iter().copied().filter(|job| theirs.contains(job) || !thread.jobs.contains(job)).collect();
        operate::cancel(&mut tx, &unwanted, "the customer is to be erased").await?;
        cx.finish(tx, open.len()).await
    }
}

/// Of turns that were taken up and messages that were planned, those whose jobs go on; and all that name the customer.
async fn open(cx: &Cx, conn: &mut PgConnection, thread: &Thread, jobs: &[i64]) -> sqlx::Result<Vec<i64>> {
    let words = thread.marks.everywhere();
    let sought = Sought {
        tenant: cx.tenant(),
        jobs,
        marks: Marks { words: &words, tokens: &thread.marks.tokens },
        pattern: &pattern(thread),
        but_root: cx.root(),
    };
    erasure::open_jobs(conn, sought).await
}

async fn open_by_name(cx: &Cx, conn: &mut PgConnection, thread: &Thread) -> sqlx::Result<Vec<i64>> {
    open(cx, conn, thread, &[]).await
}

/// Arguments of jobs that work in one of the conversations, or for one of the customers.
fn pattern(thread: &Thread) -> String {
    let any = |ids: &[i64]| ids.iter().map(i64::to_string).chain(["0".to_owned()]).collect::<Vec<_>>().join("|");
    format!(
        r#""conversation"\s*:\s*({})\M|"customer"\s*:\s*({})\M"#,
        any(&thread.conversations),
        any(&thread.customers)
    )
}
