//! Money on its way back.

use adapters::payments::{EventKind, PayError, Refund, RefundState};
use serde_json::json;

use super::shop::{Shop, refund};

fn code(error: &PayError) -> &str {
    match error {
        PayError::Rejected { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

fn states(kinds: &[EventKind]) -> Vec<RefundState> {
    let state = |kind: &EventKind| match kind {
        EventKind::RefundChanged { state, .. } => Some(*state),
        _ => None,
    };
    kinds.iter().filter_map(state).collect()
}

#[tokio::test]
async fn a_payment_goes_back_in_parts_and_no_further() {
    let shop = Shop::open().await;
    let link = shop.paid().await;
    let part = shop.client.refund("refund-1", &refund(&link, 500, 1)).await.unwrap();
    assert_eq!(
        (part.state, part.amount_minor, part.tenant, part.refund),
        (RefundState::Succeeded, 500, Some(7), Some(1))
    );
    let again = shop.client.refund("refund-1", &refund(&link, 500, 1)).await;
    assert_eq!(again.as_ref(), Ok(&part));
    let too_much = shop.client.refund("refund-2", &refund(&link, 751, 2)).await.unwrap_err();
    assert_eq!(code(&too_much), "invalid_request_error");
    assert!(too_much.to_string().ends_with("amount"), "{too_much}");
    let rest = shop.client.refund("refund-3", &refund(&link, 750, 3)).await.unwrap();
    let nothing_left = shop.client.refund("refund-4", &refund(&link, 1, 4)).await.unwrap_err();
    assert_eq!(code(&nothing_left), "charge_already_refunded");
    let intent = link.payment_intent.as_deref().unwrap();
    assert_eq!(shop.client.refunds_of(intent).await, Ok(vec![rest, part]));
    let kinds = shop.told(5).await;
    let told =
        kinds.iter().filter(|kind| matches!(kind, EventKind::RefundChanged { refund: Some(1), amount_minor: 500, .. }));
    assert_eq!((told.count(), states(&kinds).len()), (2, 4));
}

#[tokio::test]
async fn what_was_not_paid_or_is_not_known_cannot_go_back() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    shop.simulators.decline(&link.id).unwrap();
    let tried = shop.client.link(&link.id).await.unwrap().unwrap();
    let unpaid = shop.client.refund("k1", &refund(&tried, 1, 1)).await.unwrap_err();
    assert_eq!(code(&unpaid), "payment_intent_unexpected_state");
    let mut unknown = refund(&tried, 1, 1);
    unknown.payment_intent = "pi_0".to_owned();
    assert_eq!(code(&shop.client.refund("k2", &unknown).await.unwrap_err()), "resource_missing");
    shop.simulators.pay(&link.id).unwrap();
    for amount in [0, -5] {
        let key = format!("k{amount}");
        let refused = shop.client.refund(&key, &refund(&tried, amount, 1)).await.unwrap_err();
        assert_eq!(code(&refused), "parameter_invalid_integer");
    }
    assert_eq!(shop.client.refunds_of("pi_0").await, Ok(vec![]));
}

#[tokio::test]
async fn a_refund_may_be_slow_or_come_back() {
    for (course, answered, followed) in [
        ("later", RefundState::Pending, vec![RefundState::Pending, RefundState::Succeeded]),
        ("fail", RefundState::Succeeded, vec![RefundState::Succeeded, RefundState::Failed, RefundState::Failed]),
    ] {
        let shop = Shop::open().await;
        let link = shop.link().await;
        let path = format!("/_sim/payments/{}/pay", link.id);
        assert_eq!(shop.steer(&path, &json!({ "refunds": course })).await.0, 200);
        let link = shop.client.link(&link.id).await.unwrap().unwrap();
        let made = shop.client.refund("k1", &refund(&link, 1250, 1)).await.unwrap();
        assert_eq!(made.state, answered, "{course}");
        assert_eq!(states(&shop.told(1 + followed.len()).await), followed, "{course}");
        // What came back can be given back again.
        let again = shop.client.refund("k2", &refund(&link, 1250, 2)).await;
        assert_eq!(again.is_ok(), course == "fail", "{course}: {again:?}");
    }
}

#[tokio::test]
async fn a_long_list_of_refunds_is_told_in_pages() {
    let shop = Shop::open().await;
    let link = shop.paid().await;
    for n in 0..103 {
        shop.client.refund(&format!("k{n}"), &refund(&link, 1, n)).await.unwrap();
    }
    let intent = link.payment_intent.as_deref().unwrap();
    let refunds = shop.client.refunds_of(intent).await.unwrap();
    let ours: Vec<_> = refunds.iter().filter_map(|refund: &Refund| refund.refund).collect();
    assert_eq!(ours, (0..103).rev().collect::<Vec<_>>());
    for (query, status) in [("limit=0", 400), ("limit=101", 400), ("starting_after=re_0", 404), ("limit=100", 200)] {
        let request = shop.http.get(shop.url(&format!("/v1/refunds?{query}"))).bearer_auth("sk");
        assert_eq!(request.send().await.unwrap().status(), status, "{query}");
    }
}

#[tokio::test]
async fn a_dispute_is_told_and_stops_refunds_until_it_is_won() {
    let shop = Shop::open().await;
    let link = shop.paid().await;
    let intent = link.payment_intent.clone();
    let path = format!("/_sim/payments/{}/dispute", link.id);
    assert_eq!(shop.steer(&path, &json!({ "won": true })).await.0, 422, "none was opened");
    assert_eq!(shop.steer(&path, &json!({})).await.0, 200);
    let refused = shop.client.refund("k1", &refund(&link, 1, 1)).await.unwrap_err();
    assert_eq!(code(&refused), "charge_disputed");
    shop.simulators.dispute(&link.id, Some(true)).unwrap();
    assert!(shop.simulators.dispute(&link.id, None).is_err(), "a payment is disputed once");
    let kinds = shop.told(3).await;
    assert!(
        matches!(&kinds[1], EventKind::DisputeOpened { payment_intent, amount_minor: 1250, .. } if *payment_intent == intent)
    );
    assert!(
        matches!(&kinds[2], EventKind::DisputeClosed { payment_intent, won: true, .. } if *payment_intent == intent)
    );
    assert!(shop.client.refund("k2", &refund(&link, 1, 2)).await.is_ok());
}
