//! Customers' messages as they leave their phones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Whatsapp,
    chats::{Author, Bubble, Tick},
    customers::Customer,
    event::Event,
    inbound::Inbound,
};
use crate::simulate::Simulators;

/// A message on its way from a customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) customer: String,
    pub(crate) wamid: String,
    pub(crate) number: String,
    /// The sender's element of `contacts`.
    pub(crate) contact: Value,
    /// The message object.
    pub(crate) body: Value,
    pub(crate) at: DateTime<Utc>,
}

impl Letter {
    /// As it shows on the customer's phone when it leaves there.
    pub(crate) fn bubble(&self) -> Bubble {
        let (wamid, body) = (self.wamid.clone(), self.body.clone());
        Bubble { wamid, at: self.at, author: Author::Customer(Tick::Sent), body, reaction: None }
    }
}

/// Messages leave their customers' phones: they show there, and the windows are open.
pub(crate) fn write(simulators: &Simulators, messages: Vec<Inbound>) -> Vec<Letter> {
    let mut whatsapp = simulators.whatsapp();
    let letters: Vec<_> =
        messages.into_iter().map(|message| letter(simulators, meet(&mut whatsapp, &message), message)).collect();
    let changes = whatsapp.record(Event::Wrote(letters.clone()));
    drop(whatsapp);
    simulators.announce(changes);
    letters
}

/// The writer, as the message lets them be known.
fn meet(whatsapp: &mut Whatsapp, message: &Inbound) -> Customer {
    let mut customer = whatsapp.customers.behind(&message.from);
    if let Some(name) = &message.name {
        customer.name.clone_from(name);
    }
    if let Some(hidden) = message.hidden.filter(|_| customer.phone.is_some()) {
        customer.hidden = hidden;
    }
    if let Some(user_id) = &message.user_id {
        customer.user_id.clone_from(user_id);
    }
    whatsapp.meet(&customer);
    customer
}

fn letter(simulators: &Simulators, customer: Customer, message: Inbound) -> Letter {
    let (now, wamid) = (simulators.now(), simulators.wamid());
    let at = message.at.unwrap_or(now);
    let number = message.number.unwrap_or_else(|| simulators.settings().phone_number_id.clone());
    let mut body = message.content;
    body.insert("id".into(), wamid.clone().into());
    body.insert("timestamp".into(), at.timestamp().to_string().into());
    body.insert("from_user_id".into(), customer.user_id.clone().into());
    if let Some(phone) = customer.visible_phone() {
        body.insert("from".into(), phone.into());
    }
    if let Some(about) = message.reply_to {
        body.insert("context".into(), json!({ "from": simulators.settings().display_digits(), "id": about }));
    }
    Letter { contact: contact(&customer), customer: customer.key, wamid, number, body: Value::Object(body), at }
}

fn contact(customer: &Customer) -> Value {
    let mut contact = json!({ "profile": { "name": customer.name }, "user_id": customer.user_id });
    if let Some(phone) = customer.visible_phone() {
        contact["wa_id"] = phone.into();
    }
    contact
}
