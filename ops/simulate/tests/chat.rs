//! The phone in the browser.

use reqwest::Response;
use serde_json::json;

use super::harness::{CUSTOMER, Lab, until};

const CHAT: &str = "/?customer=393335550199";

async fn page(lab: &Lab, path: &str) -> String {
    lab.http.get(lab.url(path)).send().await.unwrap().text().await.unwrap()
}

/// Posts a form as a browser without scripts does, and follows to the page.
async fn submit(lab: &Lab, path: &str, form: &str) -> Response {
    let request = lab.http.post(lab.url(path)).body(form.to_owned());
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.header("accept", "text/html").send().await.unwrap()
}

fn offer() -> serde_json::Value {
    json!({
        "messaging_product": "whatsapp", "to": CUSTOMER, "type": "interactive",
        "interactive": { "type": "button", "body": { "text": "Book *Yoga*?" }, "action": { "buttons": [
            { "type": "reply", "reply": { "id": "yes:7", "title": "Yes, book" } },
        ] } },
    })
}

#[tokio::test]
async fn it_works_without_a_script() {
    let lab = Lab::start().await;
    let answer = submit(&lab, "/chat/393335550199/messages", "text=I+want+yoga").await;
    assert_eq!(answer.url().as_str(), lab.url(CHAT));
    assert!(answer.text().await.unwrap().contains("I want yoga"));
    until("the message arrived", || lab.ingress.bodies().len() == 1).await;

    let (_, sent) = lab.send(offer()).await;
    let html = page(&lab, CHAT).await;
    assert!(html.contains("Book <strong>Yoga</strong>?") && html.contains("Yes, book"), "{html}");
    let wamid = sent["messages"][0]["id"].as_str().unwrap().replace('=', "%3D");
    submit(&lab, "/chat/393335550199/taps", &format!("wamid={wamid}&id=yes%3A7")).await;
    until("the tap arrived", || {
        lab.ingress.bodies().iter().any(|body| {
            let message = &body["entry"][0]["changes"][0]["value"]["messages"][0];
            message["interactive"]["button_reply"] == json!({ "id": "yes:7", "title": "Yes, book" })
                && message["context"]["id"] == sent["messages"][0]["id"]
        })
    })
    .await;
    let unknown = submit(&lab, "/chat/393335550199/taps", &format!("wamid={wamid}&id=maybe")).await;
    assert_eq!(unknown.status(), 422);
}

#[tokio::test]
async fn opening_the_chat_reads_what_is_there() {
    let lab = Lab::start().await;
    lab.send_text(CUSTOMER, "hello").await;
    assert!(page(&lab, "/?customer=393335550101").await.contains("1<span class=\"hidden\"> unread"));
    page(&lab, CHAT).await;
    until("it was read", || lab.ingress.status_names().contains(&"read".to_owned())).await;
    page(&lab, CHAT).await;
    assert_eq!(lab.ingress.status_names().iter().filter(|name| *name == "read").count(), 1);
}

#[tokio::test]
async fn the_page_keeps_a_strict_policy_and_its_files_can_be_kept() {
    let lab = Lab::start().await;
    let answer = lab.http.get(lab.url("/")).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = answer.text().await.unwrap();
    assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick"));
    let assets: Vec<_> = html.split('"').filter(|part| part.starts_with("/_sim/assets/")).collect();
    assert_eq!(assets.len(), 3);
    for asset in assets {
        let answer = lab.http.get(lab.url(asset)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    }
}

#[tokio::test]
async fn an_open_page_hears_of_messages_ticks_and_typing() {
    let lab = Lab::start().await;
    let url = lab.url("/_sim/whatsapp/events?customer=393335550199&after=0");
    let mut stream = lab.http.get(url).send().await.unwrap();
    let (_, receipt) = lab.post("/_sim/whatsapp/inbound", json!({ "from": CUSTOMER, "text": "hi" })).await;
    let mark = json!({
        "messaging_product": "whatsapp", "status": "read", "message_id": receipt["wamid"],
        "typing_indicator": { "type": "text" },
    });
    assert_eq!(lab.send(mark).await.0, 200);
    let mut heard = String::new();
    while !heard.contains("data: typing") {
        heard += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert!(heard.contains(">hi<") && heard.contains("tick seen"), "{heard}");
    lab.send_text(CUSTOMER, "welcome").await;
    while !heard.contains("data: online") {
        heard += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert!(heard.contains("welcome"), "{heard}");
    lab.simulators.stop();
    while stream.chunk().await.unwrap().is_some() {}
}

#[tokio::test]
async fn phones_can_be_made_up_and_lie_side_by_side() {
    let lab = Lab::start().await;
    let made = submit(&lab, "/chat", "name=Bruno&phone=").await;
    let customer = made.url().query().unwrap().strip_prefix("customer=").unwrap().to_owned();
    assert!(made.text().await.unwrap().contains("Bruno"));
    let both = page(&lab, &format!("/?customer={customer},393335550101")).await;
    assert_eq!(both.matches("<section class=\"phone\"").count(), 2);
    assert_eq!(submit(&lab, "/chat", "name=Bruno&phone=soon").await.status(), 422);
}
