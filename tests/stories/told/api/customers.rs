//! Customers.

use serde_json::json;

use super::program::Program;
use crate::house::Story;

#[tokio::test]
async fn a_customer_is_written_down_found_changed_and_asked() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let new = json!({ "phone": "+39 333 555-0101", "name": " Anna Bianchi ", "language": "it" });
    let answer = desk.post("/customers", new.clone()).await;
    let anna = answer.created();
    let here = format!("/customers/{}", anna["id"]);
    assert_eq!(answer.headers["location"], format!("/api/v1{here}"));
    assert_eq!((&anna["phone"], &anna["name"]), (&json!("393335550101"), &json!("Anna Bianchi")));
    let taken = desk.post("/customers", new).await.refused(409, "phone_taken");
    assert!(taken["detail"].as_str().unwrap().contains(&anna["id"].to_string()), "{taken}");
    desk.customer("+44 7700 900102").await;
    for search in ["name=BIANC", "phone=5550101", "name=anna&phone=333"] {
        assert_eq!(desk.get(&format!("/customers?{search}")).await.ok()["items"], json!([anna]), "{search}");
    }
    assert_eq!(desk.get("/customers?name=100%25_").await.ok()["items"], json!([]));
    let change = json!({ "name": null, "language": "en", "preferences": { "mat": "own" }, "blocked": true });
    let changed = desk.patch(&here, change).await.ok();
    assert_eq!((&changed["name"], &changed["language"]), (&json!(null), &json!("en")));
    assert_eq!(changed["preferences"], json!({ "mat": "own" }));
    assert!(changed["blocked_at"].is_string());
    let same = desk.patch(&here, json!({ "blocked": false })).await.ok();
    assert_eq!((&same["language"], &same["blocked_at"]), (&json!("en"), &json!(null)));
    desk.patch(&here, json!({ "preferences": { "a": "x".repeat(5000) } })).await.names("preferences");
    desk.patch(&here, json!({ "preferences": ["mat"] })).await.names("preferences");
    desk.patch(&here, json!({ "preferences": { "a": [1e308] } })).await.names("preferences");
    desk.patch(&here, json!({ "preferences": { "a": [1e18, 1e-320, i64::MIN, u64::MAX] } })).await.ok();
    desk.patch(&here, json!({ "blocked": null })).await.names("blocked");
    for granted in [false, true] {
        let told = desk.put(&format!("{here}/consent"), json!({ "granted": granted })).await.ok();
        assert_eq!(told["opted_out_at"].is_null(), granted);
    }
    let consents = desk.get(&format!("{here}/consents")).await.ok();
    let said = consents["items"].as_array().unwrap();
    assert_eq!(said.iter().map(|said| said["granted"] == true).collect::<Vec<_>>(), [true, false]);
    assert!(said.iter().all(|said| said["source"] == "api"), "{consents}");
    let profile = desk.get(&here).await.ok();
    assert_eq!((&profile["consent"]["granted"], &profile["consent"]["source"]), (&json!(true), &json!("api")));
    assert_eq!((&profile["bookings"], &profile["entitlements"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn who_was_merged_is_found_as_who_they_are_now() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let (anna, double) = (desk.customer("+44 7700 900101").await, desk.customer("+44 7700 900102").await);
    let merged = "update customer set merged_into = $1 where id = $2";
    sqlx::query(merged).bind(anna).bind(double).execute(&story.judge.pool).await.unwrap();
    assert_eq!(desk.get(&format!("/customers/{double}")).await.ok()["id"], anna);
    let yoga = desk.yoga(story.clock.now()).await[0];
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": double })).await.created();
    assert_eq!(booking["customer"], anna);
    let listed = desk.get("/customers").await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let erased = "update customer set erased_at = now(), phone = null, name = null where id = $1";
    sqlx::query(erased).bind(anna).execute(&story.judge.pool).await.unwrap();
    for gone in [anna, double] {
        desk.get(&format!("/customers/{gone}")).await.refused(404, "not_found");
    }
}
