//! Checkout sessions over the API.

use std::time::Duration;

use adapters::payments::{EventKind, LinkState, PayError, Refusal};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::shop::Shop;

const SESSIONS: &str = "/v1/checkout/sessions";

/// A session that is asked for by hand, with some parameters changed; none is left out.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("mode", "payment"),
        ("line_items[0][quantity]", "2"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "600"),
        ("line_items[0][price_data][product_data][name]", "Yoga"),
        ("success_url", "https://wa.me/1"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied().filter(|(_, value)| !value.is_empty())).collect()
}

#[tokio::test]
async fn a_link_is_made_paid_and_told() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    assert_eq!((link.state, link.paid, link.payment_intent.as_deref()), (LinkState::Open, false, None));
    assert_eq!((link.amount_minor, link.currency.as_str()), (1250, "EUR"));
    assert_eq!(link.url, Some(shop.url(&format!("/pay/{}", link.id))));
    shop.simulators.pay(&link.id).unwrap();
    let kinds = shop.told(1).await;
    let paid = shop.client.link(&link.id).await.unwrap().unwrap();
    assert_eq!((paid.state, paid.paid, paid.url.as_deref()), (LinkState::Complete, true, None));
    let payment_intent = paid.payment_intent.clone();
    assert!(payment_intent.is_some());
    let currency = "EUR".to_owned();
    assert_eq!(kinds, [EventKind::LinkPaid { link: link.id.clone(), payment_intent, amount_minor: 1250, currency }]);
    let event = shop.events().remove(0);
    assert_eq!((event.tenant, event.payment), (Some(7), Some(42)));
    assert_eq!(shop.client.link("cs_test_0").await, Ok(None));
    assert!(shop.simulators.pay(&link.id).unwrap_err().message.contains("paid already"));
}

#[tokio::test]
async fn a_key_makes_one_session_and_is_good_for_one_request() {
    let shop = Shop::open().await;
    let (status, replayed, first) = shop.ask("k", SESSIONS, &form(&[])).await;
    assert_eq!((status, replayed, &first["amount_total"]), (200, false, &json!(1200)));
    assert_eq!(shop.ask("k", SESSIONS, &form(&[])).await, (200, true, first.clone()));
    let id = first["id"].as_str().unwrap();
    for (path, form) in [(SESSIONS, form(&[("locale", "en")])), (format!("{SESSIONS}/{id}/expire").as_str(), vec![])] {
        let (status, replayed, answer) = shop.ask("k", path, &form).await;
        assert_eq!((status, replayed, &answer["error"]["type"]), (400, false, &json!("idempotency_error")));
    }
    assert_eq!(shop.simulators.payments().sessions.len(), 1);
    shop.simulators.advance(Duration::from_hours(25));
    let (status, replayed, later) = shop.ask("k", SESSIONS, &form(&[])).await;
    assert_eq!((status, replayed), (200, false));
    assert_ne!(later["id"], first["id"]);
}

#[tokio::test]
async fn wrong_parameters_are_named_and_spend_no_key() {
    let shop = Shop::open().await;
    let (amount, long) = ("line_items[0][price_data][unit_amount]", "x".repeat(501));
    let soon = (shop.simulators.now() + TimeDelta::minutes(29)).timestamp().to_string();
    let late = (shop.simulators.now() + TimeDelta::hours(25)).timestamp().to_string();
    let cases = [
        ("mode", "", "parameter_missing"),
        ("mode", "subscription", ""),
        ("payment_method_types[0]", "sepa_debit", ""),
        ("line_items[0][price_data][currency]", "EUR", ""),
        ("line_items[0][price_data][product_data][name]", "", "parameter_missing"),
        ("line_items[0][quantity]", "", "parameter_missing"),
        (amount, "", "parameter_missing"),
        (amount, "12.5", "parameter_invalid_integer"),
        (amount, "-1", "parameter_invalid_integer"),
        (amount, "24", "amount_too_small"),
        (amount, "99999999", "amount_too_large"),
        ("success_url", "", "parameter_missing"),
        ("success_url", "javascript:alert(1)", "url_invalid"),
        ("expires_at", &soon, ""),
        ("expires_at", &late, ""),
        ("metadata[note]", &long, ""),
        ("customer_emial", "a@b.c", "parameter_unknown"),
    ];
    for (name, value, code) in cases {
        let (status, _, answer) = shop.ask("k", SESSIONS, &form(&[(name, value)])).await;
        let error = &answer["error"];
        assert_eq!((status, error["code"].as_str().unwrap_or_default()), (400, code), "{name}={value}: {answer}");
        let param = error["param"].as_str().unwrap();
        assert!(name.starts_with(param), "{name}={value}: {answer}");
    }
    assert!(shop.simulators.payments().sessions.is_empty());
    assert_eq!(shop.ask("k", SESSIONS, &form(&[])).await.0, 200);
}

#[tokio::test]
async fn without_a_key_nobody_is_served() {
    let shop = Shop::open().await;
    for request in [shop.http.post(shop.url(SESSIONS)), shop.http.get(shop.url("/v1/refunds")).bearer_auth("")] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.json::<Value>().await.unwrap()["error"]["message"].as_str().unwrap().contains("API key"));
    }
    let (status, _, answer) = shop.ask(&"k".repeat(256), SESSIONS, &form(&[])).await;
    assert_eq!((status, &answer["error"]["type"]), (400, &json!("invalid_request_error")));
}

#[tokio::test]
async fn a_link_ends_when_it_is_told_to_unless_it_was_paid() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let ended = shop.client.expire_link("expire-42", &link.id).await.unwrap();
    assert_eq!((ended.state, ended.paid), (LinkState::Expired, false));
    assert_eq!(shop.told(1).await, [EventKind::LinkExpired { link: link.id.clone() }]);
    assert!(shop.simulators.pay(&link.id).unwrap_err().message.contains("expired"));
    // With another key, too, it has ended, and is told once.
    assert_eq!(shop.client.expire_link("again", &link.id).await, Ok(ended));
    let other = shop.client.create_link("payment-43", &shop.wanted()).await.unwrap();
    shop.simulators.pay(&other.id).unwrap();
    let paid = shop.client.expire_link("expire-43", &other.id).await.unwrap();
    assert_eq!((paid.state, paid.paid), (LinkState::Complete, true));
    let (status, _, answer) = shop.ask("by-hand", &format!("{SESSIONS}/{}/expire", other.id), &[]).await;
    assert_eq!(status, 400);
    assert!(answer["error"]["message"].as_str().unwrap().contains("`complete`"), "{answer}");
    assert_eq!(shop.told(2).await.len(), 2);
    let missing = shop.client.expire_link("k", "cs_test_0").await;
    assert!(matches!(missing, Err(PayError::Rejected { class: Refusal::Request, .. })), "{missing:?}");
}
