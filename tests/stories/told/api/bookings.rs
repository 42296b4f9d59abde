//! Booking for customers.

use serde_json::json;

use super::program::Program;
use crate::house::Story;

#[tokio::test]
async fn a_place_is_quoted_booked_attended_and_given_up() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let quote =
        desk.post(&format!("/sessions/{yoga}/quotes"), json!({ "customer": anna, "places": 2 })).await.created();
    assert_eq!(quote["total_minor"], quote["each_minor"].as_i64().unwrap() * 2);
    let wish = json!({ "session": yoga, "customer": anna, "places": 2, "quote": quote["id"] });
    let answer = desk.post("/bookings", wish).await;
    let booking = answer.created();
    let here = format!("/bookings/{}", booking["id"]);
    assert_eq!(answer.headers["location"], format!("/api/v1{here}"));
    assert_eq!(booking["state"], "booked");
    assert_eq!(booking["via"], "api");
    assert_eq!((&booking["price_minor"], &booking["owes_minor"]), (&quote["total_minor"], &quote["total_minor"]));
    assert_eq!(desk.get(&here).await.ok(), booking);
    assert_eq!(desk.get(&format!("/sessions/{yoga}")).await.ok()["booked"], 2);
    for list in [format!("/sessions/{yoga}/bookings"), format!("/bookings?customer={anna}&state=booked")] {
        assert_eq!(desk.get(&list).await.ok()["items"], json!([booking]), "{list}");
    }
    let came = desk.put(&format!("{here}/attendance"), json!({ "attendance": "checked_in" })).await.ok();
    assert!(came["checked_in_at"].is_string());
    let taken_back = desk.put(&format!("{here}/attendance"), json!({ "attendance": "unknown" })).await.ok();
    assert!(taken_back["checked_in_at"].is_null());
    let returns = desk.get(&format!("{here}/return?by=customer")).await.ok();
    assert_eq!(
        (&returns["paid_minor"], &returns["percent"], &returns["late"]),
        (&json!(0), &json!(100), &json!(false))
    );
    let gone = desk.post(&format!("{here}/cancellation"), json!({ "by": "customer" })).await.ok();
    assert_eq!(
        (&gone["booking"]["state"], &gone["booking"]["cancelled_by"]),
        (&json!("cancelled"), &json!("customer"))
    );
    assert_eq!(gone["returns"], returns);
    for again in [
        desk.post(&format!("{here}/cancellation"), json!({ "by": "business" })).await,
        desk.get(&format!("{here}/return?by=business")).await,
    ] {
        again.refused(409, "already_cancelled");
    }
    desk.put(&format!("{here}/attendance"), json!({ "attendance": "no_show" })).await.refused(409, "not_booked");
    assert_eq!(desk.get(&format!("/sessions/{yoga}")).await.ok()["booked"], 0);
    story.end().await;
}

#[tokio::test]
async fn each_no_of_the_business_has_its_name() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, bruno) = (desk.customer("+44 7700 900101").await, desk.customer("+44 7700 900102").await);
    let sessions = desk.yoga(story.clock.now()).await;
    let (yoga, other) = (sessions[0], sessions[1]);
    let book = async |session: i64, customer: i64| {
        desk.post("/bookings", json!({ "session": session, "customer": customer })).await
    };
    let booking = book(yoga, anna).await.created();
    book(yoga, anna).await.refused(409, "already_booked");
    let own = "update session set capacity = booked where id = $1";
    sqlx::query(own).bind(yoga).execute(&story.judge.pool).await.unwrap();
    book(yoga, bruno).await.refused(409, "full");
    assert_eq!(book(9_999_999, bruno).await.refused(404, "not_found")["field"], "session");
    assert_eq!(book(other, 9_999_999).await.refused(404, "not_found")["field"], "customer");
    let set = async |sql: &'static str, id: i64| {
        sqlx::query(sql).bind(id).execute(&story.judge.pool).await.unwrap();
    };
    set("update session set crew_id = null, starts_at = like_it.starts_at + interval '5 minutes', ends_at = like_it.ends_at + interval '5 minutes'
         from session like_it where like_it.id = $1 and session.id = (select max(id) from session)", yoga).await;
    let last = story.judge.number("select max(id) from session").await;
    book(last, anna).await.refused(409, "clash");
    desk.patch("/settings", json!({ "booking_opens_days": 1 })).await.ok();
    book(other, bruno).await.refused(409, "not_open");
    desk.patch("/settings", json!({ "booking_opens_days": null, "booking_closes_minutes": 525_600 })).await.ok();
    book(other, bruno).await.refused(409, "closed");
    let by_staff = json!({ "session": other, "customer": bruno, "staff": true });
    assert_eq!(desk.post("/bookings", by_staff).await.created()["via"], "staff");
    desk.patch("/settings", json!({ "booking_closes_minutes": 0 })).await.ok();
    set("update session set status = 'cancelled' where id = $1", last).await;
    book(last, bruno).await.refused(409, "session_cancelled");
    set("update session set status = 'scheduled', starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = $1", last).await;
    book(last, bruno).await.refused(409, "started");
    let started = json!({ "session": last });
    desk.post(&format!("/bookings/{}/move", booking["id"]), started).await.refused(409, "started");
    desk.post(&format!("/sessions/{last}/quotes"), json!({ "customer": anna })).await.refused(409, "started");
    story.end().await;
}

#[tokio::test]
async fn a_price_that_does_not_stand_is_not_taken() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let (anna, bruno) = (desk.customer("+44 7700 900101").await, desk.customer("+44 7700 900102").await);
    let sessions = desk.yoga(story.clock.now()).await;
    let quotes = format!("/sessions/{}/quotes", sessions[0]);
    let quote = desk.post(&quotes, json!({ "customer": anna })).await.created()["id"].clone();
    let book = async |session: i64, customer: i64, places: i32| {
        let wish = json!({ "session": session, "customer": customer, "places": places, "quote": quote });
        desk.post("/bookings", wish).await
    };
    book(sessions[1], anna, 1).await.refused(409, "quote_void");
    book(sessions[0], anna, 2).await.refused(409, "quote_void");
    assert_eq!(book(sessions[0], bruno, 1).await.refused(404, "not_found")["field"], "quote");
    sqlx::query("update quote set expires_at = now()").execute(&story.judge.pool).await.unwrap();
    book(sessions[0], anna, 1).await.refused(409, "quote_void");
    assert_eq!(story.judge.number("select count(*) from seat").await, 0);
}

#[tokio::test]
async fn a_booking_moves_with_what_was_paid() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, sessions) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await);
    let booking = desk.post("/bookings", json!({ "session": sessions[0], "customer": anna })).await.created();
    let here = format!("/bookings/{}", booking["id"]);
    let paid = desk.post(&format!("{here}/cash"), json!({})).await.created();
    assert_eq!((&paid["state"], &paid["method"]), (&json!("captured"), &json!("cash")));
    desk.post(&format!("{here}/move"), json!({ "session": sessions[0] })).await.refused(409, "already_booked");
    let unknown = desk.post(&format!("{here}/move"), json!({ "session": 9_999_999 })).await;
    assert_eq!(unknown.refused(404, "not_found")["field"], "session");
    let moved = desk.post(&format!("{here}/move"), json!({ "session": sessions[1] })).await.created();
    assert_eq!((&moved["moved_from"], &moved["session"]), (&booking["id"], &json!(sessions[1])));
    assert_eq!(
        moved["owes_minor"].as_i64().unwrap(),
        moved["price_minor"].as_i64().unwrap() - paid["captured_minor"].as_i64().unwrap()
    );
    desk.post(&format!("{here}/move"), json!({ "session": sessions[2] })).await.refused(409, "already_cancelled");
    assert_eq!(desk.get(&format!("/payments/{}", paid["id"])).await.ok()["booking"], moved["id"]);
    story.end().await;
}

#[tokio::test]
async fn papers_are_in_the_language_that_is_asked_for() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": anna })).await.created();
    let here = format!("/bookings/{}", booking["id"]);
    let ask = async |paper: &str, language: &str| {
        let headers = [("accept-language", language)];
        desk.send(reqwest::Method::GET, &format!("{here}/{paper}"), None, &headers).await
    };
    let english = ask("calendar.ics", "fr, en;q=0.9, it;q=0.5").await;
    assert_eq!(english.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(english.headers["content-language"], "en");
    assert!(english.text().contains(&format!("UID:seat-{}.tenant-", booking["id"])), "{}", english.text());
    assert!(english.text().contains("STATUS:CONFIRMED"));
    assert_eq!(ask("calendar.ics", "it").await.headers["content-language"], "it");
    ask("receipt.pdf", "it").await.refused(409, "nothing_paid");
    desk.post(&format!("{here}/cash"), json!({})).await.created();
    let receipt = ask("receipt.pdf", "it-IT").await;
    assert_eq!(receipt.status, 200);
    assert_eq!(receipt.headers["content-language"], "it");
    assert!(receipt.bytes.starts_with(b"%PDF-") && receipt.bytes.len() > 2000, "{} bytes", receipt.bytes.len());
    assert_eq!(ask("receipt.pdf", "de").await.headers["content-language"], "en", "the customer's own");
    desk.post(&format!("{here}/cancellation"), json!({ "by": "business" })).await.ok();
    assert!(ask("calendar.ics", "en").await.text().contains("STATUS:CANCELLED"));
    story.end().await;
}

#[tokio::test]
async fn when_the_customer_asked_counts_and_not_when_it_was_written_down() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": anna })).await.created();
    let here = format!("/bookings/{}", booking["id"]);
    desk.post(&format!("{here}/cash"), json!({})).await.created();
    // Whoever leads it may lead another one by then.
    let soon = "update session set crew_id = null, starts_at = now() + interval '1 hour', ends_at = now() + interval '2 hours' where id = $1";
    sqlx::query(soon).bind(yoga).execute(&story.judge.pool).await.unwrap();
    let now = desk.get(&format!("{here}/return?by=customer")).await.ok();
    assert_eq!((&now["percent"], &now["late"]), (&json!(0), &json!(true)));
    assert_eq!(desk.get(&format!("{here}/return?by=business")).await.ok()["percent"], 100);
    let at = |days: i64| (story.clock.now() + chrono::TimeDelta::days(days)).to_rfc3339();
    let cancel = async |asked_at: String| {
        desk.post(&format!("{here}/cancellation"), json!({ "by": "customer", "asked_at": asked_at })).await
    };
    cancel(at(1)).await.names("asked_at");
    let returns = cancel(at(-2)).await.ok()["returns"].clone();
    assert_eq!((&returns["percent"], &returns["late"]), (&json!(100), &json!(false)));
}
