//! Counters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::simulate::{Simulators, webhook::Tally};

/// What was counted under the lock of the state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) without_plus: u64,
    pub(crate) inbound: u64,
    pub(crate) reads: u64,
    pub(crate) typing: u64,
    refused: BTreeMap<i64, u64>,
    /// Webhooks that got their 200, and the POSTs that they took.
    delivered: u64,
    attempts: u64,
}

impl Counts {
    pub(crate) fn refuse(&mut self, code: i64) {
        *self.refused.entry(code).or_default() += 1;
    }

    pub(crate) fn deliver(&mut self, attempts: u64) {
        self.delivered += 1;
        self.attempts += attempts;
    }
}

/// Counters since the start or the last reset.
#[derive(Debug, Clone, Serialize)]
pub struct Stats {
    /// Messages accepted from the business.
    pub accepted: u64,
    /// Accepted with `to` lacking its `+`, which Meta may read as a local number.
    pub without_plus: u64,
    /// Refused requests, by Meta's error code; faults included.
    pub refused: BTreeMap<i64, u64>,
    /// `biz_opaque_callback_data` that more than one accepted message of a number carries, with how
    /// many: something was sent twice.
    pub sent_twice: BTreeMap<String, u64>,
    /// Messages written by customers.
    pub inbound: u64,
    /// Read marks from the business.
    pub reads: u64,
    /// Those that asked for "typing…".
    pub typing: u64,
    /// Webhooks, statuses and inbound together.
    pub webhooks: Tally,
}

impl Stats {
    pub(crate) fn of(simulators: &Simulators) -> Self {
        let whatsapp = simulators.whatsapp();
        let counts = &whatsapp.counts;
        let mut carried = BTreeMap::<_, u64>::new();
        for sent in &whatsapp.log {
            if let Some(opaque) = sent.opaque() {
                let number = whatsapp.courses.get(&sent.wamid).map(|course| course.number.as_str());
                *carried.entry((number, opaque)).or_default() += 1;
            }
        }
        Self {
            accepted: counts.accepted,
            without_plus: counts.without_plus,
            refused: counts.refused.clone(),
            sent_twice: carried
                .into_iter()
                .filter(|(_, times)| *times > 1)
                .map(|((_, opaque), times)| (opaque.to_owned(), times))
                .collect(),
            inbound: counts.inbound,
            reads: counts.reads,
            typing: counts.typing,
            webhooks: simulators.courier().tally(counts.delivered, counts.attempts),
        }
    }
}
