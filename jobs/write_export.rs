//! Copies all that is known of a customer.

use std::time::Duration;

use adapters::World;
use domain::{CustomerId, privacy};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Makes a copy and keeps it for 30 days. What it says is in its row only.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteExport {
    /// Of whom.
    pub customer: CustomerId,
}

impl Job<World> for WriteExport {
    const NAME: &'static str = "write_export";
    const POLICY: Policy = Policy { timeout: Duration::from_mins(5), concurrency: 2, ..crate::LOCAL };
    /// None: there is no such customer.
    type Output = Option<privacy::Kept>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let kept = privacy::keep(&mut tx, self.customer, cx.world.clock.now()).await?;
        cx.finish(tx, kept).await
    }
}
