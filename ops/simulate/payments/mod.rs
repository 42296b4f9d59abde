//! Payments: Stripe's checkout sessions and refunds on one side, a customer with a card on the other.
//!
//! What the API takes, answers and refuses follows <https://docs.stripe.com/api>, as far as payment
//! links need it; parameters that are not played are refused as unknown, so that nothing is ignored
//! in silence. Money moves at once, and events follow.

pub(crate) mod act;
mod call;
mod checkout;
pub(crate) mod deliver;
mod entry;
mod error;
mod event;
pub(crate) mod expire;
mod handle;
mod http;
mod inspect;
mod money;
mod page;
mod params;
mod refunds;
mod reply;
mod session;

use std::collections::BTreeMap;

use axum::Router;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::{deliver::Batch, reply::Saved};
pub use self::{
    deliver::PaymentDelivery,
    event::PaymentEvent,
    handle::Payments,
    refunds::{Refund, RefundState},
    session::{Dispute, RefundCourse, Session, SessionState},
};
use crate::simulate::{Simulators, fields::Problem, journal::Journal};

/// The version of Stripe's API that is played; events tell it.
const VERSION: &str = "2025-09-30.clover";

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().merge(http::routes()).merge(page::routes()).merge(inspect::routes())
}

/// Everything the provider knows. It changes by [`entry::Entry`]s only.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Stripe {
    /// By their ids, which sort by age, as do those of the other maps.
    sessions: BTreeMap<String, Session>,
    refunds: BTreeMap<String, Refund>,
    events: BTreeMap<String, PaymentEvent>,
    /// Answers by their idempotency keys.
    answers: BTreeMap<String, Saved>,
    /// How events leave. A next process begins well.
    #[serde(skip)]
    delivery: PaymentDelivery,
    /// Events that wait until they may leave.
    #[serde(skip)]
    held: Vec<String>,
    #[serde(skip)]
    journal: Option<Journal>,
}

impl Stripe {
    /// The session that a payment is made through.
    fn session_of(&self, payment_intent: &str) -> Option<&Session> {
        self.sessions.values().find(|session| session.payment_intent.as_deref() == Some(payment_intent))
    }

    fn known(&self, session: &str) -> Result<Session, Problem> {
        self.sessions.get(session).cloned().ok_or_else(|| Problem::new("session", "is none that was made here"))
    }

    /// How much of a payment went back, or is on its way.
    fn refunded(&self, payment_intent: &str) -> i64 {
        let counts = |refund: &&Refund| refund.payment_intent == payment_intent && refund.state.counts();
        self.refunds.values().filter(counts).map(|refund| refund.amount_minor).sum()
    }

    /// Open sessions whose time has come.
    fn due(&self, now: DateTime<Utc>) -> Vec<Session> {
        let due = |session: &&Session| session.state == SessionState::Open && session.expires_at <= now;
        self.sessions.values().filter(due).cloned().collect()
    }
}

/// Goes on with what an earlier process left; needs a runtime if that is anything.
pub(crate) fn resume(simulators: &Simulators) {
    let (open, batch) = {
        let stripe = simulators.stripe();
        let open = stripe.sessions.values().filter(|session| session.state == SessionState::Open);
        let waiting = stripe.events.values().filter(|event| event.delivered == 0);
        let batch = Batch::of(&stripe, waiting.map(|event| event.id.clone()).collect());
        (open.map(|session| session.expires_at).collect::<Vec<_>>(), batch)
    };
    deliver::send(simulators, batch);
    for at in open {
        expire::watch(simulators, at);
    }
}
