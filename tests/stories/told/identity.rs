//! Who a customer is, whatever phone they hold.

use serde_json::{Value, json};

use crate::house::{Story, meta};

const OLD: &str = "393335550101";
const NEW: &str = "393335550199";

async fn says(story: &Story, from: &str, wamid: &str) {
    let message = meta::message(from, wamid, "text", &json!({ "body": "che prenotazioni ho?" }));
    let body = meta::envelope(meta::NUMBER, &Value::Null, &[message], &[]);
    assert_eq!(story.meta().posts(&body).await, 200);
    story.customer(from).expect_reply().await;
}

#[tokio::test]
async fn a_new_phone_is_the_same_customer() {
    let story = Story::begin().await;
    says(&story, OLD, "wamid.before").await;
    let change = json!({ "body": "Anna changed", "type": "user_changed_number", "wa_id": NEW });
    let change = meta::message(OLD, "wamid.change", "system", &change);
    let change = meta::envelope(meta::NUMBER, &Value::Null, &[change], &[]);
    assert_eq!(story.meta().posts(&change).await, 200);
    says(&story, NEW, "wamid.after").await;
    let customers = "select count(*) from customer where merged_into is null";
    assert_eq!(story.judge.number(customers).await, 1);
    let conversations = "select count(distinct conversation_id) from message";
    assert_eq!(story.judge.number(conversations).await, 1);
    story.end().await;
}

/// A customer who hides the phone is known by WhatsApp's user id, and answered by it.
#[tokio::test]
async fn a_hidden_phone_is_answered_by_user_id() {
    let story = Story::begin().await;
    let anna = story.customer("+393335550101");
    anna.sends(json!({ "text": "che corsi ci sono domani?", "hide_phone": true })).await;
    let sent = anna.expect_reply().await;
    assert!(sent.request["recipient"].is_string() && sent.request["to"].is_null(), "{}", sent.request);
    story.end().await;
}
