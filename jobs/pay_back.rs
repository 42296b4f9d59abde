//! Gives money back, the way it came.

use std::time::Duration;

use adapters::{
    World,
    payments::{self as provider, NewRefund},
};
use domain::{
    After, RefundId, booking,
    payments::{self, Due, RefundState},
};
use engine::{Breaker, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin, paying::stop};

/// Makes one refund. Cash is given back by the staff, who are called.
#[derive(Debug, Serialize, Deserialize)]
pub struct PayBack {
    /// Which refund.
    pub refund: RefundId,
    /// Which try of it, from 1: each has a key of its own at the provider.
    pub number: u32,
}

impl Job<World> for PayBack {
    const NAME: &'static str = "pay_back";
    const POLICY: Policy = Policy {
        attempts: 20,
        timeout: Duration::from_secs(30),
        breaker: Some(Breaker::new("payments")),
        ..Policy::DEFAULT
    };
    type Output = After;

    async fn run(self, cx: Cx) -> Outcome<After> {
        let mut tx = begin(&cx).await?;
        let Some(due) = payments::due(&mut tx, self.refund).await? else {
            return Err(Stop::fail(format!("there is no refund {}", self.refund)));
        };
        if due.state == RefundState::ByHand {
            let after = booking::call_for_cash(&mut tx, self.refund, cx.world.clock.now()).await?;
            return cx.finish(tx, after).await;
        }
        if due.state != RefundState::Requested {
            return cx.finish(tx, After::default()).await;
        }
        tx.commit().await?;
        let made = self.make(&cx, &due).await?;
        let mut tx = begin(&cx).await?;
        let after =
            booking::refund_told(&mut tx, self.refund, state(made.state), &made.id, cx.world.clock.now()).await?;
        cx.finish(tx, after).await
    }
}

impl PayBack {
    /// After a try whose answer was lost, what the provider has of it counts; only what it has not is asked for.
    async fn make(&self, cx: &Cx, due: &Due) -> Outcome<provider::Refund> {
        let Some(intent) = due.intent.clone() else {
            return Err(Stop::fail("the provider never told the id of this payment: look it up there".to_owned()));
        };
        if self.number > 1 || cx.attempt() > 1 {
            let known = cx.world.payments.refunds_of(&intent).await.map_err(|error| stop(&error))?;
            if let Some(made) = known.into_iter().find(|made| made.refund == Some(self.refund.0)) {
                return Ok(made);
            }
        }
        let wanted = NewRefund {
            payment_intent: intent,
            amount_minor: due.amount.minor,
            tenant: cx.tenant(),
            refund: self.refund.0,
        };
        cx.world.payments.refund(&cx.id().to_string(), &wanted).await.map_err(|error| stop(&error))
    }
}

/// The provider's word in ours.
pub(crate) const fn state(told: provider::RefundState) -> RefundState {
    match told {
        provider::RefundState::Pending => RefundState::Pending,
        provider::RefundState::Succeeded => RefundState::Succeeded,
        provider::RefundState::Failed | provider::RefundState::Canceled => RefundState::Failed,
    }
}
