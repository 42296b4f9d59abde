//! WhatsApp: the Graph API on one side, customers' phones on the other.

mod accept;
pub(crate) mod batch;
pub(crate) mod chats;
pub(crate) mod customers;
mod deliver;
mod envelope;
mod error;
mod graph;
pub(crate) mod inbound;
mod inspect;
mod interactive;
mod limits;
pub(crate) mod log;
mod media;
mod outbound;
mod receipts;
pub(crate) mod stats;
pub(crate) mod statuses;

use std::collections::HashMap;

use axum::Router;
use chrono::{DateTime, Utc};

use self::{chats::Chats, customers::Customers, log::Sent, media::Media, stats::Counts};
use crate::simulate::Simulators;

pub(crate) fn routes() -> Router<Simulators> {
    Router::new().merge(graph::routes()).merge(media::routes()).merge(inspect::routes())
}

/// Everything WhatsApp knows.
#[derive(Default)]
pub(crate) struct Whatsapp {
    pub(crate) customers: Customers,
    pub(crate) chats: Chats,
    log: Vec<Sent>,
    /// When a number last heard from a customer, by (`phone_number_id`, customer).
    heard: HashMap<(String, String), DateTime<Utc>>,
    media: Media,
    counts: Counts,
}

impl Whatsapp {
    /// Accepted messages, oldest first.
    pub(crate) fn sent_to(&self, to: Option<&str>) -> Vec<Sent> {
        let key = to.map(|to| self.customers.key(to));
        self.log.iter().filter(|sent| key.as_ref().is_none_or(|key| sent.customer == *key)).cloned().collect()
    }

    /// Forgets messages, chats and counters. Customers and their windows stay: whoever wrote
    /// yesterday has still written.
    pub(crate) fn reset(&mut self) {
        self.log.clear();
        self.chats = Chats::default();
        self.counts = Counts::default();
    }
}
