//! The scripted model.

use serde_json::{Value, json};

use super::harness::Lab;

fn asking(words: &str) -> Value {
    json!({ "model": "gpt-x", "messages": [
        { "role": "system", "content": "You book classes. yoga" },
        { "role": "user", "content": words },
    ] })
}

async fn ask(lab: &Lab, request: &Value) -> reqwest::Response {
    let url = lab.url("/v1/chat/completions");
    lab.http.post(url).bearer_auth("key").json(request).send().await.unwrap()
}

async fn said(lab: &Lab, words: &str) -> Value {
    ask(lab, &asking(words)).await.json::<Value>().await.unwrap()["choices"][0].clone()
}

#[tokio::test]
async fn moves_are_made_in_order_and_by_what_the_user_said() {
    let lab = Lab::start().await;
    let script = json!([
        { "when": "YOGA", "tool_calls": [{ "name": "find_sessions", "arguments": { "activity": "yoga" } }] },
        { "text": "first" },
        { "text": "second" },
    ]);
    assert_eq!(lab.post("/_sim/llm/script", script).await, (201, json!({ "waiting": 3 })));
    assert_eq!(said(&lab, "hello").await["message"]["content"], "first");
    let yoga = said(&lab, "I want yoga").await;
    assert_eq!(yoga["finish_reason"], "tool_calls");
    let call = &yoga["message"]["tool_calls"][0]["function"];
    assert_eq!(call["name"], "find_sessions");
    assert_eq!(call["arguments"], r#"{"activity":"yoga"}"#);
    assert_eq!(said(&lab, "I want yoga").await["message"]["content"], "second");
    let unscripted = said(&lab, "I want yoga").await;
    assert!(unscripted["message"]["content"].as_str().unwrap().contains("no script"));
    let (_, requests) = lab.get("/_sim/llm/requests").await;
    assert_eq!(requests.as_array().unwrap().len(), 4);
    assert_eq!(requests[0], asking("hello"));
}

#[tokio::test]
async fn it_fails_as_scripted() {
    let lab = Lab::start().await;
    let script = json!([{ "error": { "status": 429, "retry_after": 7 } }, { "garbage": true }]);
    lab.post("/_sim/llm/script", script).await;
    let limited = ask(&lab, &asking("hello")).await;
    assert_eq!(limited.status(), 429);
    assert_eq!(limited.headers()["retry-after"], "7");
    let garbage = ask(&lab, &asking("hello")).await;
    assert_eq!(garbage.status(), 200);
    assert!(garbage.json::<Value>().await.is_err());

    lab.fault(json!({ "target": "llm", "kind": "error", "status": 503, "times": 1 })).await;
    assert_eq!(ask(&lab, &asking("hello")).await.status(), 503);
    lab.fault(json!({ "target": "llm", "kind": "drop_response_after_accept", "times": 1 })).await;
    let url = lab.url("/llm/v1/chat/completions");
    assert!(lab.http.post(url).bearer_auth("key").json(&asking("hello")).send().await.is_err());
}

#[tokio::test]
async fn an_unanswered_tool_call_is_refused_as_providers_refuse_it() {
    let lab = Lab::start().await;
    let call = json!({ "role": "assistant", "tool_calls": [
        { "id": "call_1", "type": "function", "function": { "name": "find_sessions", "arguments": "{}" } },
    ] });
    let result = json!({ "role": "tool", "tool_call_id": "call_1", "content": "{}" });
    let mut request = asking("hello");
    request["messages"].as_array_mut().unwrap().push(call);
    assert_eq!(ask(&lab, &request).await.status(), 400);
    request["messages"].as_array_mut().unwrap().push(result.clone());
    assert_eq!(ask(&lab, &request).await.status(), 200);
    request["messages"].as_array_mut().unwrap().push(result);
    assert_eq!(ask(&lab, &request).await.status(), 400);
}

#[tokio::test]
async fn a_wrong_move_is_refused_and_none_is_kept() {
    let lab = Lab::start().await;
    let script = json!([{ "text": "fine" }, { "txt": "not fine" }]);
    let (status, answer) = lab.post("/_sim/llm/script", script).await;
    assert_eq!((status, &answer["error"]["field"]), (422, &json!("[1].text")), "{answer}");
    let kept = said(&lab, "hello").await["message"]["content"].to_string();
    assert!(kept.contains("no script"), "{kept}");
}
