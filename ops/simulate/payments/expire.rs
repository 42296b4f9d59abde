//! Sessions run out by the simulators' clock.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    entry::Entry,
    event::PaymentEvent,
    session::{Session, SessionState},
};
use crate::simulate::Simulators;

/// The least that is slept, so that a clock which stands still spins nothing.
const TICK: Duration = Duration::from_millis(1);

/// Ends the open sessions whose time has come, and tells of each.
pub(crate) fn due(simulators: &Simulators) {
    let stripe = simulators.stripe();
    let due = stripe.due(simulators.now()).into_iter();
    let entries = due.flat_map(|session| {
        let session = Session { state: SessionState::Expired, ..session };
        let event = PaymentEvent::new(simulators, "checkout.session.expired", &session.object());
        [Entry::Session(Box::new(session)), Entry::Event(event)]
    });
    let entries = entries.collect();
    simulators.commit(stripe, entries);
}

/// Looks again at `at`.
pub(crate) fn watch(simulators: &Simulators, at: DateTime<Utc>) {
    let simulators = simulators.clone();
    tokio::spawn(async move {
        let stop = simulators.stopped();
        loop {
            let moved = simulators.moved().notified();
            let Ok(left) = (at - simulators.now()).to_std() else { break };
            tokio::select! {
                () = stop.cancelled() => return,
                () = moved => {}
                () = tokio::time::sleep(left.max(TICK)) => {}
            }
        }
        due(&simulators);
    });
}
