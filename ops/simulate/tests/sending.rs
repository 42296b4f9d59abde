//! What the Graph API accepts, refuses and remembers.

use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{CUSTOMER, Lab, text_to};
use crate::simulate::Inbound;

#[tokio::test]
async fn an_accepted_message_is_answered_and_logged() {
    let lab = Lab::start().await;
    let (status, answer) = lab.send_text(CUSTOMER, "hello").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["contacts"][0]["wa_id"], "393335550199");
    let wamid = answer["messages"][0]["id"].as_str().unwrap();
    assert!(wamid.starts_with("wamid."), "{wamid}");

    for query in ["", "?to=393335550199", "?to=%2B393335550199", "?to=+393335550199"] {
        let (_, log) = lab.get(&format!("/_sim/whatsapp/messages{query}")).await;
        assert_eq!(log.as_array().unwrap().len(), 1, "{query}");
        let entry = &log[0];
        assert_eq!(entry["wamid"], wamid);
        assert_eq!(entry["to"], CUSTOMER);
        assert_eq!(entry["type"], "text");
        assert_eq!(entry["text"], "hello");
        assert_eq!(entry["buttons"], json!([]));
        assert_eq!(entry["request"], text_to(CUSTOMER, "hello"));
        chrono::DateTime::parse_from_rfc3339(entry["at"].as_str().unwrap()).unwrap();
    }
    let (_, none) = lab.get("/_sim/whatsapp/messages?to=393335550100").await;
    assert_eq!(none, json!([]));

    lab.http.delete(lab.url("/_sim/whatsapp/messages")).send().await.unwrap();
    assert!(lab.simulators.messages(None).is_empty());
}

#[tokio::test]
async fn reply_buttons_and_rows_are_logged_as_what_can_be_tapped() {
    let lab = Lab::start().await;
    lab.send(interactive(&json!({
        "type": "button",
        "body": { "text": "Book?" },
        "action": { "buttons": [
            { "type": "reply", "reply": { "id": "yes:7", "title": "Yes" } },
            { "type": "reply", "reply": { "id": "no:7", "title": "No" } },
        ] },
    })))
    .await;
    lab.send(interactive(&json!({
        "type": "list",
        "body": { "text": "Which one?" },
        "action": { "button": "Classes", "sections": [
            { "title": "Sunday", "rows": [{ "id": "session:1", "title": "Yoga 19:00" }] },
        ] },
    })))
    .await;
    let (_, log) = lab.get("/_sim/whatsapp/messages").await;
    assert_eq!(log[0]["text"], "Book?");
    assert_eq!(log[0]["buttons"], json!([{ "id": "yes:7", "title": "Yes" }, { "id": "no:7", "title": "No" }]));
    assert_eq!(log[1]["type"], "interactive");
    assert_eq!(log[1]["buttons"], json!([{ "id": "session:1", "title": "Yoga 19:00" }]));
}

#[tokio::test]
async fn requests_against_the_api_are_refused_as_meta_refuses_them() {
    let lab = Lab::start().await;
    let with = |change: fn(&mut Value)| {
        let mut message = text_to(CUSTOMER, "hello");
        change(&mut message);
        message
    };
    let cases: [(i64, Value); 12] = [
        (100, with(|m| drop(m.as_object_mut().unwrap().remove("messaging_product")))),
        (100, with(|m| drop(m.as_object_mut().unwrap().remove("to")))),
        (131_009, with(|m| m["to"] = "tomorrow".into())),
        (131_008, with(|m| m["text"] = json!({}))),
        (131_009, with(|m| m["text"]["body"] = "x".repeat(4097).into())),
        (131_009, with(|m| m["biz_opaque_callback_data"] = "x".repeat(513).into())),
        (100, with(|m| m["type"] = "telegram".into())),
        (131_021, with(|m| m["to"] = "+390495550100".into())),
        (131_009, buttons(&["a", "b", "c", "d"])),
        (131_009, buttons(&["a", "a"])),
        (131_009, buttons(&["a title that is too long"])),
        (131_009, rows(11)),
    ];
    for (code, message) in cases {
        let (status, answer) = lab.send(message.clone()).await;
        assert_eq!(status, 400, "{message}");
        assert_eq!(answer["error"]["code"], code, "{message} {answer}");
        assert_eq!(answer["error"]["type"], "OAuthException");
        assert!(answer["error"]["fbtrace_id"].is_string());
    }
    assert_eq!(lab.send(rows(10)).await.0, 200);
    assert_eq!(lab.simulators.messages(None).len(), 1);
    assert_eq!(lab.simulators.stats().refused[&131_009], 7);
}

#[tokio::test]
async fn without_a_token_nothing_is_accepted() {
    let lab = Lab::start().await;
    let url = lab.url("/v25.0/100000000000001/messages");
    let answer = lab.http.post(url).json(&text_to(CUSTOMER, "hello")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["error"]["code"], 190);
    assert!(lab.simulators.messages(None).is_empty());
}

#[tokio::test]
async fn a_day_after_the_customers_message_only_templates_pass() {
    let lab = Lab::start().await;
    lab.simulators.inbound(Inbound::text(CUSTOMER, "hi").unwrap()).await;
    lab.simulators.advance(Duration::from_hours(23));
    assert_eq!(lab.send_text(CUSTOMER, "inside").await.0, 200);
    lab.simulators.advance(Duration::from_hours(2));
    let (status, answer) = lab.send_text(CUSTOMER, "outside").await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(131_047)), "{answer}");

    let template = json!({
        "messaging_product": "whatsapp", "to": CUSTOMER, "type": "template",
        "template": { "name": "reminder", "language": { "code": "it" }, "components": [
            { "type": "body", "parameters": [{ "type": "text", "text": "Yoga" }] },
        ] },
    });
    assert_eq!(lab.send(template).await.0, 200);
    assert_eq!(lab.simulators.messages(None)[1].text, "reminder · Yoga");

    lab.simulators.inbound(Inbound::text(CUSTOMER, "still here").unwrap()).await;
    assert_eq!(lab.send_text(CUSTOMER, "inside again").await.0, 200);
}

#[tokio::test]
async fn what_is_sent_twice_stands_out() {
    let lab = Lab::start().await;
    for text in ["one", "two", "one"] {
        lab.send_text(CUSTOMER, text).await;
    }
    let stats = lab.simulators.stats();
    assert_eq!(stats.accepted, 3);
    assert_eq!(stats.sent_twice.into_iter().collect::<Vec<_>>(), [("out-one".to_owned(), 2)]);
}

fn interactive(interactive: &Value) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "to": CUSTOMER,
        "type": "interactive",
        "interactive": interactive,
    })
}

fn buttons(titles: &[&str]) -> Value {
    let buttons: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| json!({ "type": "reply", "reply": { "id": n.to_string(), "title": title } }))
        .collect();
    interactive(&json!({
        "type": "button", "body": { "text": "?" }, "action": { "buttons": buttons },
    }))
}

/// A list with its rows in two sections.
fn rows(count: usize) -> Value {
    let row = |n: usize| json!({ "id": format!("r{n}"), "title": format!("Row {n}") });
    let (first, second): (Vec<_>, Vec<_>) = (0..count).partition(|n| n % 2 == 0);
    let section = |title: &str, rows: Vec<usize>| json!({ "title": title, "rows": rows.into_iter().map(row).collect::<Vec<_>>() });
    interactive(&json!({
        "type": "list", "body": { "text": "?" },
        "action": { "button": "Rows", "sections": [section("a", first), section("b", second)] },
    }))
}
