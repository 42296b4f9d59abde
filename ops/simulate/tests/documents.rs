//! Files that the business sends.

use serde_json::{Value, json};

use super::{
    harness::{CUSTOMER, Lab},
    place::{Place, restart},
};

const CHAT: &str = "/?customer=393335550199";

/// A form as a client writes it.
async fn upload(lab: &Lab, name: &str, mime_type: &str, content: &str) -> (u16, Value) {
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
         --b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{mime_type}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {mime_type}\r\n\r\n{content}\r\n--b--\r\n"
    );
    let request = lab.http.post(lab.url("/v25.0/100000000000001/media")).bearer_auth("token").body(form);
    let answer = request.header("content-type", "multipart/form-data; boundary=b").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn uploaded(lab: &Lab, name: &str, mime_type: &str, content: &str) -> String {
    let (status, answer) = upload(lab, name, mime_type, content).await;
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

/// Meta takes no empty caption.
fn document(id: &str, filename: &str, caption: &str) -> Value {
    let mut document = json!({ "id": id, "filename": filename });
    if !caption.is_empty() {
        document["caption"] = caption.into();
    }
    json!({ "messaging_product": "whatsapp", "to": CUSTOMER, "type": "document", "document": document })
}

async fn page(lab: &Lab, path: &str) -> String {
    lab.http.get(lab.url(path)).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_document_is_logged_and_opens_from_the_chat() {
    let lab = Lab::start().await;
    let id = uploaded(&lab, "upload.pdf", "application/pdf", &"%".repeat(28_400)).await;
    let (status, answer) = lab.send(document(&id, "Ricevuta è 7.pdf", "Ecco *la* ricevuta")).await;
    assert_eq!(status, 200, "{answer}");
    let (_, log) = lab.get("/_sim/whatsapp/messages").await;
    let told = ["type", "filename", "media_id", "text"].map(|fact| &log[0][fact]);
    assert_eq!(told, ["document", "Ricevuta è 7.pdf", &id, "Ecco *la* ricevuta"]);

    let html = page(&lab, CHAT).await;
    let link = format!("/chat/393335550199/files/{id}");
    for part in [format!("href=\"{link}\"").as_str(), "Ricevuta è 7.pdf", "PDF · 29 kB", "Ecco <strong>la</strong>"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let file = lab.http.get(lab.url(&link)).send().await.unwrap();
    let header = |name: &str| file.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), "inline; filename*=UTF-8''Ricevuta%20%C3%A8%207.pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(file.bytes().await.unwrap().len(), 28_400);
    let elsewhere = lab.http.get(lab.url(&link.replace("0199", "0198"))).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn a_calendar_is_downloaded_and_a_text_has_no_filename_in_the_log() {
    let lab = Lab::start().await;
    let id = uploaded(&lab, "a.ics", "text/plain", "BEGIN:VCALENDAR").await;
    lab.send(document(&id, "prenotazione-H-7.ics", "")).await;
    lab.send_text(CUSTOMER, "hello").await;
    let link = lab.url(&format!("/chat/393335550199/files/{id}"));
    let file = lab.http.get(link).send().await.unwrap();
    let disposition = file.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename*=UTF-8''prenotazione-H-7.ics");
    let (_, log) = lab.get("/_sim/whatsapp/messages").await;
    assert_eq!(log[0]["text"], "");
    assert!(log[1].get("filename").is_none() && log[1].get("media_id").is_none(), "{log}");
}

#[tokio::test]
async fn a_document_that_is_not_there_cannot_be_sent() {
    let lab = Lab::start().await;
    let id = uploaded(&lab, "a.pdf", "application/pdf", "%PDF").await;
    let deleted = lab.http.delete(lab.url(&format!("/v25.0/{id}"))).bearer_auth("token").send().await.unwrap();
    assert_eq!(deleted.status(), 200);
    for gone in [id.as_str(), "4711"] {
        let (status, answer) = lab.send(document(gone, "a.pdf", "Ecco")).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_053)), "{answer}");
        assert!(answer["error"]["error_data"]["details"].as_str().unwrap().contains(gone), "{answer}");
    }
    assert!(lab.simulators.messages(None).is_empty());
    let long = document("4711", "a.pdf", &"x".repeat(1025));
    assert_eq!(lab.send(long).await.1["error"]["code"], 131_009);
}

#[tokio::test]
async fn metas_list_of_types_has_no_calendars() {
    let lab = Lab::start().await;
    for mime_type in ["text/calendar", "application/octet-stream", "text/html"] {
        let (status, answer) = upload(&lab, "a.ics", mime_type, "BEGIN:VCALENDAR").await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().ends_with(&format!("of type '{mime_type}'.")), "{answer}");
    }
    uploaded(&lab, "a.ogg", "audio/ogg; codecs=opus", "Ogg").await;
}

#[tokio::test]
async fn an_upload_and_its_message_outlive_a_kill() {
    let place = Place::new();
    let lab = place.start().await;
    let sent = uploaded(&lab, "a.pdf", "application/pdf", "sent before").await;
    lab.send(document(&sent, "a.pdf", "")).await;
    lab.send(document(&sent, "a.pdf", "again")).await;
    let unsent = uploaded(&lab, "b.pdf", "application/pdf", "sent after").await;
    let large = uploaded(&lab, "c.pdf", "application/pdf", &"x".repeat(1024 * 1024 + 1)).await;
    // Twice: the second start reads what the first one shortened.
    let (place, _) = restart(&place).await;
    let (_place, lab) = restart(&place).await;
    assert_eq!(page(&lab, &format!("/chat/393335550199/files/{sent}")).await, "sent before");
    assert_eq!(lab.simulators.messages(None)[0].media_id.as_deref(), Some(sent.as_str()));
    assert_eq!(lab.send(document(&unsent, "b.pdf", "")).await.0, 200);
    assert_eq!(lab.send(document(&large, "c.pdf", "")).await.1["error"]["code"], 131_053);
}

#[tokio::test]
async fn a_document_whose_file_is_gone_still_shows_its_name() {
    let lab = Lab::start().await;
    let id = uploaded(&lab, "a.pdf", "application/pdf", "%PDF").await;
    lab.send(document(&id, "ricevuta.pdf", "")).await;
    lab.http.delete(lab.url(&format!("/v25.0/{id}"))).bearer_auth("token").send().await.unwrap();
    let html = page(&lab, CHAT).await;
    assert!(html.contains("<div class=\"file\">") && html.contains("ricevuta.pdf"), "{html}");
    assert_eq!(lab.http.get(lab.url(&format!("/chat/393335550199/files/{id}"))).send().await.unwrap().status(), 404);
    let list = page(&lab, "/?customer=393335550101").await;
    assert!(list.contains("📄 ricevuta.pdf"), "{list}");
}
