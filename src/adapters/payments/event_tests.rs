use serde_json::json;

use super::*;

const RECEIVED: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn read(name: &str, object: &Value) -> Event {
    let event = json!({
        "id": "evt_1", "object": "event", "type": name, "created": 1_763_750_000, "data": { "object": object },
    });
    parse(event.to_string().as_bytes(), RECEIVED).unwrap()
}

fn session(payment_status: &str) -> Value {
    json!({
        "id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1", "payment_status": payment_status,
        "amount_total": 1250, "currency": "eur", "metadata": { "tenant": "7", "payment": "42" },
    })
}

fn refund(status: &str) -> Value {
    json!({
        "id": "re_1", "object": "refund", "amount": 500, "status": status, "payment_intent": "pi_1",
        "metadata": { "tenant": "7", "refund": "9" },
    })
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[test]
fn a_paid_link_is_told_with_what_and_whose() {
    for name in ["checkout.session.completed", "checkout.session.async_payment_succeeded"] {
        let event = read(name, &session("paid"));
        assert_eq!((event.id.as_str(), event.created.timestamp()), ("evt_1", 1_763_750_000));
        assert_eq!((event.tenant, event.payment, event.refund), (Some(7), Some(42), None));
        let (payment_intent, currency) = (some("pi_1"), "EUR".to_owned());
        let paid = EventKind::LinkPaid { link: "cs_1".to_owned(), payment_intent, amount_minor: 1250, currency };
        assert_eq!(event.kind, paid, "{name}");
    }
}

#[test]
fn a_complete_link_that_is_unpaid_is_not_paid() {
    let name = "checkout.session.completed".to_owned();
    let event = read(&name, &session("unpaid"));
    assert_eq!(event.kind, EventKind::Other { name });
}

#[test]
fn links_that_run_out_and_attempts_that_fail_are_told_apart() {
    assert_eq!(
        read("checkout.session.expired", &session("unpaid")).kind,
        EventKind::LinkExpired { link: "cs_1".to_owned() },
    );
    assert_eq!(
        read("checkout.session.async_payment_failed", &session("unpaid")).kind,
        EventKind::PaymentFailed { link: some("cs_1"), payment_intent: some("pi_1") },
    );
    let intent = json!({ "id": "pi_1", "metadata": { "tenant": "7", "payment": "42" } });
    let event = read("payment_intent.payment_failed", &intent);
    assert_eq!((event.tenant, event.payment), (Some(7), Some(42)));
    assert_eq!(event.kind, EventKind::PaymentFailed { link: None, payment_intent: some("pi_1") });
}

#[test]
fn every_state_of_a_refund_is_read() {
    let cases = [
        ("refund.created", "pending", RefundState::Pending),
        ("refund.updated", "succeeded", RefundState::Succeeded),
        ("refund.failed", "failed", RefundState::Failed),
        ("charge.refund.updated", "canceled", RefundState::Canceled),
        ("refund.updated", "requires_action", RefundState::Pending),
        ("refund.updated", "some_day", RefundState::Pending),
    ];
    for (name, status, state) in cases {
        let event = read(name, &refund(status));
        assert_eq!((event.tenant, event.refund), (Some(7), Some(9)));
        let (id, payment_intent) = ("re_1".to_owned(), some("pi_1"));
        let expected = EventKind::RefundChanged { id, refund: Some(9), state, amount_minor: 500, payment_intent };
        assert_eq!(event.kind, expected, "{status}");
    }
}

#[test]
fn a_dispute_is_opened_and_closed_one_way_or_the_other() {
    let dispute = |status: &str| json!({ "id": "dp_1", "amount": 1250, "payment_intent": "pi_1", "status": status });
    let opened = read("charge.dispute.created", &dispute("needs_response"));
    let (id, payment_intent) = ("dp_1".to_owned(), some("pi_1"));
    assert_eq!(opened.kind, EventKind::DisputeOpened { dispute: id, payment_intent, amount_minor: 1250 });
    assert_eq!(opened.tenant, None);
    for (status, expected) in [("won", true), ("warning_closed", true), ("lost", false), ("prevented", false)] {
        let closed = read("charge.dispute.closed", &dispute(status));
        assert!(matches!(closed.kind, EventKind::DisputeClosed { won, .. } if won == expected), "{status}");
    }
}

#[test]
fn json_of_any_shape_comes_out_as_something() {
    for body in ["{}", "[]", "null", "3", r#"{"type":7,"data":[]}"#, r#"{"id":"","data":{"object":"x"}}"#] {
        let event = parse(body.as_bytes(), RECEIVED).unwrap();
        assert_eq!(event.kind, EventKind::Other { name: "unknown".to_owned() }, "{body}");
        assert_eq!((event.created, event.id.len()), (RECEIVED, 64), "{body}");
        assert_eq!(parse(body.as_bytes(), RECEIVED).unwrap().id, event.id, "{body}");
    }
    for name in ["checkout.session.completed", "checkout.session.expired", "refund.created", "charge.dispute.closed"] {
        let event = read(name, &json!({ "payment_status": "paid" }));
        assert_eq!(event.kind, EventKind::Other { name: name.to_owned() });
    }
    assert!(parse(b"{", RECEIVED).is_err());
}

#[test]
fn an_event_survives_being_kept() {
    let event = read("refund.updated", &refund("succeeded"));
    let kept = serde_json::to_string(&event).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&kept).unwrap(), event);
}
