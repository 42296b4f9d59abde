//! Paying, waiting, being moved up, and getting money back: all from the chat.

use crate::house::{Story, eventually};

#[tokio::test]
async fn a_booking_is_paid_by_link_and_cancelled_with_the_refund_shown_first() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.books().await;
    anna.taps("Pay by card").await;
    anna.expect_reply_containing("sending you the link").await;
    let link = anna.expect_reply_containing("Here you pay €15.00").await;
    let session = link.text.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id").to_owned();
    story.simulators.pay(&session).expect("a payment");
    let told = [anna.expect_reply().await, anna.expect_reply().await];
    assert!(told.iter().any(|sent| sent.text.contains("I received €15.00")), "{told:?}");
    assert!(told.iter().any(|sent| sent.filename.as_deref() == Some("receipt-1.pdf")), "{told:?}");
    anna.says("cancel my yoga booking").await;
    let asked = anna.expect_reply_containing("Shall I cancel it?").await;
    assert!(asked.text.contains("back"), "{}", asked.text);
    anna.taps("Yes").await;
    anna.expect_reply_containing("is cancelled").await;
    eventually(async || {
        let states = story.judge.texts("select state from refund").await;
        let percent = story.judge.number("select coalesce(max(refund_percent), 0)::bigint from proposal").await;
        // Less than 24 hours before, and then nothing at all, when this test runs in the evening.
        let due = usize::from(percent > 0);
        if states == vec!["succeeded"; due] { Ok(()) } else { Err(format!("{percent} %, refunds {states:?}")) }
    })
    .await;
    if story.judge.number("select count(*) from refund").await == 1 {
        anna.expect_reply_containing("back to you").await;
    }
    story.end().await;
}

#[tokio::test]
async fn who_waits_is_offered_the_place_that_becomes_free() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    story.leaves_places(1).await;
    anna.books().await;
    bruno.says("I want yoga tomorrow at 7pm").await;
    bruno.expect_reply().await;
    let said = bruno.all().last().expect("an answer").text.clone();
    if !said.contains("waiting list") {
        bruno.says("yoga tomorrow at 19:00 please, the full one").await;
        bruno.expect_reply_containing("waiting list").await;
    }
    bruno.taps("Yes").await;
    bruno.expect_reply_containing("you are next").await;
    anna.says("cancel my yoga booking").await;
    anna.expect_reply_containing("Shall I cancel it?").await;
    anna.taps("Yes").await;
    anna.expect_reply_containing("is cancelled").await;
    bruno.expect_reply_containing("A place is free").await;
    bruno.taps("Yes, I want it").await;
    bruno.expect_reply_containing("you are booked").await;
    let log = "select event from waitlist_log order by id";
    assert_eq!(story.judge.texts(log).await, ["joined", "offered", "accepted"]);
    story.end().await;
}

#[tokio::test]
async fn stop_is_heard_and_start_undoes_it() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.says("hello").await;
    anna.expect_reply().await;
    anna.says("STOP").await;
    anna.expect_reply_containing("won't write to you unasked").await;
    assert_eq!(story.judge.number("select count(*) from customer where opted_out_at is not null").await, 1);
    anna.says("start").await;
    anna.expect_reply_containing("Welcome back").await;
    assert_eq!(
        story.judge.texts("select granted::text || ' ' || source from consent order by id").await,
        ["false message", "true message"]
    );
    story.end().await;
}
