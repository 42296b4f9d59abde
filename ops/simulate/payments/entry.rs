//! What changes the provider's state. What happens together is one line of the journal, if there is
//! one, so that no payment is kept without its event.

use std::{collections::BTreeMap, path::Path, sync::MutexGuard};

use serde::{Deserialize, Serialize};

use super::{
    Refund, Session, Stripe,
    deliver::{self, Batch},
    event::PaymentEvent,
    expire,
    reply::Saved,
};
use crate::simulate::{
    Simulators,
    journal::{Journal, JournalError},
};

/// One change: an object as it is from now on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entry {
    /// Everything before, in short.
    State(Box<Stripe>),
    Session(Box<Session>),
    Refund(Refund),
    Event(PaymentEvent),
    Answer(Box<Saved>),
    /// An event got its 2xx.
    Delivered {
        event: String,
        attempts: u64,
    },
}

impl Simulators {
    /// Lets all of this happen at once, for good, and lets events leave.
    pub(crate) fn commit(&self, mut stripe: MutexGuard<'_, Stripe>, entries: Vec<Entry>) {
        let (mut events, mut opened) = (Vec::new(), Vec::new());
        for entry in &entries {
            match entry {
                Entry::Event(event) => events.push(event.id.clone()),
                Entry::Session(session) if !stripe.sessions.contains_key(&session.id) => {
                    opened.push(session.expires_at);
                }
                _ => {}
            }
        }
        stripe.record(entries);
        let batch = Batch::due(&mut stripe, events);
        drop(stripe);
        deliver::send(self, batch);
        for at in opened {
            expire::watch(self, at);
        }
    }
}

impl Stripe {
    /// As the journal tells; from now on it is kept there. The journal is shortened on the way.
    pub(crate) fn restore(path: &Path) -> Result<Self, JournalError> {
        let mut stripe = Self::default();
        let mut journal = Journal::open(path, |entries: Vec<Entry>| stripe.apply(entries))?;
        // Borrowed, what `Entry::State` is when read.
        let state = [BTreeMap::from([("state", &stripe)])];
        let replaced = journal.replace(&state);
        replaced.map_err(|source| JournalError::File { path: path.to_owned(), source })?;
        stripe.journal = Some(journal);
        Ok(stripe)
    }

    /// Keeps entries for the next process, and lets them happen.
    pub(crate) fn record(&mut self, entries: Vec<Entry>) {
        if entries.is_empty() {
            return;
        }
        if let Some(Err(error)) = self.journal.as_mut().map(|journal| journal.append(&entries)) {
            tracing::error!(%error, "the journal of payments cannot be written: what follows ends with this process");
            self.journal = None;
        }
        self.apply(entries);
    }

    fn apply(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            match entry {
                Entry::State(state) => *self = Self { journal: self.journal.take(), ..*state },
                Entry::Session(session) => drop(self.sessions.insert(session.id.clone(), *session)),
                Entry::Refund(refund) => drop(self.refunds.insert(refund.id.clone(), refund)),
                Entry::Event(event) => drop(self.events.insert(event.id.clone(), event)),
                Entry::Answer(saved) => drop(self.answers.insert(saved.key.clone(), *saved)),
                Entry::Delivered { event, attempts } => {
                    if let Some(event) = self.events.get_mut(&event) {
                        event.delivered += 1;
                        event.attempts += attempts;
                    }
                }
            }
        }
    }
}
