//! What became of our messages: told in any order, more than once, or before we know the message.

use ops::simulate::{Fault, Kind, Target};
use serde_json::Value;

use crate::house::{Story, eventually, meta};

const STATE: &str = "select state from message where direction = 'out'";

async fn becomes(story: &Story, state: &str) {
    eventually(async || {
        let found = story.judge.texts(STATE).await;
        if found == [state] { Ok(()) } else { Err(format!("{found:?} instead of {state}")) }
    })
    .await;
}

async fn is_read_under(kind: Kind) {
    let story = Story::begin().await;
    story.simulators.fault(Fault::new(Target::Whatsapp, kind));
    let anna = story.customer("+393335550101");
    anna.says("ciao").await;
    anna.expect_reply().await;
    becomes(&story, "delivered").await;
    story.simulators.read("393335550101");
    becomes(&story, "read").await;
    story.end().await;
}

#[tokio::test]
async fn statuses_before_the_answer_to_the_send_are_kept() {
    is_read_under(Kind::StatusBeforeResponse).await;
}

#[tokio::test]
async fn statuses_told_twice_count_once() {
    is_read_under(Kind::StatusDuplicate).await;
}

#[tokio::test]
async fn statuses_in_any_order_only_move_up() {
    is_read_under(Kind::StatusShuffle).await;
}

#[tokio::test]
async fn every_order_ends_at_read() {
    let story = Story::begin().await;
    story.simulators.fault(Fault::new(Target::Whatsapp, Kind::NoStatus));
    for (phone, order) in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].into_iter().enumerate() {
        let anna = story.customer(&format!("+39333555010{phone}"));
        anna.says("ciao").await;
        let wamid = anna.expect_reply().await.wamid;
        for n in order {
            let at = 1_795_363_200 + i64::try_from(n).unwrap();
            let status = meta::status(&wamid, ["sent", "delivered", "read"][n], at);
            let body = meta::envelope(meta::NUMBER, &Value::Null, &[], &[status]);
            assert_eq!(story.meta().posts(&body).await, 200);
        }
    }
    let states = "select distinct state from message where direction = 'out'";
    assert_eq!(story.judge.texts(states).await, ["read"]);
    story.end().await;
}

#[tokio::test]
async fn a_status_of_an_unknown_message_waits() {
    let story = Story::begin().await;
    let status = meta::status("wamid.not-ours-yet", "delivered", 1_795_363_200);
    let body = meta::envelope(meta::NUMBER, &Value::Null, &[], &[status]);
    assert_eq!(story.meta().posts(&body).await, 200);
    assert_eq!(story.meta().posts(&body).await, 200);
    let parked = "select count(*) from delivery_status where message_id is null";
    assert_eq!(story.judge.number(parked).await, 1);
    story.end().await;
}

/// WhatsApp takes every fifth message and says nothing about it: a status settles what became of
/// it, and nothing is said twice.
#[tokio::test]
async fn answers_that_got_lost_are_not_said_again() {
    let story = Story::begin().await;
    story.simulators.fault(Fault {
        probability: 0.2,
        seed: Some(7),
        ..Fault::new(Target::Whatsapp, Kind::DropResponseAfterAccept)
    });
    let customers: Vec<_> = (0..20).map(|n| story.customer(&format!("+3933355502{n:02}"))).collect();
    for customer in &customers {
        customer.says("che corsi ci sono domani?").await;
    }
    for customer in &customers {
        customer.expect_reply().await;
    }
    drop(customers);
    story.end().await;
}
