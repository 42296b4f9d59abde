//! What a message says, for each type of message.

use serde_json::Value;

use super::{
    Kind,
    lenient::{id, list, text},
};

/// The parts of a message that a turn works with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) payload: Option<String>,
    pub(super) reply_to: Option<String>,
}

/// Reads a message's type and what that type carries.
pub(super) fn read(message: &Value) -> Content {
    let name = text(message, "type").or_else(|| infer(message)).unwrap_or_default();
    let kind = Kind::of(&name);
    let body = message.get(&name).unwrap_or(&Value::Null);
    let quoted = message.get("context").and_then(|context| id(context, "id"));
    if kind == Kind::Interactive {
        return interactive(body, quoted);
    }
    let about = match kind {
        Kind::Reaction => id(body, "message_id"),
        Kind::Edit | Kind::Revoke => id(body, "original_message_id"),
        _ => quoted,
    };
    let payload = if kind == Kind::Button { text(body, "payload") } else { None };
    Content { kind, text: words(kind, &name, body, message), payload, reply_to: about }
}

/// The customer's words, or else the kind of message and its gist in brackets.
fn words(kind: Kind, name: &str, body: &Value, message: &Value) -> String {
    let own = match kind {
        Kind::Text | Kind::System => text(body, "body"),
        Kind::Button => text(body, "text").or_else(|| text(body, "payload")),
        Kind::Edit => body.get("message").map(|edited| read(edited).text),
        _ => None,
    };
    own.unwrap_or_else(|| match kind {
        Kind::Audio => bracket("audio", None),
        Kind::Unknown => bracket("unknown", Some(name.to_owned()).filter(|name| !name.is_empty())),
        _ => bracket(name, gist(kind, body, message)),
    })
}

fn gist(kind: Kind, body: &Value, message: &Value) -> Option<String> {
    match kind {
        Kind::Image | Kind::Video | Kind::Sticker => text(body, "caption"),
        Kind::Document => text(body, "caption").or_else(|| text(body, "filename")),
        Kind::Location => place(body),
        Kind::Contacts => cards(message),
        Kind::Reaction => Some(text(body, "emoji").unwrap_or_else(|| "none".to_owned())),
        Kind::Order => cart(body),
        Kind::Unsupported => text(body, "type"),
        _ => None,
    }
}

/// Guesses a missing type from the key that is there.
fn infer(message: &Value) -> Option<String> {
    let fields = message.as_object()?;
    let known = fields.keys().find(|key| Kind::of(key) != Kind::Unknown);
    known.cloned().or_else(|| fields.contains_key("errors").then(|| "unsupported".to_owned()))
}

/// A tap or a form. With no body at all, WhatsApp could not pass on what the customer did.
fn interactive(body: &Value, quoted: Option<String>) -> Content {
    let content = |kind, text: String, payload| Content { kind, text, payload, reply_to: quoted };
    let tap = body.get("button_reply").or_else(|| body.get("list_reply"));
    if let Some(tap) = tap {
        let payload = text(tap, "id");
        let title = text(tap, "title").or_else(|| payload.clone());
        return content(Kind::Interactive, title.unwrap_or_else(|| bracket("interactive", None)), payload);
    }
    if let Some(form) = body.get("nfm_reply") {
        let words = text(form, "body").filter(|body| body != "Sent");
        let words = words.unwrap_or_else(|| bracket("form", text(form, "name")));
        return content(Kind::Interactive, words, None);
    }
    if let Some(call) = body.get("call_permission_reply") {
        return content(Kind::Interactive, bracket("call_permission", text(call, "response")), None);
    }
    match text(body, "type") {
        Some(other) => content(Kind::Interactive, bracket("interactive", Some(other)), None),
        None => content(Kind::Unsupported, bracket("unsupported", Some("interactive".to_owned())), None),
    }
}

fn place(location: &Value) -> Option<String> {
    Some(format!("{},{}", text(location, "latitude")?, text(location, "longitude")?))
}

fn cards(message: &Value) -> Option<String> {
    let card = |contact: &Value| {
        let name = contact.get("name").unwrap_or(&Value::Null);
        let phone = list(contact, "phones").first().and_then(|phone| text(phone, "phone"));
        let name = text(name, "formatted_name").or_else(|| text(name, "first_name"));
        let parts: Vec<_> = name.into_iter().chain(phone).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    joined(list(message, "contacts").iter().filter_map(card))
}

fn cart(order: &Value) -> Option<String> {
    let line = |item: &Value| {
        let product = text(item, "product_retailer_id")?;
        Some(format!("{} x {product}", text(item, "quantity").unwrap_or_else(|| "1".to_owned())))
    };
    joined(list(order, "product_items").iter().filter_map(line).chain(text(order, "text")))
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn bracket(name: &str, gist: Option<String>) -> String {
    gist.map_or_else(|| format!("[{name}]"), |gist| format!("[{name}: {gist}]"))
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
