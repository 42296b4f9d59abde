//! What changes WhatsApp's state. Every change is an event: written to the journal, if there is one,
//! and then applied; at the next start the same events are applied again.

use std::{collections::BTreeMap, io, path::Path};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Whatsapp,
    chats::{Author, Bubble, Tick},
    customers::Customer,
    files::File,
    letter::Letter,
    log::Sent,
    statuses::{Course, Status},
};
use crate::simulate::{
    Simulators,
    chat::Change,
    journal::{Journal, JournalError},
};

/// One change, as a line of the journal holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// Everything before, in short.
    State(Box<Whatsapp>),
    /// A customer is new, or known as told from now on.
    Met(Customer),
    /// Customers wrote; their messages are on the way in one body.
    Wrote(Vec<Letter>),
    /// A body with these messages got its 200.
    Arrived { letters: Vec<(String, String)>, attempts: u64 },
    /// The business sent a message.
    Accepted { sent: Box<Sent>, course: Box<Course> },
    /// The Graph API refused a request.
    Refused { code: i64 },
    /// A status of a sent message got its 200.
    Told { wamid: String, status: Status, attempts: u64 },
    /// The business read up to this message; it types, if there is a time.
    MarkedRead { wamid: String, typing: Option<DateTime<Utc>> },
    /// The customer looked at the chat.
    Opened { customer: String },
    /// The business uploaded a file.
    Uploaded { id: String, file: File },
    /// The business deleted a file.
    Deleted { id: String },
}

impl Simulators {
    /// Lets something happen, for good.
    pub(crate) fn record(&self, event: Event) {
        let changes = self.whatsapp().record(event);
        self.announce(changes);
    }

    /// The same with the end of a webhook that took so many attempts.
    pub(crate) fn settle(&self, attempts: u64, event: Event) {
        let mut whatsapp = self.whatsapp();
        let changes = whatsapp.record(event);
        // Under the lock, so that counters always add up.
        self.courier().settle(attempts);
        drop(whatsapp);
        self.announce(changes);
    }
}

impl Whatsapp {
    /// As the journal tells; from now on it is kept there. The journal is shortened on the way.
    pub(crate) fn restore(journal: &Path) -> Result<Self, JournalError> {
        let mut whatsapp = Self::default();
        let kept = Journal::open(journal, |event| drop(whatsapp.apply(event)))?;
        whatsapp.journal = Some(kept);
        whatsapp.compact();
        Ok(whatsapp)
    }

    /// Keeps an event for the next process, and lets it happen; returns what pages have to draw again.
    pub(crate) fn record(&mut self, event: Event) -> Vec<Change> {
        if let Some(Err(error)) = self.journal.as_mut().map(|journal| journal.append(&event)) {
            self.end_journal(&error);
        }
        self.apply(event)
    }

    /// Writes the state in place of the events that led to it.
    pub(crate) fn compact(&mut self) {
        let Some(mut journal) = self.journal.take() else { return };
        // Borrowed, what `Event::State` is when read.
        let state = BTreeMap::from([("state", &*self)]);
        let done = journal.replace(&state);
        self.journal = Some(journal);
        if let Err(error) = done {
            self.end_journal(&error);
        }
    }

    /// A journal with a gap would tell lies, so it ends where it cannot be written.
    fn end_journal(&mut self, error: &io::Error) {
        tracing::error!(%error, "the simulators' journal cannot be written: what follows ends with this process");
        self.journal = None;
    }

    fn apply(&mut self, event: Event) -> Vec<Change> {
        match event {
            Event::State(state) => *self = *state,
            Event::Met(customer) => self.customers.put(customer),
            Event::Wrote(letters) => return self.write(letters),
            Event::Arrived { letters, attempts } => return self.arrive(&letters, attempts),
            Event::Accepted { sent, course } => return self.log(*sent, *course),
            Event::Refused { code } => self.counts.refuse(code),
            Event::Told { wamid, status, attempts } => {
                self.owed.told(&wamid, status);
                self.counts.deliver(attempts);
            }
            Event::MarkedRead { wamid, typing } => return self.mark_read(&wamid, typing),
            Event::Opened { customer } => return self.open(&customer),
            Event::Uploaded { id, file } => self.files.put(id, file),
            Event::Deleted { id } => self.files.remove(&id),
        }
        Vec::new()
    }

    fn write(&mut self, letters: Vec<Letter>) -> Vec<Change> {
        let changes = letters.iter().map(|letter| Change::message(&letter.customer, &letter.wamid)).collect();
        for letter in &letters {
            let heard = self.heard.entry(letter.number.clone()).or_default();
            let heard = heard.entry(letter.customer.clone()).or_insert(letter.at);
            *heard = letter.at.max(*heard);
            self.counts.inbound += 1;
            self.chats.show(&letter.customer, letter.bubble());
        }
        self.owed.letters(letters);
        changes
    }

    fn arrive(&mut self, letters: &[(String, String)], attempts: u64) -> Vec<Change> {
        self.counts.deliver(attempts);
        for (customer, wamid) in letters {
            self.owed.arrived(wamid);
            self.chats.tick(customer, wamid, Tick::Delivered);
        }
        letters.iter().map(|(customer, wamid)| Change::message(customer, wamid)).collect()
    }

    fn log(&mut self, sent: Sent, course: Course) -> Vec<Change> {
        let change = Change::message(&course.customer, &sent.wamid);
        self.counts.accepted += 1;
        self.counts.without_plus += u64::from(sent.to.starts_with(|c: char| c.is_ascii_digit()));
        if course.reaches_phone() {
            let (wamid, body) = (sent.wamid.clone(), sent.request.clone());
            let bubble = Bubble { wamid, at: sent.at, author: Author::Business, body, reaction: None };
            self.chats.show(&course.customer, bubble);
        }
        self.owed.statuses(&sent.wamid, &course.plan.first);
        self.courses.insert(sent.wamid.clone(), course);
        self.log.push(sent);
        vec![change]
    }

    fn mark_read(&mut self, wamid: &str, typing: Option<DateTime<Utc>>) -> Vec<Change> {
        self.counts.reads += 1;
        self.counts.typing += u64::from(typing.is_some());
        // A message that reached the ingress by another way is nobody's here, and none the worse for it.
        let Some(customer) = self.chats.writer(wamid).cloned() else { return Vec::new() };
        let read = self.chats.mark_read(&customer, wamid, typing);
        let messages = read.iter().map(|wamid| Change::message(&customer, wamid));
        messages.chain([Change::presence(&customer)]).collect()
    }

    fn open(&mut self, customer: &str) -> Vec<Change> {
        for wamid in self.chats.unread(customer) {
            if let Some(course) = self.courses.get(&wamid) {
                self.owed.statuses(&wamid, &course.plan.read());
            }
        }
        self.chats.open(customer);
        vec![Change::Roster]
    }
}
