//! Begins to forget a customer.

use adapters::World;
use domain::{CustomerId, ErasureId, privacy};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Takes the name, the number and the ids from a customer's row. From here on nothing can be sent to them.
#[derive(Debug, Serialize, Deserialize)]
pub struct BeginErasure {
    /// Whom.
    pub customer: CustomerId,
    /// Who asked for it.
    pub requested_by: String,
}

impl Job<World> for BeginErasure {
    const NAME: &'static str = "begin_erasure";
    const POLICY: Policy = crate::LOCAL;
    /// None: there is no such customer.
    type Output = Option<ErasureId>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let erasure = privacy::begin(&mut tx, self.customer, &self.requested_by, cx.world.clock.now()).await?;
        cx.finish(tx, erasure).await
    }
}
