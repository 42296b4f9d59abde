//! Waiting lists.

use serde_json::json;

use super::program::Program;
use crate::house::Story;

#[tokio::test]
async fn who_waits_is_seen_moved_up_and_let_go() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let mut people = Vec::new();
    for n in 1..=4 {
        people.push(desk.customer(&format!("+44 7700 90010{n}")).await);
    }
    let yoga = desk.yoga(story.clock.now()).await[0];
    let wait =
        async |customer: i64| desk.post("/waitlist-entries", json!({ "session": yoga, "customer": customer })).await;
    wait(people[0]).await.refused(409, "place_free");
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": people[0] })).await.created();
    let full = "update session set capacity = booked where id = $1";
    sqlx::query(full).bind(yoga).execute(&story.judge.pool).await.unwrap();
    wait(people[0]).await.refused(409, "already_booked");
    let answer = wait(people[1]).await;
    let first = answer.created();
    assert_eq!((&first["state"], &first["position"]), (&json!("waiting"), &json!(1)));
    assert_eq!(answer.headers["location"], format!("/api/v1/waitlist-entries/{}", first["id"]));
    let second = wait(people[2]).await.created();
    let third = wait(people[3]).await.created();
    wait(people[1]).await.refused(409, "waiting");
    assert_eq!(desk.get(&format!("/sessions/{yoga}")).await.ok()["waiting"], 3);
    let page = desk.get(&format!("/sessions/{yoga}/waitlist?limit=2")).await.ok();
    assert_eq!(page["items"], json!([first, second]));
    let rest = format!("/sessions/{yoga}/waitlist?limit=2&after={}", page["next"].as_str().unwrap());
    assert_eq!(desk.get(&rest).await.ok(), json!({ "items": [third], "next": null }));
    let gone = format!("/waitlist-entries/{}", second["id"]);
    desk.delete(&gone).await.with(204);
    assert_eq!(desk.get(&gone).await.ok()["state"], "left");
    desk.delete(&gone).await.refused(409, "not_waiting");
    desk.post(&format!("/bookings/{}/cancellation", booking["id"]), json!({ "by": "customer" })).await.ok();
    let offered = desk.get(&format!("/waitlist-entries/{}", first["id"])).await.ok();
    assert_eq!(offered["state"], "offered");
    // What is held for an offer is no booking yet.
    let held = format!("/bookings/{}", offered["booking"]);
    assert_eq!(desk.get(&held).await.ok()["state"], "held");
    desk.post(&format!("{held}/cash"), json!({})).await.refused(409, "offered");
    desk.post(&format!("{held}/payment-link"), json!({})).await.refused(409, "offered");
    desk.post(&format!("{held}/cancellation"), json!({ "by": "business" })).await.refused(409, "offered");
    desk.post(&format!("{held}/move"), json!({ "session": yoga })).await.refused(409, "offered");
    let taken = desk.post("/bookings", json!({ "session": yoga, "customer": people[1] })).await.created();
    assert_eq!((&taken["id"], &taken["state"]), (&offered["booking"], &json!("booked")));
    let log = desk.get(&format!("/sessions/{yoga}/waitlist/log")).await.ok();
    let events: Vec<_> = log["items"].as_array().unwrap().iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["joined", "joined", "joined", "left", "offered", "accepted"]);
    let none = desk.get("/sessions/9999999/waitlist").await;
    none.refused(404, "not_found");
    story.end().await;
}
