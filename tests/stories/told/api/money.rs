//! Payments, refunds, plans.

use serde_json::{Value, json};

use super::program::Program;
use crate::house::{Story, eventually};

fn sums(balances: &Value) -> i64 {
    balances["balances"].as_array().unwrap().iter().map(|balance| balance["balance_minor"].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn cash_is_taken_and_given_back_and_the_books_add_up() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let (anna, yoga) = (desk.customer("+44 7700 900101").await, desk.yoga(story.clock.now()).await[0]);
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": anna })).await.created();
    let here = format!("/bookings/{}", booking["id"]);
    let answer = desk.post(&format!("{here}/cash"), json!({})).await;
    let payment = answer.created();
    let paid = format!("/payments/{}", payment["id"]);
    assert_eq!(answer.headers["location"], format!("/api/v1{paid}"));
    let price = booking["price_minor"].as_i64().unwrap();
    assert_eq!((&payment["captured_minor"], &payment["booking"]), (&json!(price), &booking["id"]));
    desk.post(&format!("{here}/cash"), json!({})).await.refused(409, "nothing_owed");
    desk.post(&format!("{here}/payment-link"), json!({})).await.refused(409, "nothing_owed");
    let refund = async |amount: i64| {
        desk.post(&format!("{paid}/refunds"), json!({ "amount_minor": amount, "reason": "goodwill" })).await
    };
    refund(price + 1).await.refused(409, "refund_too_large");
    refund(100_000_000_000).await.refused(409, "refund_too_large");
    let first = refund(500).await.created();
    assert_eq!((&first["state"], &first["reason"]), (&json!("by_hand"), &json!("goodwill")));
    refund(price - 499).await.refused(409, "refund_too_large");
    assert_eq!(desk.get(&paid).await.ok()["state"], "partially_refunded");
    let done = format!("/refunds/{}/done", first["id"]);
    assert_eq!(desk.post(&done, json!({})).await.ok()["state"], "succeeded");
    desk.post(&done, json!({})).await.refused(409, "not_by_hand");
    assert_eq!(desk.get(&format!("/refunds/{}", first["id"])).await.ok()["state"], "succeeded");
    assert_eq!(desk.get(&here).await.ok()["owes_minor"], 0, "goodwill is not owed again");
    let gone = desk.post(&format!("{here}/cancellation"), json!({ "by": "business" })).await.ok();
    assert_eq!(gone["returns"]["back_minor"], price - 500);
    let refunds = desk.get(&format!("{paid}/refunds")).await.ok();
    assert_eq!(refunds["items"].as_array().unwrap().len(), 2, "{refunds}");
    for list in
        ["/payments", "/payments?state=refunded", &format!("/payments?booking={}&customer={anna}", booking["id"])]
    {
        assert_eq!(desk.get(list).await.ok()["items"][0]["id"], payment["id"], "{list}");
    }
    let balances = desk.get("/ledger/balances").await.ok();
    assert!(sums(&balances) == 0 && balances["balances"].as_array().unwrap().len() == 3, "{balances}");
    story.end().await;
}

#[tokio::test]
async fn a_link_reaches_the_customer_and_what_was_paid_goes_back_by_card() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let anna = story.customer("+447700900101");
    anna.says("hello").await;
    anna.expect_reply().await;
    let id = desk.get("/customers?phone=447700900101").await.ok()["items"][0]["id"].clone();
    let yoga = desk.yoga(story.clock.now()).await[0];
    let booking = desk.post("/bookings", json!({ "session": yoga, "customer": id })).await.created();
    let link = format!("/bookings/{}/payment-link", booking["id"]);
    let asked = desk.post(&link, json!({})).await.with(202);
    assert_eq!(asked["amount_minor"], booking["price_minor"]);
    let told = anna.expect_reply_containing("Here you pay").await;
    let session = told.text.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id").to_owned();
    story.simulators.pay(&session).expect("a payment");
    let payment = eventually(async || {
        let paid = desk.get("/payments?state=captured").await.ok();
        paid["items"].get(0).cloned().ok_or_else(|| paid.to_string())
    })
    .await;
    assert!(payment["link_url"].as_str().is_some_and(|url| url.contains("/pay/")), "{payment}");
    anna.expect_reply().await;
    anna.expect_reply().await;
    let refunds = format!("/payments/{}/refunds", payment["id"]);
    let refund = desk.post(&refunds, json!({ "amount_minor": 700 })).await.created();
    anna.expect_reply_containing("back to you").await;
    let refund = format!("/refunds/{}", refund["id"]);
    assert_eq!(desk.get(&refund).await.ok()["state"], "succeeded");
    desk.post(&format!("{refund}/done"), json!({})).await.refused(409, "not_by_hand");
    story.end().await;
}

#[tokio::test]
async fn plans_are_sold_and_places_paid_with_them() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let customer = desk.customer("+44 7700 900101").await;
    let new = json!({ "name": { "en": "Five visits" }, "kind": "credits", "price_minor": 6000, "credits": 5, "valid_days": 90,
                      "services": [1] });
    let plan = desk.post("/plans", new).await.created();
    assert_eq!((&plan["name"], &plan["active"]), (&json!({ "it": "", "en": "Five visits" }), &json!(true)));
    let entitlements = format!("/customers/{customer}/entitlements");
    let sold = desk.post(&entitlements, json!({ "plan": plan["id"], "method": "cash" })).await.created();
    assert_eq!((&sold["entitlement"]["state"], &sold["entitlement"]["credits_left"]), (&json!("active"), &json!(5)));
    let paid = desk.get(&format!("/payments/{}", sold["payment"])).await.ok();
    assert_eq!((&paid["state"], &paid["entitlement"]), (&json!("captured"), &sold["entitlement"]["id"]));
    let yoga = desk.yoga(story.clock.now()).await[0];
    let wish = json!({ "session": yoga, "customer": customer, "places": 2 });
    let booking = desk.post("/bookings", wish).await.created();
    assert_eq!((&booking["payment"], &booking["owes_minor"]), (&json!("credits"), &json!(0)));
    let held = desk.get(&entitlements).await.ok();
    assert_eq!(held["items"][0]["credits_left"], 3);
    assert_eq!(desk.get(&format!("/customers/{customer}")).await.ok()["entitlements"], held["items"]);
    assert_eq!(desk.patch(&format!("/plans/{}", plan["id"]), json!({ "active": false })).await.ok()["active"], false);
    let off = desk.post(&entitlements, json!({ "plan": plan["id"], "method": "cash" })).await;
    off.refused(409, "not_on_sale");
    let none = desk.post(&entitlements, json!({ "plan": 9_999_999, "method": "cash" })).await;
    assert_eq!(none.refused(404, "not_found")["field"], "plan");
    assert_eq!(sums(&desk.get("/ledger/balances").await.ok()), 0);
    story.end().await;
}

#[tokio::test]
async fn a_plan_by_card_is_paid_with_a_link() {
    let story = Story::begin().await;
    let desk = Program::of(&story).await;
    let anna = story.customer("+447700900101");
    anna.says("hello").await;
    anna.expect_reply().await;
    let id = desk.get("/customers?phone=447700900101").await.ok()["items"][0]["id"].clone();
    let plan = desk.get("/plans").await.ok()["items"][0]["id"].clone();
    let entitlements = format!("/customers/{id}/entitlements");
    let sold = desk.post(&entitlements, json!({ "plan": plan, "method": "card" })).await.created();
    assert_eq!(sold["entitlement"]["state"], "pending");
    let told = anna.expect_reply_containing("Here you pay").await;
    let session = told.text.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id").to_owned();
    story.simulators.pay(&session).expect("a payment");
    eventually(async || {
        let held = desk.get(&entitlements).await.ok();
        if held["items"][0]["state"] == "active" { Ok(()) } else { Err(held.to_string()) }
    })
    .await;
    anna.expect_reply().await;
    anna.expect_reply().await;
    story.end().await;
}

#[tokio::test]
async fn a_plan_that_contradicts_itself_is_refused_by_field() {
    let story = Story::closed().await;
    let desk = Program::of(&story).await;
    let good = json!({ "name": { "it": "Abbonamento" }, "kind": "membership", "price_minor": 5000, "valid_days": 30,
                       "per": "week", "at_most": 2 });
    desk.post("/plans", good.clone()).await.created();
    for (field, value, named) in [
        ("name", json!({}), "name"),
        ("name", json!({ "it": "  " }), "name"),
        ("kind", json!("credits"), "credits"),
        ("credits", json!(5), "credits"),
        ("at_most", json!(null), "per"),
        ("services", json!([]), "services"),
        ("services", json!([9_999_999]), "services"),
        ("services", json!([0]), "services"),
        ("price_minor", json!(-1), "price_minor"),
        ("valid_days", json!(3661), "valid_days"),
        ("active", json!(true), "active"),
    ] {
        let mut plan = good.clone();
        plan[field] = value.clone();
        let answer = desk.post("/plans", plan).await;
        assert_eq!(answer.refused(422, "invalid")["field"], named, "{field} {value}");
    }
}
