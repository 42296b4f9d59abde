//! Events: at least once, and as odd as a test wants.

use std::time::Duration;

use adapters::payments::{EventKind, LinkState};
use serde_json::json;

use super::{
    super::harness::until,
    shop::{Shop, refund},
};
use crate::simulate::payments::PaymentDelivery;

#[tokio::test]
async fn a_link_runs_out_by_the_simulators_clock() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    shop.simulators.advance(Duration::from_mins(44));
    assert_eq!(shop.client.link(&link.id).await.unwrap().unwrap().state, LinkState::Open);
    shop.simulators.advance(Duration::from_mins(1));
    assert_eq!(shop.told(1).await, [EventKind::LinkExpired { link: link.id.clone() }]);
    assert_eq!(shop.client.link(&link.id).await.unwrap().unwrap().state, LinkState::Expired);
    let event = shop.events().remove(0);
    assert_eq!((event.tenant, event.payment), (Some(7), Some(42)));
}

#[tokio::test]
async fn a_link_runs_out_though_nobody_looks() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let expires_at = shop.simulators.payments().sessions[0].expires_at;
    let left = (expires_at - shop.simulators.now()).to_std().unwrap();
    shop.simulators.advance(left.checked_sub(Duration::from_secs(1)).unwrap());
    assert!(shop.events().is_empty());
    assert_eq!(shop.told(1).await, [EventKind::LinkExpired { link: link.id }]);
}

#[tokio::test]
async fn a_declined_card_is_told_and_the_link_stays_open() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let (status, session) = shop.steer(&format!("/_sim/payments/{}/decline", link.id), &json!({})).await;
    assert_eq!((status, &session["state"], &session["declines"]), (200, &json!("open"), &json!(1)));
    shop.told(1).await;
    shop.simulators.pay(&link.id).unwrap();
    let kinds = shop.told(2).await;
    let paid = shop.client.link(&link.id).await.unwrap().unwrap();
    assert_eq!(kinds[0], EventKind::PaymentFailed { link: None, payment_intent: paid.payment_intent.clone() });
    let event = shop.events().remove(0);
    assert_eq!((event.tenant, event.payment), (Some(7), Some(42)));
}

#[tokio::test]
async fn an_event_is_posted_until_it_is_taken() {
    let shop = Shop::open().await;
    shop.answer([500, 302, 429]);
    let link = shop.link().await;
    shop.simulators.pay(&link.id).unwrap();
    shop.told(1).await;
    assert_eq!(shop.refused(), 3);
    until("it is counted", || shop.simulators.payments().webhooks.pending == 0).await;
    let payments = shop.simulators.payments();
    assert_eq!((payments.events[0].delivered, payments.events[0].attempts), (1, 4));
    assert_eq!((payments.webhooks.delivered, payments.webhooks.attempts), (1, 4));
}

#[tokio::test]
async fn held_events_leave_together_and_in_reverse_if_told_so() {
    let shop = Shop::open().await;
    let hold = PaymentDelivery { hold: true, ..PaymentDelivery::default() };
    shop.simulators.deliver_payments(hold);
    let link = shop.link().await;
    shop.simulators.decline(&link.id).unwrap();
    shop.simulators.pay(&link.id).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(shop.events().is_empty());
    assert_eq!(shop.simulators.payments().held, 2);
    let (status, told) = shop.steer("/_sim/payments/delivery", &json!({ "reverse": true })).await;
    assert_eq!((status, &told["hold"], &told["copies"]), (200, &json!(false), &json!(1)));
    let kinds = shop.told(2).await;
    assert!(matches!(kinds[0], EventKind::LinkPaid { .. }), "{kinds:?}");
    assert!(matches!(kinds[1], EventKind::PaymentFailed { .. }), "{kinds:?}");
}

#[tokio::test]
async fn what_follows_of_one_act_may_come_late_twice_and_in_reverse() {
    let shop = Shop::open().await;
    let link = shop.paid().await;
    let odd = json!({ "delay_ms": 500, "copies": 2, "reverse": true });
    assert_eq!(shop.steer("/_sim/payments/delivery", &odd).await.0, 200);
    shop.client.refund("k", &refund(&link, 1250, 1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(shop.events().len(), 1);
    shop.told(5).await;
    let payments = shop.simulators.payments();
    let [_, created, updated] = &payments.events[..] else { panic!("not three events") };
    assert_eq!((created.kind.as_str(), updated.kind.as_str()), ("refund.created", "refund.updated"));
    let ids: Vec<_> = shop.events().into_iter().skip(1).map(|event| event.id).collect();
    assert_eq!(ids, [&updated.id, &updated.id, &created.id, &created.id].map(Clone::clone));
    until("all are counted", || shop.simulators.payments().events[2].delivered == 2).await;
}

#[tokio::test]
async fn wrong_steering_is_refused_with_the_field_named() {
    let shop = Shop::open().await;
    let link = shop.link().await;
    let pay = format!("/_sim/payments/{}/pay", link.id);
    let cases = [
        ("/_sim/payments/delivery", json!({ "copies": 0 }), "copies"),
        ("/_sim/payments/delivery", json!({ "holt": true }), "holt"),
        ("/_sim/payments/cs_test_0/pay", json!({}), "session"),
        ("/_sim/payments/cs_test_0/decline", json!({}), "session"),
        (&pay, json!({ "refunds": "never" }), "refunds"),
        (&format!("/_sim/payments/{}/dispute", link.id), json!({}), "session"),
    ];
    for (path, body, field) in cases {
        let (status, answer) = shop.steer(path, &body).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!(field)), "{path} {body}");
    }
    assert!(shop.simulators.payments().events.is_empty());
}
