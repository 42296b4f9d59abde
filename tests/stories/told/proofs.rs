//! Every step of a turn fails once, at every point where it can: the customer notices nothing.

use engine::Point;

use crate::house::Story;

/// Books and cancels, with each job's first attempt failing at `point`; what stands is what was said.
async fn books_and_cancels(point: Point) {
    let story = Story::sabotaged(move |_, attempt, at| attempt == 1 && at == point).await;
    let customer = story.customer("+393335550199");
    customer.says("yoga tomorrow at 7pm").await;
    customer.expect_reply_containing("Shall I book it?").await;
    customer.taps("Yes").await;
    customer.expect_reply_containing("you are booked").await;
    assert_eq!(story.judge.number("select count(*) from seat where state = 'booked'").await, 1, "{point:?}");
    customer.says("cancel my booking").await;
    customer.expect_reply().await;
    customer.taps("Yes").await;
    customer.expect_reply().await;
    assert_eq!(story.judge.number("select count(*) from seat where state = 'booked'").await, 0, "{point:?}");
    let failed = "select count(*) from holdfast.attempt where error like 'sabotage%'";
    assert!(story.judge.number(failed).await >= 8, "{point:?}: nothing was sabotaged");
    story.end().await;
}

#[tokio::test]
async fn each_step_fails_once_before_it_begins() {
    books_and_cancels(Point::BeforeRun).await;
}

/// The message was sent and nobody knows: a status tells, and it is not sent again.
#[tokio::test]
async fn each_step_fails_once_before_it_commits() {
    books_and_cancels(Point::BeforeCommit).await;
}

#[tokio::test]
async fn a_workflow_runs_twice_with_the_same_end() {
    let story = Story::sabotaged(|_, attempt, at| attempt == 1 && at == Point::AfterRun).await;
    let customer = story.customer("+393335550199");
    customer.says("vorrei yoga domani alle 19").await;
    customer.expect_reply_containing("Prenoto?").await;
    customer.says("sì grazie").await;
    customer.expect_reply_containing("il posto è tuo").await;
    assert_eq!(story.judge.number("select count(*) from seat where state = 'booked'").await, 1);
    story.end().await;
}
