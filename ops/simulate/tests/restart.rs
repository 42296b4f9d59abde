//! What outlives a `kill -9`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    harness::{CUSTOMER, Lab, until},
    place::{Place, restart},
};
use crate::simulate::Inbound;

const CHAT: &str = "/?customer=393335550199";

async fn page(lab: &Lab) -> String {
    let html = lab.http.get(lab.url(CHAT)).send().await.unwrap().text().await.unwrap();
    html.split_once("<main>").unwrap().1.to_owned()
}

fn offer() -> Value {
    json!({
        "messaging_product": "whatsapp", "to": CUSTOMER, "type": "interactive",
        "biz_opaque_callback_data": "out-offer",
        "interactive": { "type": "button", "body": { "text": "Book *Yoga*?" }, "action": { "buttons": [
            { "type": "reply", "reply": { "id": "yes:7", "title": "Yes, book" } },
        ] } },
    })
}

#[tokio::test]
async fn log_chats_customers_and_counters_outlive_a_kill() {
    let place = Place::new();
    let lab = place.start().await;
    let (_, receipt) =
        lab.post("/_sim/whatsapp/inbound", json!({ "from": CUSTOMER, "name": "Zoë", "text": "yoga?" })).await;
    lab.send(json!({
        "messaging_product": "whatsapp", "status": "read", "message_id": receipt["wamid"],
        "typing_indicator": { "type": "text" },
    }))
    .await;
    for message in [offer(), offer(), json!({ "messaging_product": "whatsapp", "to": "393335550198" })] {
        lab.send(message).await;
    }
    until("all statuses came", || lab.ingress.statuses().len() == 4).await;
    page(&lab).await;
    until("read came", || lab.ingress.statuses().len() == 6).await;
    lab.all_told().await;

    let log = lab.get("/_sim/whatsapp/messages").await;
    let stats = serde_json::to_value(lab.simulators.stats()).unwrap();
    assert_eq!(stats["sent_twice"], json!({ "out-offer": 2 }));
    assert_eq!((&stats["webhooks"]["delivered"], &stats["refused"]["131008"]), (&json!(7), &json!(1)), "{stats}");
    let chat = page(&lab).await;
    assert!(chat.contains("Zoë") && chat.contains("Yes, book"), "{chat}");
    // Twice: the second start reads what the first one shortened.
    let (place, _) = restart(&place).await;
    let (_place, lab) = restart(&place).await;
    assert_eq!(lab.get("/_sim/whatsapp/messages").await, log);
    assert_eq!(serde_json::to_value(lab.simulators.stats()).unwrap(), stats);
    assert_eq!(page(&lab).await, chat);
    assert!(lab.ingress.bodies().is_empty(), "everything had its 200 before");
}

#[tokio::test]
async fn the_window_outlives_a_kill() {
    let place = Place::new();
    let lab = place.start().await;
    lab.simulators.inbound(Inbound::text(CUSTOMER, "hi").unwrap()).await;
    lab.http.delete(lab.url("/_sim/whatsapp/messages")).send().await.unwrap();
    let (_place, lab) = restart(&place).await;
    assert_eq!(lab.send_text(CUSTOMER, "inside").await.0, 200);
    lab.simulators.advance(Duration::from_hours(25));
    let (_, answer) = lab.send_text(CUSTOMER, "outside").await;
    assert_eq!(answer["error"]["code"], 131_047, "{answer}");
}

#[tokio::test]
async fn a_customers_message_is_posted_until_a_later_process_gets_its_200() {
    let place = Place::new();
    let lab = place.start().await;
    lab.simulators.inbound(Inbound::text(CUSTOMER, "arrived").unwrap()).await;
    lab.ingress.answer([500; 50]);
    let batch = json!([{ "from": CUSTOMER, "text": "one" }, { "from": CUSTOMER, "text": "two" }]);
    lab.post("/_sim/whatsapp/batch", batch).await;
    let (place, later) = restart(&place).await;
    until("the body came", || later.ingress.bodies().len() == 1).await;
    assert_eq!(later.ingress.bodies()[0], lab.ingress.refused()[0]);
    later.all_told().await;
    let (_place, latest) = restart(&place).await;
    latest.simulators.inbound(Inbound::text(CUSTOMER, "three").unwrap()).await;
    let [body] = &latest.ingress.bodies()[..] else { panic!("more than one body") };
    assert_eq!(body["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"], "three");
}

#[tokio::test]
async fn what_is_written_on_the_page_is_kept_before_the_page_hears_of_it() {
    let place = Place::new();
    let lab = place.start().await;
    lab.ingress.answer([500; 50]);
    let form = lab.http.post(lab.url("/chat/393335550199/messages")).body("text=yoga");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.send().await.unwrap().status(), 202);
    let (_place, later) = restart(&place).await;
    assert!(page(&later).await.contains("yoga"));
    until("the body came", || later.ingress.bodies().len() == 1).await;
}

#[tokio::test]
async fn statuses_that_nobody_heard_are_told_in_order_by_a_later_process() {
    let place = Place::new();
    let lab = place.start().await;
    lab.send_text(CUSTOMER, "heard").await;
    until("both statuses came", || lab.ingress.statuses().len() == 2).await;
    lab.all_told().await;
    lab.ingress.answer([500; 50]);
    lab.send_text(CUSTOMER, "seen").await;
    lab.simulators.read("393335550199");
    lab.send_text("+393335550198", "unseen").await;
    let (place, later) = restart(&place).await;
    // Looked at now, it is read only after it was delivered.
    later.simulators.read("393335550198");
    until("all statuses came", || later.ingress.statuses().len() == 7).await;
    later.all_told().await;
    let of = |text: &str| -> Vec<String> {
        let told = later.ingress.statuses().into_iter();
        told.filter(|(_, s)| s["biz_opaque_callback_data"] == format!("out-{text}")).map(|(name, _)| name).collect()
    };
    assert_eq!(of("heard"), ["read"]);
    for text in ["seen", "unseen"] {
        assert_eq!(of(text), ["sent", "delivered", "read"], "{text}");
    }
    let (_place, latest) = restart(&place).await;
    assert_eq!(latest.simulators.stats().webhooks.pending, 0);
}
