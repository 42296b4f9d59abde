//! Customers write.

use serde_json::{Value, json};

use super::harness::{CUSTOMER, Lab, until};
use crate::simulate::Inbound;

fn value(body: &Value) -> &Value {
    &body["entry"][0]["changes"][0]["value"]
}

#[tokio::test]
async fn a_message_arrives_signed_as_meta_builds_it() {
    let lab = Lab::start().await;
    let (status, receipt) =
        lab.post("/_sim/whatsapp/inbound", json!({ "from": CUSTOMER, "name": "Zoë", "text": "perché? 🧘" })).await;
    assert_eq!((status, &receipt["delivery"]["state"]), (200, &json!("delivered")), "{receipt}");
    assert_eq!(lab.ingress.bad_signatures(), 0);
    let body = &lab.ingress.bodies()[0];
    let message = &value(body)["messages"][0];
    assert_eq!(body["object"], "whatsapp_business_account");
    assert_eq!(message["from"], "393335550199");
    assert_eq!(message["id"], receipt["wamid"]);
    assert_eq!(message["text"]["body"], "perché? 🧘");
    assert_eq!(value(body)["contacts"][0]["profile"]["name"], "Zoë");
    assert_eq!(value(body)["contacts"][0]["wa_id"], "393335550199");
    assert!(lab.ingress.raw()[0].is_ascii(), "Meta escapes what is not ASCII");
}

#[tokio::test]
async fn taps_and_any_other_message_pass_as_they_are() {
    let lab = Lab::start().await;
    let sent = [
        json!({ "from": CUSTOMER, "button": { "id": "yes:7", "title": "Yes" }, "reply_to": "wamid.1" }),
        json!({ "from": CUSTOMER, "list": { "id": "session:1", "title": "Yoga", "description": "19:00" } }),
        json!({ "from": CUSTOMER, "type": "location", "location": { "latitude": 45.4, "longitude": 11.8 } }),
    ];
    for message in sent {
        assert_eq!(lab.post("/_sim/whatsapp/inbound", message).await.0, 200);
    }
    let bodies = lab.ingress.bodies();
    let messages: Vec<_> = bodies.iter().map(|body| &value(body)["messages"][0]).collect();
    assert_eq!(messages[0]["interactive"]["button_reply"]["id"], "yes:7");
    assert_eq!(messages[0]["context"]["id"], "wamid.1");
    assert_eq!(messages[1]["interactive"]["list_reply"]["description"], "19:00");
    assert_eq!(messages[2]["location"]["latitude"], 45.4);
}

#[tokio::test]
async fn a_refused_message_is_posted_until_the_ingress_takes_it() {
    let lab = Lab::start().await;
    lab.ingress.answer([500, 503, 404]);
    let receipt = lab.simulators.inbound(Inbound::text(CUSTOMER, "hello").unwrap()).await;
    let receipt = serde_json::to_value(receipt).unwrap();
    assert_eq!(receipt["delivery"], json!({ "state": "retrying", "status": 500 }));
    assert_eq!(lab.simulators.stats().webhooks.pending, 1);
    until("it arrived", || lab.ingress.bodies().len() == 1).await;
    let ids = |bodies: &[Value]| -> Vec<Value> {
        bodies.iter().map(|body| value(body)["messages"][0]["id"].clone()).collect()
    };
    assert_eq!(ids(&lab.ingress.refused()), vec![receipt["wamid"].clone(); 3]);
    assert_eq!(ids(&lab.ingress.bodies()), [receipt["wamid"].clone()]);
}

#[tokio::test]
async fn duplicates_carry_the_same_id() {
    let lab = Lab::start().await;
    let (_, receipt) =
        lab.post("/_sim/whatsapp/inbound", json!({ "from": CUSTOMER, "text": "hi", "duplicate": 2 })).await;
    until("all copies came", || lab.ingress.bodies().len() == 3).await;
    for body in lab.ingress.bodies() {
        assert_eq!(value(&body)["messages"][0]["id"], receipt["wamid"]);
    }
}

#[tokio::test]
async fn a_hidden_phone_shows_only_the_user_id_and_can_be_answered_there() {
    let lab = Lab::start().await;
    let user = "IT.13491208655302741918";
    let message = json!({ "from": CUSTOMER, "text": "hi", "hide_phone": true, "bsuid": user });
    lab.post("/_sim/whatsapp/inbound", message).await;
    let body = &lab.ingress.bodies()[0];
    let message = &value(body)["messages"][0];
    assert_eq!(message["from_user_id"], user);
    assert!(message["from"].is_null() && value(body)["contacts"][0]["wa_id"].is_null());

    let answer = json!({
        "messaging_product": "whatsapp", "recipient": user, "type": "text", "text": { "body": "hello" },
    });
    assert_eq!(lab.send(answer).await.0, 200);
    assert_eq!(lab.simulators.messages(Some(CUSTOMER)).len(), 1);
    until("statuses came", || lab.ingress.statuses().len() == 2).await;
    let (_, status) = &lab.ingress.statuses()[0];
    assert_eq!(status["recipient_user_id"], user);
    assert!(status["recipient_id"].is_null());
}

#[tokio::test]
async fn a_batch_is_one_body_in_the_order_the_seed_gives() {
    let lab = Lab::start().await;
    let messages: Vec<_> = (0..20).map(|n| json!({ "from": CUSTOMER, "text": n.to_string() })).collect();
    let (status, receipts) = lab.post("/_sim/whatsapp/batch", json!(messages)).await;
    assert_eq!((status, receipts.as_array().unwrap().len()), (200, 20));
    lab.post("/_sim/whatsapp/batch", json!({ "messages": messages, "shuffle": true, "seed": 3 })).await;
    let bodies = lab.ingress.bodies();
    let texts = |body: &Value| -> Vec<String> {
        let messages = value(body)["messages"].as_array().unwrap().iter();
        messages.map(|m| m["text"]["body"].as_str().unwrap().to_owned()).collect()
    };
    let in_order: Vec<_> = (0..20).map(|n| n.to_string()).collect();
    assert_eq!(texts(&bodies[0]), in_order);
    assert_ne!(texts(&bodies[1]), in_order);
    let mut sorted = texts(&bodies[1]);
    sorted.sort_by_key(|text| text.parse::<u32>().unwrap());
    assert_eq!(sorted, in_order);
}

#[tokio::test]
async fn a_wrong_message_is_refused_with_the_field_named() {
    let lab = Lab::start().await;
    let cases = [
        ("from", json!({ "text": "hi" })),
        ("from", json!({ "from": "Chiara", "text": "hi" })),
        ("text", json!({ "from": CUSTOMER })),
        ("text", json!({ "from": CUSTOMER, "text": "hi", "type": "image" })),
        ("image", json!({ "from": CUSTOMER, "type": "image" })),
        ("button", json!({ "from": CUSTOMER, "button": { "id": "yes" } })),
        ("timestamp", json!({ "from": CUSTOMER, "text": "hi", "timestamp": "noon" })),
        ("txt", json!({ "from": CUSTOMER, "text": "hi", "txt": "hi" })),
    ];
    for (field, message) in cases {
        let (status, answer) = lab.post("/_sim/whatsapp/inbound", message.clone()).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!(field)), "{message}");
    }
    assert!(lab.ingress.bodies().is_empty());
}
