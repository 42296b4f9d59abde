//! Everything that a customer can send.

use serde_json::{Value, json};

use crate::house::{Story, meta};

/// Type, content, the kind it is kept as, and how many answers it gets.
fn kinds() -> Vec<(&'static str, Value, &'static str, usize)> {
    let media = json!({ "id": "1001", "mime_type": "image/jpeg", "sha256": "c2hhMjU2" });
    let reply = |kind: &str, content: Value| json!({ "type": kind, kind: content });
    vec![
        ("text", json!({ "body": "ciao" }), "text", 1),
        ("image", json!({ "id": "1", "mime_type": "image/jpeg", "caption": "yoga domani?" }), "image", 1),
        ("video", media.clone(), "video", 1),
        (
            "document",
            json!({ "id": "2", "mime_type": "application/pdf", "filename": "certificato.pdf" }),
            "document",
            1,
        ),
        ("sticker", json!({ "id": "3", "mime_type": "image/webp", "animated": true }), "sticker", 1),
        ("audio", json!({ "id": "4", "mime_type": "audio/ogg; codecs=opus", "voice": true }), "audio", 1),
        ("voice", json!({ "id": "5", "file": "/usr/v.ogg", "mime_type": "audio/ogg" }), "audio", 1),
        ("location", json!({ "latitude": 45.4064, "longitude": 11.8768, "name": "Prato della Valle" }), "location", 1),
        (
            "contacts",
            json!([{ "name": { "formatted_name": "Bruno" }, "phones": [{ "phone": "+39 333" }] }]),
            "contacts",
            1,
        ),
        ("button", json!({ "payload": "stop", "text": "Stop" }), "button", 1),
        ("interactive", reply("button_reply", json!({ "id": "x", "title": "Sì" })), "interactive", 1),
        (
            "interactive",
            reply("list_reply", json!({ "id": "y", "title": "Yoga", "description": "19:00" })),
            "interactive",
            1,
        ),
        (
            "interactive",
            reply("nfm_reply", json!({ "name": "flow", "body": "Sent", "response_json": "[1]" })),
            "interactive",
            1,
        ),
        (
            "order",
            json!({ "catalog_id": "7", "product_items": [{ "product_retailer_id": "p", "quantity": "2", "item_price": 9.5, "currency": "EUR" }] }),
            "order",
            1,
        ),
        ("unsupported", json!({ "type": "poll" }), "unsupported", 1),
        ("reaction", json!({ "message_id": "wamid.of-ours", "emoji": "👍" }), "reaction", 0),
        ("reaction", json!({ "message_id": "wamid.of-ours" }), "reaction", 0),
        ("system", json!({ "body": "something new", "type": "novelty" }), "system", 0),
        ("revoke", json!({ "original_message_id": "wamid.never-seen" }), "revoke", 0),
        ("request_welcome", json!({}), "request_welcome", 0),
        ("hologram", json!({ "depth": 3 }), "unknown", 0),
    ]
}

fn phone(n: usize) -> String {
    format!("39333{:07}", 1_000_000 + n)
}

#[tokio::test]
async fn every_kind_is_kept_and_gets_the_answer_it_is_owed() {
    let story = Story::begin().await;
    let meta = story.meta();
    for (n, (kind, content, ..)) in kinds().into_iter().enumerate() {
        let message = meta::message(&phone(n), &format!("wamid.kind-{n:02}"), kind, &content);
        let body = meta::envelope(meta::NUMBER, &Value::Null, &[message], &[]);
        assert_eq!(meta.posts(&body).await, 200, "{kind}");
    }
    story.judge.finds_all_done().await;
    let kept = story.judge.texts("select kind from message where direction = 'in' order by wamid").await;
    let expected: Vec<_> = kinds().into_iter().map(|(_, _, kept, _)| kept).collect();
    assert_eq!(kept, expected);
    for (n, (kind, content, _, answers)) in kinds().into_iter().enumerate() {
        let said = story.simulators.messages(Some(&phone(n)));
        assert_eq!(said.len(), answers, "{kind} {content}: {said:#?}");
    }
    story.end().await;
}

/// What the reference collects of oddities: each is taken, and the message in it is kept.
#[tokio::test]
async fn odd_shapes_are_taken() {
    let story = Story::begin().await;
    let text = json!({ "body": "ciao" });
    let odd = |n: usize, change: &dyn Fn(&mut Value)| {
        let message = meta::message(&phone(n), &format!("wamid.odd-{n}"), "text", &text);
        let mut body = meta::envelope(meta::NUMBER, &Value::Null, &[message], &[]);
        change(&mut body);
        body
    };
    let value = "/entry/0/changes/0/value";
    let first = "/entry/0/changes/0/value/messages/0";
    let set = |body: &mut Value, at: &str, field: &str, to: Value| {
        body.pointer_mut(at).unwrap()[field] = to;
    };
    let bodies = [
        odd(0, &|body| set(body, first, "timestamp", json!(1_795_363_200))),
        odd(1, &|body| set(body, "", "surprise", json!({ "deep": [1, { "deeper": null }] }))),
        odd(2, &|body| {
            body.pointer_mut(first).unwrap().as_object_mut().unwrap().remove("type");
        }),
        odd(3, &|body| {
            body.pointer_mut("/entry/0").unwrap().as_object_mut().unwrap().remove("id");
        }),
        odd(4, &|body| set(body, value, "contacts", json!([{ "wa_id": phone(4) }]))),
        odd(5, &|body| set(body, value, "errors", json!([{ "code": 131_051, "title": "x", "details": "y" }]))),
        odd(6, &|body| {
            set(body, first, "from", json!(""));
            set(body, first, "from_user_id", json!("IT.13491208655302741918"));
        }),
        odd(7, &|body| set(body, value, "statuses", json!([meta::status("wamid.unknown", "sent", 1_795_363_200)]))),
    ];
    for body in &bodies {
        assert_eq!(story.meta().posts(body).await, 200, "{body}");
    }
    let kept = story.judge.number("select count(*) from message where direction = 'in' and kind = 'text'").await;
    assert_eq!(kept, i64::try_from(bodies.len()).unwrap());
    story.end().await;
}

#[tokio::test]
async fn what_holds_no_message_is_taken_too() {
    let story = Story::begin().await;
    let bodies = [
        json!({}),
        json!([]),
        json!({ "object": "page", "entry": [] }),
        json!({ "object": "whatsapp_business_account", "entry": [{}] }),
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": {} }] }] }),
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "phases_of_the_moon", "value": { "full": true } }] }] }),
    ];
    for body in &bodies {
        assert_eq!(story.meta().posts(body).await, 200, "{body}");
    }
    assert_eq!(story.meta().posts_bytes(b"{\"cut off".to_vec()).await, 200);
    assert_eq!(story.judge.number("select count(*) from webhook_event").await, 7);
    assert_eq!(story.judge.number("select count(*) from message").await, 0);
    story.end().await;
}
