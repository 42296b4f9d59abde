//! The payment provider told something.

use adapters::World;
use domain::TenantId;
use engine::{Job, Outcome, Policy};
use jobs::ApplyPaymentEvent;
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// Takes in one event of the payment provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SettlePayment {
    /// Whose money.
    pub tenant: TenantId,
    /// The provider's id of the event.
    pub event: String,
}

impl Job<World> for SettlePayment {
    const NAME: &'static str = "settle_payment";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn key(&self) -> String {
        self.event.clone()
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        let after = cx.step("apply", ApplyPaymentEvent { event: self.event }).await?;
        follow(&cx, "follow", self.tenant, after).await
    }
}
