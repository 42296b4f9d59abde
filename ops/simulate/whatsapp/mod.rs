//! WhatsApp: the Graph API on one side, customers' phones on the other.

mod accept;
pub(crate) mod batch;
pub(crate) mod chats;
pub(crate) mod customers;
pub(crate) mod deliver;
mod envelope;
mod error;
pub(crate) mod event;
pub(crate) mod files;
mod graph;
pub(crate) mod inbound;
mod inspect;
mod interactive;
pub(crate) mod letter;
mod limits;
pub(crate) mod log;
mod media;
mod outbound;
pub(crate) mod owed;
mod receipts;
pub(crate) mod stats;
pub(crate) mod statuses;

use std::collections::HashMap;

use axum::Router;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::{
    chats::Chats,
    customers::{Customer, Customers},
    event::Event,
    files::Files,
    log::Sent,
    owed::Owed,
    stats::Counts,
    statuses::Course,
};
use crate::simulate::{Simulators, journal::Journal};

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().merge(graph::routes()).merge(media::routes()).merge(inspect::routes())
}

/// Everything WhatsApp knows. It changes by [`Event`]s only, large files aside.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Whatsapp {
    pub(crate) customers: Customers,
    pub(crate) chats: Chats,
    log: Vec<Sent>,
    /// How the messages of the log go on, by their wamids.
    courses: HashMap<String, Course>,
    /// When a number last heard from a customer, by `phone_number_id` and customer.
    heard: HashMap<String, HashMap<String, DateTime<Utc>>>,
    counts: Counts,
    owed: Owed,
    /// Journals of earlier versions have none.
    #[serde(default)]
    pub(crate) files: Files,
    #[serde(skip)]
    journal: Option<Journal>,
}

impl Whatsapp {
    /// Accepted messages, oldest first.
    pub(crate) fn sent_to(&self, to: Option<&str>) -> Vec<Sent> {
        let key = to.map(|to| self.customers.key(to));
        let customer = |sent: &Sent| self.courses.get(&sent.wamid).map(|course| &course.customer);
        self.log.iter().filter(|sent| key.is_none() || customer(sent) == key.as_ref()).cloned().collect()
    }

    /// Takes the customer to be as told.
    pub(crate) fn meet(&mut self, customer: &Customer) {
        if self.customers.get(&customer.key) != Some(customer) {
            self.record(Event::Met(customer.clone()));
        }
    }

    /// Forgets messages, chats and counters. Customers and their windows stay: whoever wrote
    /// yesterday has still written. So does what is on its way.
    pub(crate) fn reset(&mut self) {
        self.log.clear();
        self.courses.retain(|wamid, _| self.owed.tells_of(wamid));
        self.chats = Chats::default();
        self.counts = Counts::default();
        self.compact();
    }
}
