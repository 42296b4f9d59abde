//! Asks for what is still to be paid for a booking.

use adapters::World;
use domain::{Money, PaymentId, SeatId, booking, payments};
use engine::{Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Writes down that a booking is to be paid by card.
#[derive(Debug, Serialize, Deserialize)]
pub struct AskPayment {
    /// Which booking.
    pub seat: SeatId,
}

impl Job<World> for AskPayment {
    const NAME: &'static str = "ask_payment";
    const POLICY: Policy = crate::LOCAL;
    /// None: there is nothing to pay.
    type Output = Option<PaymentId>;

    async fn run(self, cx: Cx) -> Outcome<Self::Output> {
        let mut tx = begin(&cx).await?;
        let Some((customer, currency)) = booking::payer(&mut tx, self.seat).await? else {
            return cx.finish(tx, None).await;
        };
        let owes = booking::owes(&mut tx, self.seat).await?;
        if owes == 0 {
            return cx.finish(tx, None).await;
        }
        let (thing, amount) = (payments::Thing::Seat(self.seat), Money::new(owes, currency));
        let now = cx.world.clock.now();
        let payment = payments::ask(&mut tx, thing, customer, payments::Method::Card, &amount, now).await?;
        cx.finish(tx, Some(payment)).await
    }
}
