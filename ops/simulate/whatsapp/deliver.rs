//! Carries customers' messages to the ingress.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::{envelope, event::Event, letter::Letter};
use crate::simulate::{
    Simulators,
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

/// Posts letters in one body, then `copies` more of it; returns after the first attempt.
pub(crate) async fn post(simulators: &Simulators, letters: Vec<Letter>, copies: usize) -> Delivery {
    let bytes = encode(&webhook(simulators, &letters));
    for _ in 0..copies {
        let (simulators, bytes) = (simulators.clone(), bytes.clone());
        tokio::spawn(async move { attempt(&simulators, bytes, &[]).await });
    }
    // Whoever waits for the first attempt may go away; the message does not come back for that.
    let simulators = simulators.clone();
    let first = tokio::spawn(async move { attempt(&simulators, bytes, &letters).await });
    first.await.unwrap_or(Delivery::Retrying { status: None })
}

async fn attempt(simulators: &Simulators, bytes: Bytes, letters: &[Letter]) -> Delivery {
    let letters: Vec<_> = letters.iter().map(|l| (l.customer.clone(), l.wamid.clone())).collect();
    match simulators.courier().first(&bytes).await {
        Attempt::Delivered => {
            simulators.settle(1, Event::Arrived { letters, attempts: 1 });
            Delivery::Delivered
        }
        Attempt::Refused(status) => {
            let simulators = simulators.clone();
            tokio::spawn(async move {
                if let Some(attempts) = simulators.courier().insist(&bytes).await {
                    simulators.settle(attempts, Event::Arrived { letters, attempts });
                }
            });
            Delivery::Retrying { status }
        }
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
