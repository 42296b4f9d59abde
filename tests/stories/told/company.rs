//! Webhooks that come at one time share a transaction, and nothing else.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::house::{Story, meta};

const MANY: usize = 40;

fn phone(n: usize) -> String {
    format!("3933355510{n:02}")
}

fn body(n: usize) -> Value {
    let message = meta::message(&phone(n), &format!("wamid.company-{n}"), "text", &json!({ "body": "ciao" }));
    meta::envelope(meta::NUMBER, &Value::Null, &[message], &[])
}

#[tokio::test]
async fn a_message_that_no_row_takes_hurts_no_other() {
    let story = Story::closed().await;
    let meta = story.meta();
    let mut bodies: Vec<_> = (0..MANY).map(body).collect();
    // Before PostgreSQL's first year.
    bodies[7]["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = json!("-8000000000000000");
    let answers = join_all(bodies.iter().map(|body| meta.posts(body))).await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(story.judge.number("select count(*) from message").await, i64::try_from(MANY).unwrap() - 1);
    let turns = "select count(*) from holdfast.job_state where kind = 'answer_message'";
    assert_eq!(story.judge.number(turns).await, i64::try_from(MANY).unwrap() - 1);
    assert_eq!(story.judge.number("select count(*) from webhook_event").await, i64::try_from(MANY).unwrap());
    let quarantined = story.judge.texts("select reason from webhook_quarantine").await;
    assert_eq!(quarantined, ["refused by the database: 22008"]);
}

#[tokio::test]
async fn a_customer_whose_row_is_held_holds_up_no_other() {
    let story = Story::closed().await;
    let meta = story.meta();
    assert_eq!(meta.posts(&body(0)).await, 200);
    let mut held = engine::begin(&story.judge.pool).await.unwrap();
    sqlx::query("select from conversation for update").execute(&mut *held).await.unwrap();
    let again = meta::message(&phone(0), "wamid.company-again", "text", &json!({ "body": "ci siete?" }));
    let again = meta::envelope(meta::NUMBER, &Value::Null, &[again], &[]);
    let bodies: Vec<_> = (1..MANY).map(body).collect();
    let others = async {
        let answers = join_all(bodies.iter().map(|body| meta.posts(body))).await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        held.rollback().await.unwrap();
    };
    let (status, ()) = tokio::join!(meta.posts(&again), others);
    assert_eq!(status, 200);
    assert_eq!(story.judge.number("select count(*) from message").await, i64::try_from(MANY).unwrap() + 1);
}

#[tokio::test]
async fn a_body_that_comes_many_times_at_once_is_one() {
    let story = Story::closed().await;
    let (meta, body) = (story.meta(), body(1));
    let answers = tokio::time::timeout(Duration::from_secs(30), join_all((0..MANY).map(|_| meta.posts(&body)))).await;
    assert!(answers.unwrap().iter().all(|status| *status == 200));
    for table in [
        "select count(*) from webhook_event",
        "select count(*) from message",
        "select count(*) from holdfast.job_state",
    ] {
        assert_eq!(story.judge.number(table).await, 1, "{table}");
    }
}
