//! Takes a customer out of the webhooks as they came.

use adapters::World;
use domain::{ErasureId, privacy};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Bodies at one time.
const BATCH: i32 = 1000;

/// Looks at every body since the customer is known, and strikes them out of those that tell of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScrubWebhooks {
    /// Whom.
    pub erasure: ErasureId,
}

impl Job<World> for ScrubWebhooks {
    const NAME: &'static str = "scrub_webhooks";
    const POLICY: Policy = crate::LONG;
    type Output = ();

    async fn run(self, cx: Cx) -> Outcome<()> {
        let mut after: Option<i64> = cx.progress().await?;
        loop {
            let mut tx = begin(&cx).await?;
            cx.fence(&mut tx).await?;
            let marks = privacy::marks(&mut tx, self.erasure).await?;
            after = privacy::scrub_webhooks(&mut tx, self.erasure, &marks, after, BATCH).await?;
            if after.is_none() {
                return cx.finish(tx, ()).await;
            }
            tx.commit().await?;
            cx.heartbeat(&after).await?;
        }
    }
}
