//! Carries customers' messages to the ingress.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::{chats::Tick, envelope};
use crate::simulate::{
    Simulators,
    chat::Change,
    webhook::{Attempt, encode},
};

/// How far a body came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// The ingress answered 200.
    Delivered,
    /// It did not, and is asked again until it does.
    Retrying {
        /// What it answered; none if there was no answer.
        status: Option<u16>,
    },
}

/// A message on its way from a customer.
pub(crate) struct Letter {
    pub(crate) customer: String,
    pub(crate) wamid: String,
    pub(crate) number: String,
    /// The sender's element of `contacts`.
    pub(crate) contact: Value,
    /// The message object.
    pub(crate) body: Value,
}

/// Posts letters in one body, then `copies` more of it; returns after the first attempt.
pub(crate) async fn post(simulators: &Simulators, letters: Vec<Letter>, copies: usize) -> Delivery {
    let bytes = encode(&webhook(simulators, &letters));
    for _ in 0..copies {
        let (simulators, bytes) = (simulators.clone(), bytes.clone());
        tokio::spawn(async move { attempt(&simulators, &bytes, &[]).await });
    }
    attempt(simulators, &bytes, &letters).await
}

async fn attempt(simulators: &Simulators, bytes: &Bytes, letters: &[Letter]) -> Delivery {
    let ids: Vec<_> = letters.iter().map(|l| (l.customer.clone(), l.wamid.clone())).collect();
    match simulators.courier().first(bytes).await {
        Attempt::Delivered => {
            arrived(simulators, &ids);
            Delivery::Delivered
        }
        Attempt::Refused(status) => {
            let (simulators, bytes) = (simulators.clone(), bytes.clone());
            tokio::spawn(async move {
                if simulators.courier().insist(&bytes).await {
                    arrived(&simulators, &ids);
                }
            });
            Delivery::Retrying { status }
        }
    }
}

fn arrived(simulators: &Simulators, ids: &[(String, String)]) {
    for (customer, wamid) in ids {
        simulators.whatsapp().chats.tick(customer, wamid, Tick::Delivered);
        simulators.announce(Change::message(customer, wamid));
    }
}

/// One change per number, in the order of the letters.
fn webhook(simulators: &Simulators, letters: &[Letter]) -> Value {
    let mut changes: Vec<(String, Vec<&Letter>)> = Vec::new();
    for letter in letters {
        match changes.iter_mut().find(|(number, _)| *number == letter.number) {
            Some((_, of_number)) => of_number.push(letter),
            None => changes.push((letter.number.clone(), vec![letter])),
        }
    }
    let values = changes
        .into_iter()
        .map(|(number, letters)| {
            let bodies: Vec<_> = letters.iter().map(|letter| &letter.body).collect();
            let mut contacts: Vec<_> = letters.iter().map(|letter| &letter.contact).collect();
            contacts.dedup();
            (number, json!({ "contacts": contacts, "messages": bodies }))
        })
        .collect();
    envelope::wrap_all(simulators.settings(), values)
}
