//! Money goes back.

use adapters::World;
use domain::{RefundId, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::PayBack;
use serde::{Deserialize, Serialize};

use crate::{Cx, follow_up::follow};

/// Makes one refund, once however often it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeRefund {
    /// Whose money.
    pub tenant: TenantId,
    /// Which refund.
    pub refund: RefundId,
}

impl Job<World> for MakeRefund {
    const NAME: &'static str = "make_refund";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn key(&self) -> String {
        self.refund.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        let refund = self.refund;
        // A key whose answer is lost for good is given up: the second try first looks at what the first one did.
        let after = match cx.try_step("pay_back/1", PayBack { refund, number: 1 }).await? {
            Ok(after) => after,
            Err(_) => cx.step("pay_back/2", PayBack { refund, number: 2 }).await?,
        };
        follow(&cx, "follow", self.tenant, after).await
    }
}
