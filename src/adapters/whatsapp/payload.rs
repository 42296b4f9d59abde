//! The bodies of requests to `/messages`.

use domain::outbound::{Button, Content, List, Row};
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
    if let Some(interactive) = interactive(content) {
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
