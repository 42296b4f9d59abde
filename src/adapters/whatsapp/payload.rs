//! The bodies of requests to `/messages`.

use domain::outbound::{Button, Content, Document, List, Row, Template};
use serde_json::{Value, json};

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A phone number in digits, country code first.
    Phone(String),
    /// A business-scoped user id, for somebody who hides their phone.
    Bsuid(String),
}

/// A message of ours. The content was held against WhatsApp's limits when it was planned
/// ([`Content::check`]), so that here nothing is cut or refused.
pub(super) fn message(to: &Recipient, content: &Content, callback: &str) -> Value {
    let mut message = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": callback,
    });
    match to {
        // Without the plus, Meta may put the business's country code in front.
        Recipient::Phone(digits) => message["to"] = format!("+{digits}").into(),
        Recipient::Bsuid(id) => message["recipient"] = id.as_str().into(),
    }
    if let Some(template) = &content.template {
        message["type"] = "template".into();
        message["template"] = filled(template);
    } else if let Some(file) = &content.document {
        message["type"] = "document".into();
        message["document"] = document(file, &content.text);
    } else if let Some(interactive) = interactive(content) {
        message["type"] = "interactive".into();
        message["interactive"] = interactive;
    } else {
        message["type"] = "text".into();
        message["text"] = json!({"body": content.text, "preview_url": false});
    }
    message
}

/// Marks a customer's message as read, and with `typing` shows that an answer is on its way.
pub(super) fn read(wamid: &str, typing: bool) -> Value {
    let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": wamid});
    if typing {
        body["typing_indicator"] = json!({"type": "text"});
    }
    body
}

/// A template with its values: positional ones, in the order of its body, and one payload for each quick reply.
fn filled(template: &Template) -> Value {
    let values: Vec<_> = template.values.iter().map(|value| json!({"type": "text", "text": one_line(value)})).collect();
    let mut components = vec![json!({"type": "body", "parameters": values})];
    components.extend(template.payloads.iter().enumerate().map(|(at, payload)| {
        let payload = json!({"type": "payload", "payload": payload});
        json!({"type": "button", "sub_type": "quick_reply", "index": at.to_string(), "parameters": [payload]})
    }));
    json!({"name": template.name, "language": {"code": template.language.code()}, "components": components})
}

/// A value may hold no line break, no tab and no more than four spaces in a row (132018).
fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A file that was uploaded before ([`super::Client::send`] sees to it). WhatsApp takes no empty caption.
fn document(file: &Document, caption: &str) -> Value {
    let mut document = json!({"id": file.media_id, "filename": file.filename});
    if !caption.is_empty() {
        document["caption"] = caption.into();
    }
    document
}

/// Reply buttons or a list, whichever the content has.
fn interactive(content: &Content) -> Option<Value> {
    let body = json!({"text": content.text});
    if let Some(list) = &content.list {
        return Some(json!({"type": "list", "body": body, "action": action(list)}));
    }
    let button = |Button { id, title }: &Button| json!({"type": "reply", "reply": {"id": id, "title": title}});
    let buttons: Vec<_> = content.buttons.iter().map(button).collect();
    (!buttons.is_empty()).then(|| json!({"type": "button", "body": body, "action": {"buttons": buttons}}))
}

fn action(list: &List) -> Value {
    let row = |Row { id, title, description }: &Row| match description.as_str() {
        "" => json!({"id": id, "title": title}),
        _ => json!({"id": id, "title": title, "description": description}),
    };
    let rows: Vec<_> = list.rows.iter().map(row).collect();
    json!({"button": list.button, "sections": [{"rows": rows}]})
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
