//! One line for each type, and for each shape that a type comes in.

use serde_json::json;

use super::*;

fn content(kind: Kind, text: &str, payload: &str, reply_to: &str) -> Content {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Content { kind, text: text.to_owned(), payload: some(payload), reply_to: some(reply_to) }
}

#[test]
fn words_and_media() {
    let cases = [
        (json!({"type": "text", "text": {"body": "Ciao!\nyoga domani?"}}), Kind::Text, "Ciao!\nyoga domani?"),
        (json!({"type": "text", "text": {"body": ""}}), Kind::Text, "[text]"),
        (json!({"text": {"body": "no type"}}), Kind::Text, "no type"),
        (json!({"type": "image", "image": {"id": "1", "caption": "va bene?"}}), Kind::Image, "[image: va bene?]"),
        (json!({"type": "image", "image": {"id": "1"}}), Kind::Image, "[image]"),
        (json!({"type": "video", "video": {"id": "1"}}), Kind::Video, "[video]"),
        (json!({"type": "sticker", "sticker": {"animated": true}}), Kind::Sticker, "[sticker]"),
        (json!({"type": "document", "document": {"filename": "cert.pdf"}}), Kind::Document, "[document: cert.pdf]"),
        (
            json!({"type": "document", "document": {"filename": "a.pdf", "caption": "il certificato"}}),
            Kind::Document,
            "[document: il certificato]",
        ),
        (json!({"type": "audio", "audio": {"voice": true}}), Kind::Audio, "[audio]"),
        (json!({"type": "voice", "voice": {"file": "x", "id": "1"}}), Kind::Audio, "[audio]"),
        (json!({"voice": {"id": "1"}}), Kind::Audio, "[audio]"),
        (
            json!({"type": "location", "location": {"latitude": 45.4, "longitude": 11.8, "name": "Padova"}}),
            Kind::Location,
            "[location: 45.4,11.8]",
        ),
        (
            json!({"type": "location", "location": {"latitude": "45.40", "longitude": "11.80"}}),
            Kind::Location,
            "[location: 45.40,11.80]",
        ),
        (json!({"type": "location"}), Kind::Location, "[location]"),
    ];
    for (message, kind, text) in cases {
        assert_eq!(read(&message), content(kind, text, "", ""), "{message}");
    }
}

#[test]
fn cards_and_carts() {
    let cases = [
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Mario Rossi"}, "phones": [{"phone": "+39 333"}]}, {"name": {"first_name": "Pia"}}]}),
            Kind::Contacts,
            "[contacts: Mario Rossi +39 333, Pia]",
        ),
        (json!({"type": "contacts", "contacts": [{"vcard": "BEGIN:VCARD"}]}), Kind::Contacts, "[contacts]"),
        (
            json!({"type": "order", "order": {"catalog_id": "c", "text": "please", "product_items": [{"product_retailer_id": "mat", "quantity": "2", "item_price": 9.5}, {"product_retailer_id": "tee", "quantity": 1.0}]}}),
            Kind::Order,
            "[order: 2 x mat, 1.0 x tee, please]",
        ),
        (json!({"type": "order", "order": {}}), Kind::Order, "[order]"),
    ];
    for (message, kind, text) in cases {
        assert_eq!(read(&message), content(kind, text, "", ""), "{message}");
    }
}

#[test]
fn taps_and_forms() {
    let cases = [
        (
            json!({"type": "button", "context": {"id": "w0"}, "button": {"payload": "yes:7", "text": "Sì"}}),
            content(Kind::Button, "Sì", "yes:7", "w0"),
        ),
        (
            json!({"type": "interactive", "context": {"id": "w0"}, "interactive": {"type": "button_reply", "button_reply": {"id": "no:7", "title": "No"}}}),
            content(Kind::Interactive, "No", "no:7", "w0"),
        ),
        (
            json!({"type": "interactive", "interactive": {"list_reply": {"id": "session:9", "title": "Yoga 19:00", "description": "Giulia"}}}),
            content(Kind::Interactive, "Yoga 19:00", "session:9", ""),
        ),
        (
            json!({"type": "interactive", "interactive": {"button_reply": {"id": "x"}}}),
            content(Kind::Interactive, "x", "x", ""),
        ),
        (
            json!({"type": "interactive", "interactive": {"nfm_reply": {"name": "flow", "body": "Sent", "response_json": "[1]"}}}),
            content(Kind::Interactive, "[form: flow]", "", ""),
        ),
        (
            json!({"type": "interactive", "interactive": {"nfm_reply": {"name": "flow", "body": "Two places", "response_json": "{}"}}}),
            content(Kind::Interactive, "Two places", "", ""),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}}),
            content(Kind::Interactive, "[call_permission: accept]", "", ""),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "novelty", "novelty": {}}}),
            content(Kind::Interactive, "[interactive: novelty]", "", ""),
        ),
        (json!({"type": "interactive"}), content(Kind::Unsupported, "[unsupported: interactive]", "", "")),
    ];
    for (message, expected) in cases {
        assert_eq!(read(&message), expected, "{message}");
    }
}

#[test]
fn what_speaks_of_another_message_names_it() {
    let cases = [
        (
            json!({"type": "text", "text": {"body": "this one"}, "context": {"from": "39049", "id": "w0"}}),
            content(Kind::Text, "this one", "", "w0"),
        ),
        (
            json!({"type": "text", "text": {"body": "hi"}, "context": {"forwarded": true}}),
            content(Kind::Text, "hi", "", ""),
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": "w0", "emoji": "👍"}}),
            content(Kind::Reaction, "[reaction: 👍]", "", "w0"),
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": "w0", "emoji": ""}}),
            content(Kind::Reaction, "[reaction: none]", "", "w0"),
        ),
        (
            json!({"type": "reaction", "reaction": {"message_id": "w0"}}),
            content(Kind::Reaction, "[reaction: none]", "", "w0"),
        ),
        (
            json!({"type": "edit", "edit": {"original_message_id": "w0", "message": {"type": "text", "text": {"body": "8pm"}}}}),
            content(Kind::Edit, "8pm", "", "w0"),
        ),
        (
            json!({"type": "edit", "edit": {"original_message_id": "w0", "message": {"image": {"caption": "new"}}}}),
            content(Kind::Edit, "[image: new]", "", "w0"),
        ),
        (
            json!({"type": "revoke", "revoke": {"original_message_id": "w0"}}),
            content(Kind::Revoke, "[revoke]", "", "w0"),
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(read(&message), expected, "{message}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let cases = [
        (
            json!({"type": "system", "system": {"body": "Anna changed", "type": "novelty"}}),
            Kind::System,
            "Anna changed",
        ),
        (json!({"type": "unsupported", "errors": [{"code": 131_051}]}), Kind::Unsupported, "[unsupported]"),
        (json!({"type": "unsupported", "unsupported": {"type": "poll"}}), Kind::Unsupported, "[unsupported: poll]"),
        (json!({"errors": [{"code": 131_051}]}), Kind::Unsupported, "[unsupported]"),
        (json!({"type": "request_welcome"}), Kind::RequestWelcome, "[request_welcome]"),
        (json!({"type": "hologram", "hologram": {}}), Kind::Unknown, "[unknown: hologram]"),
        (json!({"type": "unknown"}), Kind::Unknown, "[unknown: unknown]"),
        (json!({}), Kind::Unknown, "[unknown]"),
        (json!({"type": 7}), Kind::Unknown, "[unknown: 7]"),
        (json!("not an object"), Kind::Unknown, "[unknown]"),
        (json!({"type": "text", "text": "not an object"}), Kind::Text, "[text]"),
    ];
    for (message, kind, text) in cases {
        assert_eq!(read(&message), content(kind, text, "", ""), "{message}");
    }
}
