//! Erases what the business's tables tell of a customer.

use adapters::World;
use domain::{ErasureId, privacy};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Messages at one time.
const BATCH: i64 = 500;

/// Blanks messages, transcripts and all else that says something. Rows stay.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScrubRecords {
    /// Of whom.
    pub erasure: ErasureId,
}

impl Job<World> for ScrubRecords {
    const NAME: &'static str = "scrub_records";
    const POLICY: Policy = crate::LONG;
    /// Rows of each table.
    type Output = privacy::Counts;

    async fn run(self, cx: Cx) -> Outcome<privacy::Counts> {
        let mut tx = begin(&cx).await?;
        // Before the rows lose it: what came since tells by what else they are known.
        privacy::collect(&mut tx, self.erasure).await?;
        let thread = privacy::thread(&mut tx, self.erasure).await?;
        tx.commit().await?;
        loop {
            let mut tx = begin(&cx).await?;
            cx.fence(&mut tx).await?;
            let scrubbed = privacy::scrub(&mut tx, &thread, BATCH).await?;
            if !scrubbed.more {
                let counts = privacy::erasure(&mut tx, self.erasure).await?.map(|erasure| erasure.counts);
                return cx.finish(tx, counts.unwrap_or_default()).await;
            }
            tx.commit().await?;
            cx.heartbeat(&scrubbed.counts).await?;
        }
    }
}
