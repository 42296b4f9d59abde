//! The same events, however they are packed.

use serde_json::{Value, json};

use crate::house::{Story, meta};

const MIB: usize = 1024 * 1024;
const PHONES: [&str; 3] = ["393335550101", "393335550102", "393335550103"];

fn bodies() -> Vec<Value> {
    let said = |phone: &&str| {
        let text = json!({ "body": "quali corsi ci sono domani?" });
        let message = meta::message(phone, &format!("wamid.of-{phone}"), "text", &text);
        meta::envelope(meta::NUMBER, &Value::Null, &[message], &[])
    };
    PHONES.iter().map(said).collect()
}

/// All changes of all bodies in one.
fn merged(bodies: &[Value]) -> Value {
    let entries: Vec<_> = bodies.iter().map(|body| body["entry"][0].clone()).collect();
    json!({ "object": "whatsapp_business_account", "entry": entries })
}

fn padded(body: &Value, length: usize) -> Vec<u8> {
    let mut bytes = body.to_string().into_bytes();
    bytes.resize(length, b' ');
    bytes
}

#[tokio::test]
async fn merged_padded_and_repeated_bodies_change_nothing() {
    let story = Story::begin().await;
    let (meta, bodies) = (story.meta(), bodies());
    for _ in 0..3 {
        assert_eq!(meta.posts_bytes(padded(&bodies[0], 3 * MIB)).await, 200);
        for body in &bodies {
            assert_eq!(meta.posts(body).await, 200);
        }
        assert_eq!(meta.posts(&merged(&bodies)).await, 200);
        assert_eq!(meta.posts_bytes(padded(&merged(&bodies), MIB)).await, 200);
    }
    for phone in PHONES {
        story.customer(phone).expect_reply().await;
    }
    let messages = "select count(*) from message where direction = 'in'";
    assert_eq!(story.judge.number(messages).await, 3);
    assert_eq!(story.judge.number("select count(*) from customer").await, 3);
    story.end().await;
}

#[tokio::test]
async fn a_body_beyond_three_mebibytes_is_refused() {
    let story = Story::closed().await;
    let before = story.judge.census().await;
    assert_eq!(story.meta().posts_bytes(padded(&bodies()[0], 3 * MIB + 1)).await, 413);
    assert_eq!(story.meta().posts_bytes(padded(&bodies()[0], 10 * MIB)).await, 413);
    assert_eq!(story.judge.census().await, before);
}

#[tokio::test]
async fn an_unknown_number_is_quarantined_and_the_rest_goes_on() {
    let story = Story::begin().await;
    let text = json!({ "body": "ciao" });
    let stray = meta::message("393335550109", "wamid.stray", "text", &text);
    let stray = meta::envelope("999999999999999", &Value::Null, &[stray], &[]);
    let both = merged(&[stray, bodies()[0].clone()]);
    assert_eq!(story.meta().posts(&both).await, 200);
    story.customer(PHONES[0]).expect_reply().await;
    let strays = story.judge.texts("select phone_number_id from webhook_quarantine").await;
    assert_eq!(strays, ["999999999999999"]);
    assert_eq!(story.judge.number("select count(*) from customer").await, 1);
    assert!(story.simulators.messages(Some("393335550109")).is_empty());
    story.end().await;
}
