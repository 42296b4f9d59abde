//! Closes a link, once nothing is to be paid through it any more.

use std::time::Duration;

use adapters::World;
use domain::{After, PaymentId, booking, payments};
use engine::{Breaker, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin, paying::stop};

/// Closes a payment's link. The provider has the last word: when it was paid meanwhile, it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClosePaymentLink {
    /// Of which payment.
    pub payment: PaymentId,
}

impl Job<World> for ClosePaymentLink {
    const NAME: &'static str = "close_payment_link";
    const POLICY: Policy = Policy {
        attempts: 20,
        timeout: Duration::from_secs(30),
        breaker: Some(Breaker::new("payments")),
        ..Policy::DEFAULT
    };
    type Output = After;

    async fn run(self, cx: Cx) -> Outcome<After> {
        let mut tx = begin(&cx).await?;
        let payment = payments::lock(&mut tx, self.payment).await?;
        let Some(payment) = payment.filter(|payment| payment.captured_minor == 0) else {
            return cx.finish(tx, After::default()).await;
        };
        let Some(link) = payment.link else {
            payments::expire(&mut tx, self.payment).await?;
            return cx.finish(tx, After::default()).await;
        };
        tx.commit().await?;
        let link = cx.world.payments.expire_link(&cx.id().to_string(), &link).await.map_err(|error| stop(&error))?;
        let mut tx = begin(&cx).await?;
        if !link.paid {
            payments::expire(&mut tx, self.payment).await?;
            return cx.finish(tx, After::default()).await;
        }
        let (intent, amount, now) = (link.payment_intent.as_deref(), link.amount_minor, cx.world.clock.now());
        let (_, after) = booking::paid(&mut tx, self.payment, intent, amount, now).await?;
        cx.finish(tx, after).await
    }
}
