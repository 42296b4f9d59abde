//! Webhooks that the ingress has not answered with 200 yet: a later process goes on with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    deliver,
    letter::Letter,
    statuses::{self, Status},
};
use crate::simulate::Simulators;

/// What is still to be told. Copies that a test asked for are not: Meta owes nobody duplicates.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Owed {
    /// Customers' messages, by the first one of each body.
    letters: BTreeMap<String, Vec<Letter>>,
    /// Statuses of sent messages, in their order.
    statuses: BTreeMap<String, Vec<Status>>,
}

impl Owed {
    pub(crate) fn letters(&mut self, letters: Vec<Letter>) {
        if let Some(first) = letters.first() {
            self.letters.insert(first.wamid.clone(), letters);
        }
    }

    /// This message is with the business, as are those of the same body.
    pub(crate) fn arrived(&mut self, wamid: &str) {
        self.letters.remove(wamid);
    }

    pub(crate) fn statuses(&mut self, wamid: &str, statuses: &[Status]) {
        if !statuses.is_empty() {
            self.statuses.entry(wamid.to_owned()).or_default().extend(statuses);
        }
    }

    pub(crate) fn told(&mut self, wamid: &str, status: Status) {
        let Some(owed) = self.statuses.get_mut(wamid) else { return };
        if let Some(at) = owed.iter().position(|owed| *owed == status) {
            owed.remove(at);
        }
        if owed.is_empty() {
            self.statuses.remove(wamid);
        }
    }

    /// Whether this message has statuses to come.
    pub(crate) fn tells_of(&self, wamid: &str) -> bool {
        self.statuses.contains_key(wamid)
    }
}

/// Goes on with what an earlier process left; needs a runtime if that is anything.
pub(crate) fn resume(simulators: &Simulators) {
    let (owed, courses) = {
        let whatsapp = simulators.whatsapp();
        let of_course = |(wamid, statuses): (&String, &Vec<_>)| {
            whatsapp.courses.get(wamid).map(|course| (course.clone(), statuses.clone()))
        };
        let courses: Vec<_> = whatsapp.owed.statuses.iter().filter_map(of_course).collect();
        (whatsapp.owed.letters.clone(), courses)
    };
    for letters in owed.into_values() {
        let simulators = simulators.clone();
        tokio::spawn(async move { deliver::post(&simulators, letters, 0).await });
    }
    for (course, statuses) in courses {
        drop(statuses::start(simulators, course, statuses));
    }
}
