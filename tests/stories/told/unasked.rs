//! What the house says without being asked: once, in time, and only to those who want it.

use chrono::{DateTime, TimeDelta, Utc};
use engine::Client;
use ops::simulate::{Fault, Kind, Target};
use workflows::KeepUp;

use super::api::program::Program;
use crate::house::{Customer, Story, eventually};

/// A minute has passed.
async fn look_after(story: &Story, tick: DateTime<Utc>) {
    let client = Client::new(story.pool().await);
    client.enqueue_now::<adapters::World, _>(0, &KeepUp { tick }).await.expect("work");
    eventually(async || {
        let open = "select count(*) from holdfast.job_state where state not in ('completed', 'dead', 'cancelled')";
        match story.judge.number(open).await {
            0 => Ok(()),
            count => Err(format!("{count} jobs are left")),
        }
    })
    .await;
}

/// The session of the booking begins this much after the booking would be reminded of.
async fn bring_near(story: &Story) -> DateTime<Utc> {
    let now = story.clock.now();
    let sql = "with near as (update session s set starts_at = $1, ends_at = $1 + interval '1 hour', crew_id = null
                 where exists (select from seat x where x.session_id = s.id) returning s.id)
               update seat set created_at = now() - interval '3 days' where session_id in (select id from near)";
    sqlx::query(sql)
        .bind(now + TimeDelta::minutes(90))
        .execute(&story.judge.pool)
        .await
        .expect("a session that is near");
    sqlx::query("update tenant set quiet_from = '00:00', quiet_until = '00:00'")
        .execute(&story.judge.pool)
        .await
        .expect("no quiet hours");
    now
}

/// The class is full, and this customer waits.
async fn waits_for_a_place(story: &Story, customer: &Customer<'_>) {
    let full = "update session set capacity = booked where booked > 0";
    sqlx::query(full).execute(&story.judge.pool).await.expect("a full class");
    customer.says("I want yoga tomorrow at 7pm").await;
    customer.expect_reply_containing("waiting list").await;
    customer.taps("Yes").await;
    customer.expect_reply_containing("waiting list").await;
}

async fn cancels(customer: &Customer<'_>) {
    customer.says("cancel my yoga booking").await;
    customer.expect_reply_containing("Shall I cancel it?").await;
    customer.taps("Yes").await;
    customer.expect_reply_containing("is cancelled").await;
}

#[tokio::test]
async fn a_booking_is_reminded_of_once_however_often_the_house_looks() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.books().await;
    let now = bring_near(&story).await;
    for minute in 0..3 {
        look_after(&story, now + TimeDelta::minutes(minute)).await;
    }
    // The one of the day before and that of two hours before: both were due, neither comes again.
    for _ in 0..2 {
        anna.expect_reply_containing("A reminder: Yoga").await;
    }
    story.end().await;
}

#[tokio::test]
async fn edge_43_after_the_24_hours_it_is_said_by_a_template_and_buttons_still_work() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    anna.books().await;
    waits_for_a_place(&story, &bruno).await;
    let long_ago = "update conversation v set last_inbound_at = now() - interval '2 days' from customer c
                    where c.id = v.customer_id and c.phone = '447700900102'";
    sqlx::query(long_ago).execute(&story.judge.pool).await.expect("a window that is over");
    cancels(&anna).await;
    let offer = bruno.expect_reply().await;
    assert_eq!(offer.request["type"], "template", "{offer:?}");
    let button = &offer.request["template"]["components"][1]["parameters"][0]["payload"];
    let payload = button.as_str().expect("the button's payload").to_owned();
    assert!(payload.starts_with("claim:"), "{payload}");
    bruno.sends(serde_json::json!({ "button": { "id": payload, "title": "Yes, I want it" } })).await;
    bruno.expect_reply_containing("you are booked").await;
    story.end().await;
}

#[tokio::test]
async fn edge_44_when_whatsapp_says_that_the_window_is_over_it_is_said_once_by_a_template() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    anna.books().await;
    waits_for_a_place(&story, &bruno).await;
    let closed = Fault::new(Target::Whatsapp, Kind::Error);
    story.simulators.fault(Fault {
        code: Some(131_047),
        times: Some(1),
        to: Some("+447700900102".to_owned()),
        ..closed
    });
    cancels(&anna).await;
    let offer = bruno.expect_reply().await;
    assert_eq!(offer.request["type"], "template", "{offer:?}");
    let payload =
        offer.request["template"]["components"][1]["parameters"][0]["payload"].as_str().expect("a button").to_owned();
    bruno.sends(serde_json::json!({ "button": { "id": payload, "title": "Yes, I want it" } })).await;
    bruno.expect_reply_containing("you are booked").await;
    story.end().await;
}

#[tokio::test]
async fn an_offer_that_perhaps_went_out_is_not_left_in_doubt_when_nobody_needs_it_any_more() {
    let story = Story::begin().await;
    let (anna, bruno) = (story.customer("+447700900101"), story.customer("+447700900102"));
    anna.books().await;
    waits_for_a_place(&story, &bruno).await;
    let lost = Fault::new(Target::Whatsapp, Kind::DropRequest);
    story.simulators.fault(Fault { times: Some(1), to: Some("+447700900102".to_owned()), ..lost });
    cancels(&anna).await;
    eventually(async || {
        let doubtful = "select count(*) from holdfast.effect where state = 'unknown'";
        if story.judge.number(doubtful).await == 1 { Ok(()) } else { Err("nothing is in doubt".to_owned()) }
    })
    .await;
    let entry = story.judge.number("select id from waitlist_entry where state = 'offered'").await;
    Program::of(&story).await.delete(&format!("/waitlist-entries/{entry}")).await.with(204);
    story.judge.finds_all_done().await;
    assert_eq!(story.judge.texts("select state from notice where kind = 'waitlist_offer'").await, ["skipped"]);
    story.end().await;
}

#[tokio::test]
async fn edge_28_without_a_template_the_offer_goes_to_the_next_and_staff_are_called() {
    let story = Story::begin().await;
    let (anna, bruno, carla) =
        (story.customer("+447700900101"), story.customer("+447700900102"), story.customer("+447700900103"));
    anna.books().await;
    for sql in ["update session set capacity = booked where booked > 0", "delete from template"] {
        sqlx::query(sql).execute(&story.judge.pool).await.expect("a full class, no template");
    }
    for customer in [&bruno, &carla] {
        customer.says("I want yoga tomorrow at 7pm").await;
        customer.expect_reply_containing("waiting list").await;
        customer.taps("Yes").await;
        customer.expect_reply_containing("waiting list").await;
    }
    let long_ago = "update conversation v set last_inbound_at = now() - interval '2 days' from customer c
                    where c.id = v.customer_id and c.phone = '447700900102'";
    sqlx::query(long_ago).execute(&story.judge.pool).await.expect("a window that is over");
    cancels(&anna).await;
    carla.expect_reply_containing("A place is free").await;
    carla.taps("Yes, I want it").await;
    carla.expect_reply_containing("you are booked").await;
    let log = "select event from waitlist_log order by id";
    assert_eq!(story.judge.texts(log).await, ["joined", "joined", "offered", "undeliverable", "offered", "accepted"]);
    let called = "select count(*) from conversation where needs_person_reason like '%no template%'";
    assert_eq!(story.judge.number(called).await, 1);
    story.end().await;
}

#[tokio::test]
async fn edge_47_who_said_stop_gets_no_reminder_but_every_answer() {
    let story = Story::begin().await;
    let anna = story.customer("+447700900101");
    anna.books().await;
    anna.says("stop").await;
    anna.expect_reply_containing("won't write to you unasked").await;
    let now = bring_near(&story).await;
    look_after(&story, now).await;
    assert_eq!(story.judge.number("select count(*) from notice where state = 'skipped'").await, 2);
    anna.says("my bookings").await;
    anna.expect_reply_containing("Yoga").await;
    story.end().await;
}
