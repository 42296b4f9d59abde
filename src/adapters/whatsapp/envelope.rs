//! From a webhook's body to what happened, in order.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{DeliveryStatus, IdentityChange, InboundMessage, body, lenient};

/// Something that happened, and on which of our numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Meta's id of our phone number, which leads to the tenant.
    pub phone_number_id: Option<String>,
    /// What happened.
    pub event: Event,
}

/// What a webhook may tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A customer wrote, tapped or sent something.
    Message(InboundMessage),
    /// A message of ours came further, or failed.
    Status(DeliveryStatus),
    /// A person has a new phone number or id.
    IdentityChange(IdentityChange),
    /// Everything else: worth keeping, never answered.
    Other(Other),
}

/// An update that this version has no use for.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// The webhook field (`smb_message_echoes`, `history`, ...); for what could not be read, the
    /// list it came in.
    pub field: String,
    /// As it came.
    pub raw: Value,
}

/// The body holds no envelope.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("the webhook's body is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// It is JSON, but not an object.
    #[error("the webhook's body is JSON, but not an object")]
    NotAnObject,
}

/// Reads a webhook's body, received at `received`.
///
/// Takes whatever shape Meta has been seen to send; what it does not understand comes out as
/// [`Event::Other`]. Of each value the messages come first, then statuses, each in the order given.
pub fn parse(body: &[u8], received: DateTime<Utc>) -> Result<Vec<Update>, Unreadable> {
    let mut envelope = body::parse(body)?;
    if !envelope.is_object() {
        return Err(Unreadable::NotAnObject);
    }
    let object = lenient::text(&envelope, "object");
    if let Some(field) = object.filter(|object| object != "whatsapp_business_account") {
        return Ok(vec![Update { phone_number_id: None, event: other(&field, envelope) }]);
    }
    let mut updates = Vec::new();
    for mut entry in lenient::take_list(&mut envelope, "entry") {
        for change in lenient::take_list(&mut entry, "changes") {
            read_change(change, received, &mut updates);
        }
    }
    Ok(updates)
}

fn read_change(mut change: Value, received: DateTime<Utc>, updates: &mut Vec<Update>) {
    let field = lenient::text(&change, "field").unwrap_or_else(|| "messages".to_owned());
    let mut value = change.get_mut("value").map(Value::take).unwrap_or_default();
    let number = value.get("metadata").and_then(|data| lenient::id(data, "phone_number_id"));
    let mut push = |event| {
        updates.push(Update { phone_number_id: number.clone(), event });
    };
    match field.as_str() {
        "messages" => read_messages(value, received, push),
        "user_id_update" if value.get("user_id_update").is_some() => {
            for item in lenient::take_list(&mut value, "user_id_update") {
                push(
                    IdentityChange::of_user_id_update(item, received)
                        .map_or_else(|raw| other(&field, raw), Event::IdentityChange),
                );
            }
        }
        _ => push(other(&field, value)),
    }
}

fn read_messages(mut value: Value, received: DateTime<Utc>, mut push: impl FnMut(Event)) {
    let contacts = lenient::take_list(&mut value, "contacts");
    let messages = lenient::take_list(&mut value, "messages");
    for message in messages {
        push(read_message(message, &contacts, received));
    }
    for status in lenient::take_list(&mut value, "statuses") {
        push(DeliveryStatus::read(status, received).map_or_else(|raw| other("statuses", raw), Event::Status));
    }
    for error in lenient::take_list(&mut value, "errors") {
        push(other("errors", error));
    }
}

/// Messages to a group are nobody's booking: they are kept, and not answered.
fn read_message(message: Value, contacts: &[Value], received: DateTime<Utc>) -> Event {
    if lenient::text(&message, "group_id").is_some() {
        return other("group_messages", message);
    }
    if let Some(change) = IdentityChange::of_system_message(&message, received) {
        return Event::IdentityChange(change);
    }
    InboundMessage::read(message, contacts, received).map_or_else(|raw| other("messages", raw), Event::Message)
}

fn other(field: &str, raw: Value) -> Event {
    Event::Other(Other { field: field.to_owned(), raw })
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
