//! One customer, one class.

use serde_json::json;

use crate::house::{Story, meta};

const SEATS: &str = "select count(*) from seat where state = 'booked'";

#[tokio::test]
async fn books_in_english() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("I want yoga tomorrow at 7pm").await;
    let offer = anna.expect_reply_containing("Yoga").await;
    assert!(offer.text.contains("19:00") || offer.text.contains("7:00"), "{}", offer.text);
    assert_eq!(offer.buttons.len(), 2, "{offer:#?}");
    assert_eq!(story.judge.number(SEATS).await, 0, "nothing is booked before the yes");
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    assert_eq!(story.judge.number(SEATS).await, 1);
    story.end().await;
}

#[tokio::test]
async fn books_in_italian() {
    let story = Story::begin().await;
    let anna = story.customer("+393335550101");
    anna.says("Vorrei prenotare yoga domani alle 19").await;
    anna.expect_reply_containing("yoga").await;
    anna.taps("Sì").await;
    anna.expect_reply_containing("il posto è tuo").await;
    assert_eq!(story.judge.number(SEATS).await, 1);
    story.end().await;
}

#[tokio::test]
async fn a_written_yes_counts_and_a_no_books_nothing() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    for customer in [&anna, &bruno] {
        customer.says("yoga tomorrow at 19:00 please").await;
        customer.expect_reply_containing("Yoga").await;
    }
    anna.says("yes").await;
    bruno.says("no").await;
    anna.expect_reply_containing("you are booked").await;
    bruno.expect_reply().await;
    assert_eq!(story.judge.number(SEATS).await, 1);
    story.end().await;
}

#[tokio::test]
async fn tapping_yes_twice_books_once() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("I want yoga tomorrow at 7pm").await;
    anna.expect_reply().await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.taps("Yes").await;
    anna.expect_reply().await;
    assert_eq!(story.judge.number(SEATS).await, 1);
    story.end().await;
}

#[tokio::test]
async fn a_burst_gets_one_answer() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    for words in ["hi", "I'd like yoga", "tomorrow at 7pm"] {
        anna.says(words).await;
    }
    anna.expect_reply_containing("Yoga").await;
    story.end().await;
}

#[tokio::test]
async fn cancels_what_was_booked() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("I want yoga tomorrow at 7pm").await;
    anna.expect_reply().await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    anna.says("cancel my yoga booking").await;
    anna.expect_reply_containing("cancel").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("cancelled").await;
    assert_eq!(story.judge.number(SEATS).await, 0);
    assert_eq!(story.judge.number("select sum(booked)::bigint from session").await, 0);
    story.end().await;
}

/// In the night of 28 March 2027 the clocks of Padova go forward.
#[tokio::test]
async fn tomorrow_at_seven_is_by_the_wall_clock_of_the_studio() {
    let story = Story::begin_at("2027-03-27T22:30:00Z".parse().unwrap()).await;
    let anna = story.customer("+447700900101");
    anna.says("I want yoga tomorrow at 7pm").await;
    anna.expect_reply_containing("19:00").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("you are booked").await;
    let start = "select starts_at::text from session join seat on seat.session_id = session.id";
    assert_eq!(story.judge.texts(start).await, ["2027-03-28 17:00:00+00"]);
    story.end().await;
}

/// The request that Meta's documentation shows, as `curl` would send it.
#[tokio::test]
async fn a_signed_body_as_meta_documents_it_is_answered() {
    let story = Story::begin().await;
    let contacts = json!([{ "profile": { "name": "Anna Bianchi" }, "wa_id": "393335550101" }]);
    let text = json!({ "body": "Vorrei yoga domani alle 19" });
    let message = meta::message("393335550101", "wamid.HBgLMzkzMzM1NTUwMTAxFQIAEhgg", "text", &text);
    let body = meta::envelope(meta::NUMBER, &contacts, &[message], &[]);
    assert_eq!(story.meta().posts(&body).await, 200);
    story.customer("+393335550101").expect_reply_containing("yoga").await;
    story.end().await;
}
