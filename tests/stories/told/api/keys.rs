//! The same write sent twice.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::program::Program;
use crate::house::Story;

const SEATS: &str = "select count(*) from seat where state <> 'cancelled'";

#[tokio::test]
async fn a_write_that_comes_many_times_at_once_is_made_once() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let wish = json!({ "session": yoga, "customer": anna });
    let answers = join_all((0..30).map(|_| desk.keyed("order-1", "/bookings", &wish))).await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.iter().filter(|answer| !answer.headers.contains_key("idempotency-replayed")).count(), 1);
    for other in answers.iter().filter(|answer| answer.status != 201) {
        other.refused(409, "in_progress");
    }
    assert!(made.iter().all(|answer| answer.bytes == made[0].bytes));
    assert_eq!(story.judge.number(SEATS).await, 1);
    let again = desk.keyed("order-1", "/bookings", &wish).await;
    assert_eq!(again.created(), made[0].created());
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.headers["location"], made[0].headers["location"]);
    let other = json!({ "session": yoga, "customer": anna, "places": 2 });
    desk.keyed("order-1", "/bookings", &other).await.refused(422, "key_reused");
    desk.keyed("order-1", "/waitlist-entries", &wish).await.refused(422, "key_reused");
    desk.keyed("order-2", "/bookings", &wish).await.refused(409, "already_booked");
    story.end().await;
}

#[tokio::test]
async fn a_no_is_remembered_too_and_leaves_nothing_else() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let set = async |sql: &'static str| {
        sqlx::query(sql).bind(yoga).execute(&story.judge.pool).await.unwrap();
    };
    set("update session set status = 'cancelled' where id = $1").await;
    let wish = json!({ "session": yoga, "customer": anna });
    let first = desk.keyed("order-1", "/bookings", &wish).await;
    first.refused(409, "session_cancelled");
    set("update session set status = 'scheduled' where id = $1").await;
    let again = desk.keyed("order-1", "/bookings", &wish).await;
    again.refused(409, "session_cancelled");
    assert_eq!((&again.bytes, &again.headers["idempotency-replayed"]), (&first.bytes, &"true".parse().unwrap()));
    assert_eq!(story.judge.number(SEATS).await, 0);
    let unknown = json!({ "session": yoga, "customer": 9_999_999 });
    desk.keyed("order-2", "/bookings", &unknown).await.refused(404, "not_found");
    // What was never understood was never begun: its key is free.
    desk.keyed("order-3", "/bookings", &json!({ "session": "x" })).await.names("session");
    desk.keyed("order-3", "/bookings", &wish).await.created();
    assert_eq!(story.judge.number("select count(*) from api_idempotency").await, 3);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_swept_out_by_later_ones() {
    let story = Story::begin_at("2027-03-01T09:00:00Z".parse().unwrap()).await;
    let desk = Program::of(&story).await;
    let new = |n: i32| json!({ "phone": format!("+44 7700 9001{n:02}") });
    for n in 0..30 {
        desk.keyed(&format!("new-{n}"), "/customers", &new(n)).await.created();
    }
    story.clock.advance(TimeDelta::hours(23));
    assert!(desk.keyed("new-0", "/customers", &new(0)).await.headers.contains_key("idempotency-replayed"));
    story.clock.advance(TimeDelta::hours(2));
    let anew = desk.keyed("new-0", "/customers", &new(0)).await;
    anew.refused(409, "phone_taken");
    assert!(!anew.headers.contains_key("idempotency-replayed"));
    let kept = "select count(*) from api_idempotency";
    assert_eq!(story.judge.number(kept).await, 30 - 20, "one more, the old one of its key and twenty others less");
    desk.keyed("new-99", "/customers", &new(99)).await.created();
    assert_eq!(story.judge.number(kept).await, 2);
    story.end().await;
}

#[tokio::test]
async fn keys_of_one_tenant_are_nothing_to_another() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let rival = super::walls::rival(&story).await;
    let other = Program::with(&story, rival, "rival", &holdfast::api::Grant::all()).await;
    let new = json!({ "phone": "+44 7700 900101" });
    desk.keyed("same", "/customers", &new).await.created();
    let theirs = other.keyed("same", "/customers", &new).await;
    theirs.created();
    assert!(!theirs.headers.contains_key("idempotency-replayed"));
    for key in ["two words", "più", ""] {
        desk.send(reqwest::Method::POST, "/customers", Some(new.clone()), &[("idempotency-key", key)])
            .await
            .names("Idempotency-Key");
    }
}
