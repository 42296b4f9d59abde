//! Status webhooks.

use serde_json::json;

use super::harness::{CUSTOMER, Lab, until};

#[tokio::test]
async fn statuses_come_signed_in_order_and_carry_our_id() {
    let lab = Lab::start().await;
    let (_, answer) = lab.send_text(CUSTOMER, "hello").await;
    until("both statuses came", || lab.ingress.statuses().len() == 2).await;
    lab.simulators.read("393335550199");
    until("read came", || lab.ingress.statuses().len() == 3).await;

    assert_eq!(lab.ingress.status_names(), ["sent", "delivered", "read"]);
    assert_eq!(lab.ingress.bad_signatures(), 0);
    for (_, status) in lab.ingress.statuses() {
        assert_eq!(status["id"], answer["messages"][0]["id"]);
        assert_eq!(status["biz_opaque_callback_data"], "out-hello");
        assert_eq!(status["recipient_id"], "393335550199");
        assert!(status["timestamp"].as_str().unwrap().parse::<i64>().is_ok());
    }
    let value = &lab.ingress.bodies()[0]["entry"][0]["changes"][0]["value"];
    assert_eq!(value["metadata"]["phone_number_id"], "100000000000001");
    assert_eq!(value["metadata"]["display_phone_number"], "390495550100");
}

#[tokio::test]
async fn read_waits_for_delivered_even_if_the_customer_looks_at_once() {
    let lab = Lab::start().await;
    lab.send_text(CUSTOMER, "hello").await;
    lab.simulators.read("393335550199");
    lab.simulators.read("393335550199");
    until("three statuses came", || lab.ingress.statuses().len() == 3).await;
    assert_eq!(lab.ingress.status_names(), ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn a_refused_status_is_posted_again_before_the_next_one() {
    let lab = Lab::start().await;
    lab.ingress.answer([503, 500]);
    lab.send_text(CUSTOMER, "hello").await;
    until("both statuses came", || lab.ingress.statuses().len() == 2).await;
    assert_eq!(lab.ingress.refused().len(), 2);
    assert_eq!(lab.ingress.status_names(), ["sent", "delivered"]);
    assert_eq!(lab.simulators.stats().webhooks.attempts, 4);
    assert_eq!(lab.simulators.stats().webhooks.pending, 0);
}

#[tokio::test]
async fn statuses_come_twice_or_in_another_order_on_demand() {
    let lab = Lab::start().await;
    lab.fault(json!([{ "kind": "status_duplicate" }, { "kind": "status_shuffle" }])).await;
    lab.send_text(CUSTOMER, "hello").await;
    until("four statuses came", || lab.ingress.statuses().len() == 4).await;
    assert_eq!(lab.ingress.status_names(), ["delivered", "delivered", "sent", "sent"]);
}

#[tokio::test]
async fn a_status_may_come_before_the_answer() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "status_before_response" })).await;
    lab.send_text(CUSTOMER, "hello").await;
    assert_eq!(lab.ingress.status_names()[0], "sent");
}

#[tokio::test]
async fn a_message_may_fail_after_it_was_accepted() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "status_failed", "code": 131_026 })).await;
    assert_eq!(lab.send_text(CUSTOMER, "hello").await.0, 200);
    until("the status came", || lab.ingress.statuses().len() == 1).await;
    let (name, status) = lab.ingress.statuses().remove(0);
    assert_eq!(name, "failed");
    assert_eq!(status["errors"][0]["code"], 131_026);
    assert_eq!(status["biz_opaque_callback_data"], "out-hello");
}

#[tokio::test]
async fn statuses_may_stay_away() {
    let lab = Lab::start().await;
    lab.fault(json!({ "kind": "no_status", "to": "393335550199" })).await;
    lab.send_text(CUSTOMER, "silent").await;
    lab.simulators.read("393335550199");
    lab.send_text("+393335550198", "told").await;
    until("the other's statuses came", || lab.ingress.statuses().len() == 2).await;
    assert!(lab.ingress.statuses().iter().all(|(_, s)| s["recipient_id"] == "393335550198"));
}
