//! Terms, prices, settings, and what is sold.

use serde_json::json;

use super::program::Program;
use crate::house::Story;

#[tokio::test]
async fn terms_without_a_gap_are_those_of_new_bookings() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let standard = desk.get("/refund-policy").await.ok();
    assert_eq!(standard["tiers"].as_array().unwrap().len(), 4);
    let tier = |from: serde_json::Value, to: serde_json::Value, percent: i64| {
        let mut tier = json!({ "from": from, "percent": percent });
        if !to.is_null() {
            tier["to"] = to;
        }
        tier
    };
    let good = json!({ "name": "strict", "tiers": [
        tier(json!({ "at_least_minutes": 2880 }), json!(null), 100),
        tier(json!({ "at_least_minutes": 0 }), json!({ "less_than_minutes": 2880 }), 0),
    ] });
    let gap = json!({ "name": "gap", "tiers": [
        tier(json!({ "at_least_minutes": 2880 }), json!(null), 100),
        tier(json!({ "at_least_minutes": 0 }), json!({ "less_than_minutes": 1440 }), 0),
    ] });
    let refused = desk.put("/refund-policy", gap).await.refused(422, "invalid");
    assert_eq!(refused["field"], "tiers");
    assert!(refused["detail"].as_str().unwrap().contains("LessThanMinutes(2880)"), "{refused}");
    for tiers in [json!([]), json!([{ "from": { "at_least_minutes": 1 }, "percent": 50 }]), json!(null), json!([7])] {
        desk.put("/refund-policy", json!({ "name": "bad", "tiers": tiers })).await.names("tiers");
    }
    let many: Vec<_> = (0..5000).map(|_| json!({ "from": { "at_least_minutes": 0 }, "percent": 1 })).collect();
    assert_eq!(desk.put("/refund-policy", json!({ "name": "many", "tiers": many })).await.status, 413);
    let kept = desk.put("/refund-policy", good).await.ok();
    assert_eq!(desk.get("/refund-policy").await.ok(), kept);
    assert_eq!(
        kept["tiers"],
        json!([
            { "from": { "at_least_minutes": 2880 }, "percent": 100, "late": false },
            { "from": { "at_least_minutes": 0 }, "percent": 0, "late": false },
        ])
    );
}

#[tokio::test]
async fn a_price_rule_counts_until_it_is_off_or_gone() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    sqlx::query("delete from price_rule").execute(&story.judge.pool).await.unwrap();
    let session = desk.get(&format!("/sessions/{}", desk.yoga(story.clock.now()).await[0])).await.ok();
    let here = format!("/sessions/{}", session["id"]);
    let base = session["base_price_minor"].as_i64().unwrap();
    let price = async || desk.get(&here).await.ok()["price_minor"].as_i64().unwrap();
    assert_eq!(price().await, base);
    let condition = json!({ "when": "weekly", "weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "until": "23:59" });
    let new =
        json!({ "name": { "it": "sera", "en": "evening" }, "service": 1, "condition": condition, "amount_minor": 250 });
    let rule = desk.post("/price-rules", new.clone()).await.created();
    assert_eq!((&rule["condition"], &rule["percent"]), (&condition, &json!(null)));
    assert_eq!(price().await, base + 250);
    let one = format!("/price-rules/{}", rule["id"]);
    let off = desk.patch(&one, json!({ "active": false, "position": 7 })).await.ok();
    assert_eq!((&off["active"], &off["position"]), (&json!(false), &json!(7)));
    assert_eq!(price().await, base);
    assert_eq!(desk.get("/price-rules").await.ok()["items"], json!([off]));
    desk.delete(&one).await.with(204);
    desk.delete(&one).await.refused(404, "not_found");
    for (field, value, named) in [
        ("percent", json!(10), "percent"),
        ("amount_minor", json!(null), "percent"),
        ("service", json!(9_999_999), "service"),
        ("condition", json!({ "when": "full_moon" }), "condition"),
        ("condition", json!({ "when": "weekly", "weekdays": [8], "from": "00:00", "until": "12:00" }), "condition"),
        ("condition", json!({ "when": "weekly", "weekdays": [], "from": "00:00", "until": "12:00" }), "condition"),
        ("condition", json!({ "when": "weekly", "weekdays": [1], "from": "12:00", "until": "12:00" }), "condition"),
        ("condition", json!({ "when": "occupancy", "at_least_percent": 101 }), "condition"),
        ("condition", json!({ "when": "early_bird", "more_than_minutes": i64::MAX }), "condition"),
    ] {
        let mut rule = new.clone();
        rule[field] = value.clone();
        let answer = desk.post("/price-rules", rule).await;
        assert_eq!(answer.refused(422, "invalid")["field"], named, "{field} {value}");
    }
}

#[tokio::test]
async fn settings_change_one_by_one_within_their_bounds() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let before = desk.get("/settings").await.ok();
    let change =
        json!({ "quiet_from": "22:15", "waitlist_mode": "auto", "reminder_minutes": [60], "booking_opens_days": 30 });
    let after = desk.patch("/settings", change.clone()).await.ok();
    for (field, value) in before.as_object().unwrap() {
        assert_eq!(&after[field], change.get(field).unwrap_or(value), "{field}");
    }
    assert_eq!(desk.patch("/settings", json!({})).await.ok(), after);
    for (field, value) in [
        ("hold_minutes", json!(0)),
        ("hold_minutes", json!(null)),
        ("claim_minutes", json!(1441)),
        ("quiet_from", json!("24:00")),
        ("quiet_until", json!("8:00")),
        ("waitlist_mode", json!("lottery")),
        ("reminder_minutes", json!([1, 2, 3, 4, 5, 6])),
        ("reminder_minutes", json!([0])),
        ("retention_days", json!(29)),
        ("booking_opens_days", json!(0)),
        ("zone", json!("Europe/Rome")),
    ] {
        desk.patch("/settings", json!({ field: value })).await.names(field);
    }
    assert_eq!(desk.get("/settings").await.ok(), after);
}

#[tokio::test]
async fn what_is_sold_by_whom_and_where_is_told() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    sqlx::query("insert into room (tenant_id, location_id, name) values (1, 1, 'Sala grande')")
        .execute(&story.judge.pool)
        .await
        .unwrap();
    let first = async |list: &str| desk.get(list).await.ok()["items"][0].clone();
    assert_eq!(first("/services").await["slug"], "yoga");
    assert_eq!(first("/locations").await["name"], "Studio Centro");
    assert!(first("/crew").await["services"].as_array().is_some_and(|leads| !leads.is_empty()));
    assert_eq!(first("/rooms").await["name"], "Sala grande");
}
