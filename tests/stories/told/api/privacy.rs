//! What a person asks of the business, asked by a program.

use serde_json::json;

use super::program::Program;
use crate::house::{Story, eventually};

#[tokio::test]
async fn a_customer_is_merged_copied_and_forgotten() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, twin) = (desk.customer("+44 7700 900101").await, desk.customer("+44 7700 900102").await);
    let session = desk.yoga(story.clock.now()).await[0];
    desk.post("/bookings", json!({ "session": session, "customer": twin })).await.created();

    let path = format!("/customers/{anna}/merge");
    desk.post(&path, json!({ "duplicate": anna })).await.names("duplicate");
    let merged = desk.post(&path, json!({ "duplicate": twin })).await.ok();
    assert_eq!((&merged["id"], &merged["bookings"]), (&json!(anna), &json!(1)));
    assert_eq!(desk.get(&format!("/customers/{twin}")).await.ok()["id"], anna);

    let exports = format!("/customers/{anna}/exports");
    assert_eq!(desk.post(&exports, json!({})).await.with(202)["at"], format!("/api/v1{exports}"));
    let copy = eventually(async || {
        let copies = desk.get(&exports).await.ok();
        copies["items"].get(0).cloned().ok_or_else(|| copies.to_string())
    })
    .await;
    assert_eq!(copy["counts"]["seat"], 1, "{copy}");
    let document = desk.get(&format!("/exports/{}", copy["id"])).await.ok();
    assert!(document.to_string().contains("447700900101"), "{document}");

    let erasures = format!("/customers/{anna}/erasures");
    desk.post(&erasures, json!({ "requested_by": "Ada" })).await.with(202);
    let erasure = eventually(async || {
        let all = desk.get(&erasures).await.ok();
        all["items"].get(0).filter(|one| !one["finished_at"].is_null()).cloned().ok_or_else(|| all.to_string())
    })
    .await;
    assert_eq!((&erasure["requested_by"], &erasure["left"]), (&json!("Ada"), &json!({})), "{erasure}");
    assert!(erasure["searched"].as_object().is_some_and(|searched| !searched.is_empty()), "{erasure}");
    desk.get(&format!("/customers/{anna}")).await.refused(404, "not_found");
    desk.get(&format!("/exports/{}", copy["id"])).await.refused(404, "not_found");
    let booking = desk.get(&format!("/bookings?session={session}")).await.ok();
    assert_eq!(booking["items"][0]["state"], "cancelled", "the books know that there was one: {booking}");
    story.end().await;
}
