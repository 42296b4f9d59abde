//! What goes over the wire, field by field.

use domain::outbound::DocumentKind;

use super::*;

fn anna() -> Recipient {
    Recipient::Phone("39333".to_owned())
}

#[test]
fn a_text_carries_our_id_and_the_plus() {
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+39333",
        "biz_opaque_callback_data": "7", "type": "text",
        "text": {"body": "Ciao", "preview_url": false},
    });
    assert_eq!(message(&anna(), &Content::text("Ciao"), "7"), expected);
}

#[test]
fn somebody_without_a_phone_is_reached_by_id() {
    let message = message(&Recipient::Bsuid("IT.1".to_owned()), &Content::text("Ciao"), "7");
    assert_eq!(message["recipient"], "IT.1");
    assert_eq!(message.get("to"), None);
}

#[test]
fn buttons_carry_the_ids_that_come_back() {
    let button = |id: &str, title: &str| Button { id: id.to_owned(), title: title.to_owned() };
    let content = Content { buttons: vec![button("yes:7", "Sì"), button("no:7", "No")], ..Content::text("Ok?") };
    let message = message(&anna(), &content, "7");
    assert_eq!(message["type"], "interactive");
    let expected = json!({"type": "button", "body": {"text": "Ok?"}, "action": {"buttons": [
        {"type": "reply", "reply": {"id": "yes:7", "title": "Sì"}},
        {"type": "reply", "reply": {"id": "no:7", "title": "No"}},
    ]}});
    assert_eq!(message["interactive"], expected);
}

#[test]
fn a_list_is_one_section_whose_rows_may_lack_a_description() {
    let row = |id: &str, description: &str| Row {
        id: id.to_owned(),
        title: "Yoga".to_owned(),
        description: description.to_owned(),
    };
    let list = List { button: "Scegli".to_owned(), rows: vec![row("session:1", ""), row("session:2", "Giulia")] };
    let message = message(&anna(), &Content { list: Some(list), ..Content::text("Quale?") }, "7");
    let expected = json!({"type": "list", "body": {"text": "Quale?"}, "action": {"button": "Scegli", "sections": [{"rows": [
        {"id": "session:1", "title": "Yoga"},
        {"id": "session:2", "title": "Yoga", "description": "Giulia"},
    ]}]}});
    assert_eq!(message["interactive"], expected);
}

#[test]
fn reading_shows_typing_only_when_asked() {
    let plain = json!({"messaging_product": "whatsapp", "status": "read", "message_id": "w1"});
    assert_eq!(read("w1", false), plain);
    assert_eq!(read("w1", true)["typing_indicator"], json!({"type": "text"}));
}

#[test]
fn a_document_goes_by_its_media_id_and_without_an_empty_caption() {
    let kind = DocumentKind::Receipt { payment: 7 };
    let document = Document { media_id: Some("900".to_owned()), filename: "ricevuta.pdf".to_owned(), kind };
    let content = |text: &str| Content { document: Some(document.clone()), ..Content::text(text) };
    let sent = message(&anna(), &content("Ecco la ricevuta"), "7");
    assert_eq!(sent["type"], "document");
    let expected = json!({"id": "900", "filename": "ricevuta.pdf", "caption": "Ecco la ricevuta"});
    assert_eq!(sent["document"], expected);
    assert_eq!(message(&anna(), &content(""), "7")["document"], json!({"id": "900", "filename": "ricevuta.pdf"}));
}
