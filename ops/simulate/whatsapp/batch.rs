//! Many messages in one body, as Meta posts them after a pause.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};

use super::{
    deliver,
    inbound::{Inbound, Receipt},
    letter,
};
use crate::simulate::{
    Simulators,
    fields::{Fields, Problem},
};

/// Meta's own limit.
const MOST: usize = 1000;

/// What `POST /_sim/whatsapp/batch` takes: an array of messages, or an object with options.
pub(crate) struct Batch {
    messages: Vec<Inbound>,
    /// Seed of the order; messages stay as given without one.
    shuffle: Option<u64>,
    copies: usize,
}

impl Batch {
    pub(crate) fn from_json(value: Value) -> Result<Self, Problem> {
        let value = if value.is_array() { json!({ "messages": value }) } else { value };
        let mut fields = Fields::of(value)?;
        let messages: Vec<Value> = fields.require("messages")?;
        if messages.len() > MOST {
            return Err(Problem::new("messages", format!("are more than {MOST}; Meta sends no more")));
        }
        let shuffle = fields.take("shuffle")?.unwrap_or(false);
        let seed = fields.take("seed")?.unwrap_or(1);
        let copies = fields.take("duplicate")?.unwrap_or_default();
        fields.finish("messages, shuffle, seed, duplicate")?;
        let messages = messages.into_iter().enumerate().map(|(n, message)| {
            Inbound::from_json(message).map_err(|p| Problem::new(format!("messages[{n}].{}", p.field), p.message))
        });
        Ok(Self { messages: messages.collect::<Result<_, _>>()?, shuffle: shuffle.then_some(seed), copies })
    }

    /// Receipts come in the order of the messages as given, whatever the order of the body.
    pub(crate) async fn send(self, simulators: &Simulators) -> Vec<Receipt> {
        let mut letters = letter::write(simulators, self.messages);
        let ids: Vec<_> = letters.iter().map(|l| (l.wamid.clone(), l.customer.clone())).collect();
        if let Some(seed) = self.shuffle {
            letters.shuffle(&mut StdRng::seed_from_u64(seed));
        }
        let delivery = deliver::post(simulators, letters, self.copies).await;
        ids.into_iter().map(|(wamid, from)| Receipt { wamid, from, delivery }).collect()
    }
}
