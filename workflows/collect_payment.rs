//! A place is to be paid: ask, send the link, and give the place up when nobody pays in time.
//!
//! That it was paid is told by the provider's webhook, whatever this workflow does meanwhile. When the time is up the
//! provider is asked once more, by closing the link: what was paid until then counts.

use std::time::Duration;

use adapters::World;
use domain::{PaymentId, SeatId, TenantId};
use engine::{Job, Outcome, Policy};
use jobs::{AskPayment, ClosePaymentLink, CreatePaymentLink, Lapse, OVER, ReleaseHold};
use serde::{Deserialize, Serialize};

use crate::{Cx, TellCustomer, follow_up::follow};

/// Collects what is to be paid for a place by card. A place that is held meanwhile is given up in the end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CollectPayment {
    /// Whose place.
    pub tenant: TenantId,
    /// Which place.
    pub seat: SeatId,
}

impl Job<World> for CollectPayment {
    const NAME: &'static str = "collect_payment";
    /// A link that ended unpaid may be asked for again.
    const POLICY: Policy = Policy { unique_for: Duration::ZERO, ..Policy::WORKFLOW };
    /// What was asked for.
    type Output = Option<PaymentId>;

    fn key(&self) -> String {
        self.seat.to_string()
    }

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let payment = cx.step("ask", AskPayment { seat: self.seat }).await?;
        if let Some(payment) = payment {
            send_link(&cx, self.tenant, payment).await?;
        }
        let mut look = 0;
        let after = loop {
            look += 1;
            match cx.step(&format!("release/{look}"), ReleaseHold { seat: self.seat }).await? {
                Lapse::Over(after) => break after,
                Lapse::In { seconds } => {
                    let over = cx.receive::<()>(OVER, Some(Duration::from_secs(seconds))).await?;
                    if let (None, Some(payment)) = (over, payment) {
                        let after = cx.step(&format!("close/{look}"), ClosePaymentLink { payment }).await?;
                        follow(&cx, &format!("closed/{look}"), self.tenant, after).await?;
                    }
                }
            }
        };
        follow(&cx, "follow", self.tenant, after).await?;
        Ok(payment)
    }
}

/// Makes a payment's link and tells it. The provider may lose an answer for good: then it is asked under another name.
pub(crate) async fn send_link(cx: &Cx, tenant: TenantId, payment: PaymentId) -> Outcome<()> {
    let link = match cx.try_step("link", CreatePaymentLink { payment }).await? {
        Ok(notice) => notice,
        Err(_) => cx.step("link again", CreatePaymentLink { payment }).await?,
    };
    match link {
        Some(notice) => cx.start("tell", TellCustomer { tenant, notice }).await,
        None => Ok(()),
    }
}
