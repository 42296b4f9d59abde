//! Faults: they strike as told, and what was accepted stays in the log.

use serde_json::{Value, json};

use super::harness::{CUSTOMER, Lab, text_to};

#[tokio::test]
async fn a_dropped_answer_leaves_the_message_in_the_log() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "drop_response_after_accept", "times": 1 })).await;
    let error = lab.request(&text_to(CUSTOMER, "lost answer")).send().await.unwrap_err();
    assert!(!error.is_timeout() && error.status().is_none(), "{error:?}");
    assert_eq!(lab.simulators.messages(Some(CUSTOMER)).len(), 1);
    assert_eq!(lab.send_text(CUSTOMER, "next").await.0, 200);
    assert_eq!(lab.simulators.messages(Some(CUSTOMER)).len(), 2);
}

#[tokio::test]
async fn a_dropped_request_leaves_nothing() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "drop_request" })).await;
    assert!(lab.request(&text_to(CUSTOMER, "lost")).send().await.is_err());
    assert!(lab.simulators.messages(None).is_empty());
}

#[tokio::test]
async fn errors_strike_as_often_as_told_and_only_whom_they_name() {
    let lab = Lab::start().await;
    lab.fault(json!({
        "target": "whatsapp", "kind": "error", "code": 130_429, "times": 2, "to": "+39333*",
    }))
    .await;
    assert_eq!(lab.send_text("+447700900103", "other").await.0, 200);
    for _ in 0..2 {
        let (status, answer) = lab.send_text(CUSTOMER, "hello").await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(130_429)));
    }
    assert_eq!(lab.send_text(CUSTOMER, "hello").await.0, 200);
    assert_eq!(lab.simulators.messages(None).len(), 2);
    let (_, faults) = lab.get("/_sim/faults").await;
    assert_eq!(faults[0]["fired"], 2);
}

#[tokio::test]
async fn the_same_seed_throws_the_same_dice() {
    let lab = Lab::start().await;
    let mut rounds = Vec::new();
    for _ in 0..2 {
        lab.fault(json!({ "kind": "error", "code": 131_000, "probability": 0.5, "seed": 7 })).await;
        let mut round = Vec::new();
        for _ in 0..20 {
            round.push(lab.send_text(CUSTOMER, "hello").await.0);
        }
        rounds.push(round);
        lab.http.delete(lab.url("/_sim/faults")).send().await.unwrap();
    }
    assert_eq!(rounds[0], rounds[1]);
    assert!(rounds[0].contains(&200) && rounds[0].contains(&500), "{rounds:?}");
}

#[tokio::test]
async fn read_marks_do_not_use_up_faults() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "error", "code": 131_000, "times": 1 })).await;
    let mark = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x" });
    assert_eq!(lab.send(mark).await, (200, json!({ "success": true })));
    assert_eq!(lab.send_text(CUSTOMER, "hello").await.0, 500);
}

#[tokio::test]
async fn garbage_is_a_200_that_is_not_json() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "garbage" })).await;
    assert_eq!(lab.send_text(CUSTOMER, "hello").await, (200, Value::Null));
    assert_eq!(lab.simulators.messages(None).len(), 1);
}

#[tokio::test]
async fn a_wrong_fault_is_refused_with_the_field_named() {
    let lab = Lab::start().await;
    let cases = [
        ("kind", json!({ "kind": "earthquake" })),
        ("kind", json!({ "target": "whatsapp" })),
        ("target", json!({ "target": "telegram", "kind": "error", "code": 1 })),
        ("code", json!({ "kind": "error" })),
        ("ms", json!({ "kind": "delay_ms" })),
        ("probability", json!({ "kind": "no_status", "probability": 1.5 })),
        ("probabilty", json!({ "kind": "no_status", "probabilty": 0.5 })),
        ("status", json!({ "target": "llm", "kind": "error" })),
        ("kind", json!({ "target": "llm", "kind": "no_status" })),
        ("body", json!("error")),
    ];
    for (field, fault) in cases {
        let (status, answer) = lab.post("/_sim/faults", fault.clone()).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!(field)), "{fault}");
    }
    let (_, unknown) = lab.post("/_sim/faults", json!({ "kind": "earthquake" })).await;
    let message = unknown["error"]["message"].as_str().unwrap();
    assert!(message.contains("drop_response_after_accept"), "{message}");
    assert_eq!(lab.get("/_sim/faults").await.1, json!([]));
}
