//! A provider that is not well, as the house's client sees it.

use std::time::Duration;

use adapters::payments::{Client, NotSent, PayError};
use serde_json::json;

use super::shop::{Shop, refund};
use crate::simulate::{Fault, Kind, Target};

fn once(kind: Kind) -> Fault {
    Fault { times: Some(1), ..Fault::new(Target::Payments, kind) }
}

fn assert_unknown<T: std::fmt::Debug>(seen: &Result<T, PayError>) {
    assert!(matches!(seen, Err(PayError::Unknown { stored: false, .. })), "{seen:?}");
}

#[tokio::test]
async fn a_lost_answer_is_found_again_with_the_same_key() {
    let shop = Shop::open().await;
    for kind in [Kind::DropResponseAfterAccept, Kind::Garbage] {
        shop.simulators.fault(once(kind));
        let key = format!("{kind:?}");
        let wanted = shop.wanted();
        assert_unknown(&shop.client.create_link(&key, &wanted).await);
        let made = shop.simulators.payments().sessions.pop().unwrap();
        assert_eq!(shop.client.create_link(&key, &wanted).await.unwrap().id, made.id);
    }
    assert_eq!(shop.simulators.payments().sessions.len(), 2);
}

#[tokio::test]
async fn a_lost_refund_is_found_by_looking() {
    let shop = Shop::open().await;
    let link = shop.paid().await;
    shop.simulators.fault(once(Kind::DropResponseAfterAccept));
    assert_unknown(&shop.client.refund("k", &refund(&link, 500, 9)).await);
    let found = shop.client.refunds_of(link.payment_intent.as_deref().unwrap()).await.unwrap();
    let [found] = &found[..] else { panic!("{found:?}") };
    assert_eq!((found.refund, found.amount_minor), (Some(9), 500));
}

#[tokio::test]
async fn what_struck_before_anything_was_done_left_nothing() {
    let shop = Shop::open().await;
    let wanted = shop.wanted();
    for status in [500, 503, 409] {
        shop.simulators.fault(Fault { status: Some(status), ..once(Kind::Error) });
        assert_unknown(&shop.client.create_link("k", &wanted).await);
    }
    shop.simulators.fault(once(Kind::DropRequest));
    assert_unknown(&shop.client.create_link("k", &wanted).await);
    shop.simulators.fault(Fault { status: Some(429), retry_after: Some(7), ..once(Kind::Error) });
    let limited = PayError::NotSent { reason: NotSent::RateLimit, wait: Some(Duration::from_secs(7)) };
    assert_eq!(shop.client.create_link("k", &wanted).await, Err(limited));
    shop.simulators.fault(Fault { status: Some(401), ..once(Kind::Error) });
    let refused = shop.client.create_link("k", &wanted).await;
    assert!(matches!(refused, Err(PayError::Rejected { class, .. }) if class.is_configuration()), "{refused:?}");
    assert!(shop.simulators.payments().sessions.is_empty());
    assert!(shop.client.create_link("k", &wanted).await.is_ok());
}

#[tokio::test]
async fn a_slow_answer_is_given_up_and_what_was_done_stays() {
    let shop = Shop::open().await;
    let hasty = Client::new(&shop.url(""), "sk", Duration::from_millis(500)).unwrap();
    let wanted = shop.wanted();
    shop.simulators.fault(Fault { ms: Some(60_000), ..once(Kind::AnswerDelayMs) });
    assert_unknown(&hasty.create_link("k", &wanted).await);
    let made = shop.simulators.payments().sessions.remove(0);
    assert_eq!(shop.client.create_link("k", &wanted).await.unwrap().id, made.id);
}

#[tokio::test]
async fn a_wrong_fault_is_refused_with_the_field_named() {
    let shop = Shop::open().await;
    let cases = [
        ("status", json!({ "target": "payments", "kind": "error" })),
        ("ms", json!({ "target": "payments", "kind": "delay_ms" })),
        ("kind", json!({ "target": "payments", "kind": "no_status" })),
        ("to", json!({ "target": "payments", "kind": "drop_request", "to": "+39*" })),
    ];
    for (field, fault) in cases {
        let (status, answer) = shop.steer("/_sim/faults", &fault).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!(field)), "{fault}");
    }
}
