//! What a change leaves to do: each part is work of its own, and none waits for another.

use adapters::World;
use domain::{After, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::{ClosePaymentLink, EndWait, SendReceipt};
use serde::{Deserialize, Serialize};

use crate::{AwaitClaim, CallOffSession, CollectPayment, Cx, MakeRefund, TellCustomer};

/// Starts what a change left to do. Whoever made the change starts this, in the same transaction or as a step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowUp {
    /// Whose change.
    pub tenant: TenantId,
    /// What is to be done.
    pub after: After,
}

impl Job<World> for FollowUp {
    const NAME: &'static str = "follow_up";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    fn tenant(&self) -> Option<i64> {
        Some(self.tenant.0)
    }

    async fn run(self, cx: Cx) -> Outcome<()> {
        let tenant = self.tenant;
        for notice in self.after.notices {
            cx.start(&format!("tell/{notice}"), TellCustomer { tenant, notice }).await?;
        }
        for refund in self.after.refunds {
            cx.start(&format!("refund/{refund}"), MakeRefund { tenant, refund }).await?;
        }
        for entry in self.after.offers {
            cx.start(&format!("offer/{entry}"), AwaitClaim { tenant, entry }).await?;
        }
        for seat in self.after.holds {
            cx.start(&format!("hold/{seat}"), CollectPayment { tenant, seat }).await?;
        }
        for payment in self.after.receipts {
            cx.start(&format!("receipt/{payment}"), SendReceipt { payment }).await?;
        }
        for workflow in self.after.waits {
            cx.start(&format!("end/{workflow}"), EndWait { workflow }).await?;
        }
        for session in self.after.called_off {
            // Why it was called off is written down with it.
            let call_off = CallOffSession { tenant, session, reason: String::new() };
            cx.start(&format!("call_off/{session}"), call_off).await?;
        }
        for payment in self.after.links {
            let after = cx.step(&format!("close/{payment}"), ClosePaymentLink { payment }).await?;
            follow(&cx, &format!("after/{payment}"), tenant, after).await?;
        }
        Ok(())
    }
}

/// Starts what a step left to do.
pub(crate) async fn follow(cx: &Cx, name: &str, tenant: TenantId, after: After) -> Outcome<()> {
    if after.is_empty() {
        return Ok(());
    }
    cx.start(name, FollowUp { tenant, after }).await
}
