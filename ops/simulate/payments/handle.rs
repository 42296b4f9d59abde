//! Payments on the handle that tests and the demo hold.

use serde::Serialize;

use super::{act, deliver, deliver::PaymentDelivery, event::PaymentEvent, expire, refunds::Refund, session::Session};
use crate::simulate::{Simulators, fields::Problem, webhook::Tally};

/// Everything about payments, oldest first.
#[derive(Debug, Clone, Serialize)]
pub struct Payments {
    /// Checkout sessions.
    pub sessions: Vec<Session>,
    /// Refunds.
    pub refunds: Vec<Refund>,
    /// What the business was told, or will be.
    pub events: Vec<PaymentEvent>,
    /// How events leave.
    pub delivery: PaymentDelivery,
    /// Events that wait until they may leave.
    pub held: usize,
    /// The POSTs of events.
    pub webhooks: Tally,
}

impl Simulators {
    /// Everything about payments: sessions, refunds and events, oldest first.
    ///
    /// # Panics
    /// Outside a Tokio runtime, when a session's time has come since anybody looked.
    #[must_use]
    pub fn payments(&self) -> Payments {
        expire::due(self);
        let stripe = self.stripe();
        let (delivered, attempts) = stripe
            .events
            .values()
            .fold((0, 0), |(delivered, attempts), event| (delivered + event.delivered, attempts + event.attempts));
        Payments {
            sessions: stripe.sessions.values().cloned().collect(),
            refunds: stripe.refunds.values().cloned().collect(),
            events: stripe.events.values().cloned().collect(),
            delivery: stripe.delivery,
            held: stripe.held.len(),
            webhooks: self.payment_courier().tally(delivered, attempts),
        }
    }

    /// The customer pays a checkout session, given by its id.
    ///
    /// # Errors
    /// When there is no such session, or it is not open.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which carries the event.
    pub fn pay(&self, session: &str) -> Result<(), Problem> {
        act::pay(self, session, None).map(drop)
    }

    /// The customer's card is declined; the session stays open.
    ///
    /// # Errors
    /// When there is no such session, or it is not open.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which carries the event.
    pub fn decline(&self, session: &str) -> Result<(), Problem> {
        act::decline(self, session).map(drop)
    }

    /// The customer's bank opens a dispute of a paid session; or ends it, when told whether the
    /// business won.
    ///
    /// # Errors
    /// When there is no such session, or it is not paid, or its dispute is not at that point.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which carries the event.
    pub fn dispute(&self, session: &str, won: Option<bool>) -> Result<(), Problem> {
        act::dispute(self, session, won).map(drop)
    }

    /// How payment events leave from now on; those that were held leave, unless they are to be held.
    ///
    /// # Panics
    /// Outside a Tokio runtime, when events were held that leave now.
    pub fn deliver_payments(&self, delivery: PaymentDelivery) {
        deliver::set(self, delivery);
    }
}
