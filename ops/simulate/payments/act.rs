//! What the customer does with a card, and what the customer's bank does afterwards.

use std::sync::MutexGuard;

use super::{
    Stripe,
    entry::Entry,
    event::PaymentEvent,
    expire,
    session::{Dispute, RefundCourse, Session, SessionState},
};
use crate::simulate::{Simulators, fields::Problem};

/// The customer pays. Refunds will go as told, if it is told.
pub(crate) fn pay(simulators: &Simulators, id: &str, refunds: Option<RefundCourse>) -> Result<Session, Problem> {
    let (stripe, mut session) = open(simulators, id)?;
    session.payment_intent.get_or_insert_with(|| format!("pi_{}", simulators.ids().word()));
    session.state = SessionState::Complete;
    session.paid = true;
    session.refund_course = refunds.unwrap_or(session.refund_course);
    let event = PaymentEvent::new(simulators, "checkout.session.completed", &session.object());
    Ok(happen(simulators, stripe, session, event))
}

/// The customer's bank declines the card.
pub(crate) fn decline(simulators: &Simulators, id: &str) -> Result<Session, Problem> {
    let (stripe, mut session) = open(simulators, id)?;
    session.payment_intent.get_or_insert_with(|| format!("pi_{}", simulators.ids().word()));
    session.declines += 1;
    let event = PaymentEvent::new(simulators, "payment_intent.payment_failed", &session.declined_intent());
    Ok(happen(simulators, stripe, session, event))
}

/// The customer's bank opens a dispute; or ends it, when told whether the business won.
pub(crate) fn dispute(simulators: &Simulators, id: &str, won: Option<bool>) -> Result<Session, Problem> {
    let stripe = simulators.stripe();
    let mut session = stripe.known(id)?;
    let kind = match (&mut session.dispute, won) {
        _ if !session.paid => return Err(Problem::new("session", "is not paid, so nobody disputes it")),
        (None, None) => {
            let id = format!("dp_{}", simulators.ids().word());
            session.dispute = Some(Dispute { id, created: simulators.now(), won: None });
            "charge.dispute.created"
        }
        (Some(dispute @ Dispute { won: None, .. }), Some(won)) => {
            dispute.won = Some(won);
            "charge.dispute.closed"
        }
        (None, Some(_)) => return Err(Problem::new("won", "ends a dispute, and none was opened yet")),
        (Some(_), _) => return Err(Problem::new("session", "was disputed before; a payment is disputed once")),
    };
    let event = PaymentEvent::new(simulators, kind, &session.dispute_object().unwrap_or_default());
    Ok(happen(simulators, stripe, session, event))
}

/// A session that can be paid now.
fn open<'a>(simulators: &'a Simulators, id: &str) -> Result<(MutexGuard<'a, Stripe>, Session), Problem> {
    expire::due(simulators);
    let stripe = simulators.stripe();
    let session = stripe.known(id)?;
    match session.state {
        SessionState::Open => Ok((stripe, session)),
        SessionState::Complete => Err(Problem::new("session", "is paid already")),
        SessionState::Expired => Err(Problem::new("session", "has expired")),
    }
}

fn happen(simulators: &Simulators, stripe: MutexGuard<'_, Stripe>, session: Session, event: PaymentEvent) -> Session {
    let told = session.clone();
    simulators.commit(stripe, vec![Entry::Session(Box::new(session)), Entry::Event(event)]);
    told
}
