//! A plan is to be paid: the link is sent, and the provider's webhook tells the rest.

use adapters::World;
use domain::{PaymentId, TenantId};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, collect_payment::send_link};

/// Collects what is to be paid for a membership or a pack of visits by card.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CollectPlanPayment {
    /// Whose plan.
    pub tenant: TenantId,
    /// What is to be paid.
    pub payment: PaymentId,
}

impl Job<World> for CollectPlanPayment {
    const NAME: &'static str = "collect_plan_payment";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn key(&self) -> String {
        self.payment.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        send_link(&cx, self.tenant, self.payment).await
    }
}
