use serde_json::json;

use super::*;

fn failure(status: u16, headers: &[(&'static str, &'static str)], error: &Value) -> PayError {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
    let body = if error.is_null() { Vec::new() } else { json!({ "error": error }).to_string().into_bytes() };
    read(StatusCode::from_u16(status).unwrap(), &headers, &body).unwrap_err()
}

fn class(error: &PayError) -> Option<Refusal> {
    match error {
        PayError::Rejected { class, .. } => Some(*class),
        _ => None,
    }
}

#[test]
fn what_was_certainly_not_done_says_when_to_ask_again() {
    let later = |reason, seconds| PayError::NotSent { reason, wait: Some(Duration::from_secs(seconds)) };
    let limit = json!({ "type": "invalid_request_error", "code": "rate_limit" });
    assert_eq!(failure(429, &[], &limit), later(NotSent::RateLimit, 2));
    assert_eq!(failure(429, &[("retry-after", "30")], &Value::Null), later(NotSent::RateLimit, 30));
    let locked = json!({ "type": "invalid_request_error", "code": "lock_timeout" });
    assert_eq!(failure(429, &[], &locked), later(NotSent::Locked, 2));
}

#[test]
fn what_may_have_been_done_is_unknown() {
    let in_use = json!({ "type": "idempotency_error", "code": "idempotency_key_in_use" });
    for (status, error) in
        [(409, in_use), (408, Value::Null), (424, json!({})), (500, json!({ "type": "api_error" })), (503, Value::Null)]
    {
        let seen = failure(status, &[], &error);
        assert!(matches!(seen, PayError::Unknown { stored: false, .. }), "{status}: {seen:?}");
    }
    let told = failure(400, &[("stripe-should-retry", "true")], &json!({ "type": "invalid_request_error" }));
    assert!(matches!(told, PayError::Unknown { stored: false, .. }), "{told:?}");
}

#[test]
fn an_answer_that_the_provider_keeps_for_the_key_is_told_as_such() {
    let error = json!({ "type": "api_error" });
    for header in [("idempotent-replayed", "true"), ("stripe-should-retry", "false")] {
        let seen = failure(500, &[header], &error);
        assert!(matches!(seen, PayError::Unknown { stored: true, .. }), "{header:?}: {seen:?}");
    }
    let fresh = failure(500, &[("idempotent-replayed", "false")], &error);
    assert!(matches!(fresh, PayError::Unknown { stored: false, .. }), "{fresh:?}");
}

#[test]
fn a_refusal_for_good_says_what_must_change() {
    let cases = [
        (401, json!({ "type": "invalid_request_error" }), Refusal::Key),
        (403, json!({ "type": "invalid_request_error" }), Refusal::Permission),
        (404, json!({ "type": "invalid_request_error" }), Refusal::Configuration),
        (404, Value::Null, Refusal::Configuration),
        (307, Value::Null, Refusal::Configuration),
        (404, json!({ "code": "resource_missing" }), Refusal::Request),
        (400, json!({ "code": "charge_already_refunded" }), Refusal::Request),
        (400, json!({ "type": "idempotency_error" }), Refusal::Request),
        (402, json!({ "type": "card_error", "code": "card_declined" }), Refusal::Request),
    ];
    for (status, error, expected) in cases {
        let seen = failure(status, &[], &error);
        assert_eq!(class(&seen), Some(expected), "{status} {error}: {seen:?}");
        assert_eq!(expected.is_configuration(), expected != Refusal::Request);
    }
}

#[test]
fn the_providers_sentences_stay_outside() {
    let error = json!({
        "type": "invalid_request_error", "code": "email_invalid", "param": "customer_email",
        "message": "Invalid email address: anna@example.com", "doc_url": "https://stripe.com/docs",
    });
    let seen = failure(400, &[], &error);
    assert_eq!(
        seen.to_string(),
        "refused for good (request): email_invalid, HTTP 400 invalid_request_error customer_email"
    );
    let odd = json!({ "code": "anna@example.com", "param": "Via Roma 1", "type": "x".repeat(101) });
    assert_eq!(failure(400, &[], &odd), PayError::refused("http", "HTTP 400"));
}

#[test]
fn a_success_that_cannot_be_read_leaves_it_open() {
    for body in ["", "OK", "[]", "<html>"] {
        let seen = read(StatusCode::OK, &HeaderMap::new(), body.as_bytes()).unwrap_err();
        assert!(matches!(seen, PayError::Unknown { stored: false, .. }), "{body}: {seen:?}");
    }
}
