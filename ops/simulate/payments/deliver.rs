//! How events leave: at once and in order, until a test wants otherwise.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::{Stripe, entry::Entry};
use crate::simulate::{
    Simulators,
    fields::{Fields, Problem},
    webhook::Attempt,
};

const MOST_COPIES: u32 = 100;

/// How events leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PaymentDelivery {
    /// Each leaves so much later, in milliseconds.
    pub delay_ms: u64,
    /// How often each is posted; 1 to 100.
    pub copies: u32,
    /// Those that leave together, because one act led to them or because they were held, leave the
    /// last one first.
    pub reverse: bool,
    /// They wait until this is false again.
    pub hold: bool,
}

impl Default for PaymentDelivery {
    fn default() -> Self {
        Self { delay_ms: 0, copies: 1, reverse: false, hold: false }
    }
}

impl PaymentDelivery {
    /// Reads the JSON of `POST /_sim/payments/delivery`; what is left out is as it is by default.
    ///
    /// # Errors
    /// When a field is unknown or out of range; it is named.
    pub fn from_json(value: Value) -> Result<Self, Problem> {
        let (mut fields, usual) = (Fields::of(value)?, Self::default());
        let delivery = Self {
            delay_ms: fields.take("delay_ms")?.unwrap_or(usual.delay_ms),
            copies: fields.take("copies")?.unwrap_or(usual.copies),
            reverse: fields.take("reverse")?.unwrap_or(usual.reverse),
            hold: fields.take("hold")?.unwrap_or(usual.hold),
        };
        fields.finish("delay_ms, copies, reverse, hold")?;
        if (1..=MOST_COPIES).contains(&delivery.copies) {
            return Ok(delivery);
        }
        Err(Problem::new("copies", format!("must be 1 to {MOST_COPIES}; hold keeps events back")))
    }
}

/// Events that leave together.
pub(crate) struct Batch {
    delivery: PaymentDelivery,
    /// Ids and bodies.
    events: Vec<(String, Bytes)>,
}

impl Batch {
    /// What may leave of these; the rest is held.
    pub(crate) fn due(stripe: &mut Stripe, events: Vec<String>) -> Self {
        if stripe.delivery.hold {
            stripe.held.extend(events);
            return Self::of(stripe, Vec::new());
        }
        Self::of(stripe, events)
    }

    pub(crate) fn of(stripe: &Stripe, ids: Vec<String>) -> Self {
        // Stripe posts JSON with line breaks, so a receiver that verifies anything but the raw bytes
        // finds out here.
        let body = |id: String| stripe.events.get(&id).map(|event| (id, format!("{:#}", event.body).into()));
        let mut events: Vec<_> = ids.into_iter().filter_map(body).collect();
        if stripe.delivery.reverse {
            events.reverse();
        }
        Self { delivery: stripe.delivery, events }
    }
}

/// From now on events leave so; those that were held leave, unless they are to be held.
pub(crate) fn set(simulators: &Simulators, delivery: PaymentDelivery) {
    let mut stripe = simulators.stripe();
    stripe.delivery = delivery;
    let held = std::mem::take(&mut stripe.held);
    let batch = Batch::due(&mut stripe, held);
    drop(stripe);
    send(simulators, batch);
}

/// Posts one event after the other; one that is refused is tried again beside the rest.
pub(crate) fn send(simulators: &Simulators, Batch { delivery, events }: Batch) {
    if events.is_empty() {
        return;
    }
    let simulators = simulators.clone();
    tokio::spawn(async move {
        let stop = simulators.stopped();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_millis(delivery.delay_ms)) => {}
        }
        for (event, body) in events {
            for _ in 0..delivery.copies {
                post(&simulators, event.clone(), body.clone()).await;
            }
        }
    });
}

async fn post(simulators: &Simulators, event: String, body: Bytes) {
    if simulators.payment_courier().first(&body).await == Attempt::Delivered {
        settle(simulators, event, 1);
        return;
    }
    let simulators = simulators.clone();
    tokio::spawn(async move {
        if let Some(attempts) = simulators.payment_courier().insist(&body).await {
            settle(&simulators, event, attempts);
        }
    });
}

fn settle(simulators: &Simulators, event: String, attempts: u64) {
    let mut stripe = simulators.stripe();
    stripe.record(vec![Entry::Delivered { event, attempts }]);
    // Under the lock, so that counters always add up.
    simulators.payment_courier().settle(attempts);
}
