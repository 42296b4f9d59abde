//! Gives up what is still to come for a customer who is to be forgotten.

use adapters::World;
use domain::{After, ErasureId, privacy};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Skips notices, leaves waiting lists, gives bookings up by their terms.
#[derive(Debug, Serialize, Deserialize)]
pub struct WithdrawCustomer {
    /// Whom.
    pub erasure: ErasureId,
}

impl Job<World> for WithdrawCustomer {
    const NAME: &'static str = "withdraw_customer";
    const POLICY: Policy = crate::LOCAL;
    type Output = After;

    async fn run(self, cx: Cx) -> Outcome<After> {
        let mut tx = begin(&cx).await?;
        let after = privacy::withdraw(&mut tx, self.erasure, cx.world.clock.now()).await?;
        cx.finish(tx, after).await
    }
}
