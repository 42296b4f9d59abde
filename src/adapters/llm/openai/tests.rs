//! The client against a server that answers as told, once each time.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Bytes, http::StatusCode, response::IntoResponse};
use chrono::TimeZone;
use domain::Language;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::llm::{Message, Part, Role, Stop, ToolSpec, Usage};

/// What the server was asked, and how often.
#[derive(Clone, Default)]
struct Asked {
    times: Arc<AtomicUsize>,
    last: Arc<std::sync::Mutex<Value>>,
}

async fn answering(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> (OpenAi, Asked) {
    let asked = Asked::default();
    let (seen, headers, body) = (asked.clone(), headers.to_vec(), body.to_owned());
    let answer = move |request: Bytes| {
        seen.times.fetch_add(1, Ordering::SeqCst);
        *seen.last.lock().unwrap() = serde_json::from_slice(&request).unwrap();
        let mut response = (StatusCode::from_u16(status).unwrap(), body.clone()).into_response();
        for (name, value) in &headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        async move { response }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (OpenAi::new(&base, "key", "small", Duration::from_secs(2)).unwrap(), asked)
}

fn request(messages: Vec<Message>) -> Request {
    Request {
        system: "Be kind.".to_owned(),
        messages,
        tools: vec![ToolSpec {
            name: "find_sessions".to_owned(),
            description: "d".to_owned(),
            schema: json!({"type": "object"}),
        }],
        now: chrono::Utc.with_ymd_and_hms(2026, 11, 21, 23, 30, 0).unwrap(),
        zone: chrono_tz::Europe::Rome,
        language: Language::It,
        max_output_tokens: 300,
    }
}

fn says(role: Role, text: &str) -> Message {
    Message { role, parts: vec![Part::Text { text: text.to_owned() }] }
}

fn call(id: &str) -> Part {
    Part::ToolCall { id: id.to_owned(), name: "find_sessions".to_owned(), args: json!({"activity": "yoga"}) }
}

fn result(id: &str) -> Part {
    Part::ToolResult { id: id.to_owned(), name: "find_sessions".to_owned(), content: json!({"match": "none"}) }
}

fn completion(message: &Value, finish: &str) -> String {
    json!({"model": "small-1", "choices": [{"message": message, "finish_reason": finish}], "usage": {"prompt_tokens": 12, "completion_tokens": 3}}).to_string()
}

async fn ask(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Result<Response, LlmError> {
    answering(status, headers, body).await.0.complete(&request(vec![says(Role::User, "ciao")])).await
}

#[tokio::test]
async fn a_transcript_becomes_messages_and_words_come_back() {
    let (model, asked) = answering(200, &[], &completion(&json!({"content": "Ciao!"}), "stop")).await;
    let transcript = vec![
        says(Role::User, "yoga domani"),
        Message { role: Role::Assistant, parts: vec![call("a"), call("b")] },
        Message { role: Role::Tool, parts: vec![result("b"), result("a")] },
        says(Role::Assistant, "Nulla domani."),
        says(Role::User, "e lunedì?"),
    ];
    let response = model.complete(&request(transcript)).await.unwrap();
    assert_eq!(response.parts, [Part::Text { text: "Ciao!".to_owned() }]);
    assert_eq!((response.stop, response.model.as_str()), (Stop::EndTurn, "small-1"));
    assert_eq!(response.usage, Usage { input: 12, output: 3 });

    let body = asked.last.lock().unwrap().clone();
    assert_eq!((&body["model"], &body["max_tokens"]), (&json!("small"), &json!(300)));
    assert_eq!(body["tools"][0]["function"]["name"], "find_sessions");
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(system.starts_with("Be kind.") && system.contains("Sunday 2026-11-22 at 00:30 (Europe/Rome)"), "{system}");
    let roles: Vec<_> = body["messages"].as_array().unwrap().iter().map(|m| m["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "tool", "assistant", "user"]);
    let asked_for = &body["messages"][2]["tool_calls"][0];
    assert_eq!(asked_for["function"]["arguments"], r#"{"activity":"yoga"}"#);
    assert_eq!(body["messages"][3]["tool_call_id"], "b");
}

#[tokio::test]
async fn a_torn_transcript_is_mended() {
    let (model, asked) = answering(200, &[], &completion(&json!({"content": "ok"}), "stop")).await;
    let transcript = vec![
        Message { role: Role::Tool, parts: vec![result("cut off")] },
        says(Role::User, "ciao"),
        Message { role: Role::Assistant, parts: vec![call("a"), call("b")] },
        Message { role: Role::Tool, parts: vec![result("a")] },
        says(Role::User, "ci sei?"),
    ];
    model.complete(&request(transcript)).await.unwrap();
    let body = asked.last.lock().unwrap().clone();
    let messages = body["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|m| m["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "tool", "user"]);
    assert_eq!(messages[4]["tool_call_id"], "b");
    assert_eq!(messages[4]["content"], r#"{"error":"no result"}"#);
}

#[tokio::test]
async fn tool_calls_come_back_whatever_the_server_calls_them() {
    let args = [json!(r#"{"activity":"yoga"}"#), json!({"activity": "yoga"})];
    for (args, finish) in args.into_iter().zip(["tool_calls", "stop"]) {
        let function = json!({"name": "find_sessions", "arguments": args});
        let message = json!({"content": null, "tool_calls": [{"id": "a", "type": "function", "function": function}]});
        let response = ask(200, &[], &completion(&message, finish)).await.unwrap();
        assert_eq!((response.parts.as_slice(), response.stop), (&[call("a")][..], Stop::ToolUse));
    }
}

#[tokio::test]
async fn ids_that_are_missing_or_doubled_are_made_unique() {
    let call = |id: &str| json!({"id": id, "function": {"name": "find_crew", "arguments": ""}});
    let message = json!({"content": "", "tool_calls": [call("x"), call("x"), call("")]});
    let parts = ask(200, &[], &completion(&message, "tool_calls")).await.unwrap().parts;
    let ids: Vec<_> =
        parts.iter().map(|part| if let Part::ToolCall { id, .. } = part { id.as_str() } else { "text" }).collect();
    assert_eq!(ids, ["x", "call_1", "call_2"]);
}

#[tokio::test]
async fn the_ends_of_an_answer_are_told_apart() {
    let cases = [
        (json!({"content": "half"}), "length", Stop::MaxTokens, 1),
        (json!({"content": null}), "length", Stop::MaxTokens, 0),
        (json!({"content": null, "refusal": "No."}), "stop", Stop::Refusal, 1),
        (json!({"content": ""}), "content_filter", Stop::Refusal, 0),
        (json!({"content": [{"type": "text", "text": "a"}]}), "eos", Stop::EndTurn, 1),
        (json!({"content": "<think>hm</think>\n\nCiao"}), "stop", Stop::EndTurn, 1),
    ];
    for (message, finish, stop, parts) in cases {
        let response = ask(200, &[], &completion(&message, finish)).await.unwrap();
        assert_eq!((response.stop, response.parts.len()), (stop, parts), "{message}");
        assert!(!format!("{response:?}").contains("think"));
    }
}

#[tokio::test]
async fn what_the_protocol_does_not_allow_is_invalid_output() {
    let function =
        |function: Value| completion(&json!({"tool_calls": [{"id": "a", "function": function}]}), "tool_calls");
    let bodies = [
        "not json".to_owned(),
        "{}".to_owned(),
        r#"{"choices": []}"#.to_owned(),
        completion(&json!({"content": "  "}), "stop"),
        function(json!({"name": "x", "arguments": "{\"activity\": "})),
        function(json!({"name": "x", "arguments": "[1]"})),
        function(json!({"arguments": "{}"})),
        function(Value::Null),
    ];
    for body in bodies {
        let result = ask(200, &[], &body).await;
        assert!(matches!(result, Err(LlmError::InvalidOutput(_))), "{body}: {result:?}");
    }
}

#[tokio::test]
async fn nothing_is_asked_twice() {
    for status in [429, 500, 503] {
        let (model, asked) = answering(status, &[("retry-after", "0")], "{}").await;
        model.complete(&request(vec![says(Role::User, "ciao")])).await.unwrap_err();
        assert_eq!(asked.times.load(Ordering::SeqCst), 1, "{status}");
    }
}

#[tokio::test]
async fn a_rate_limit_tells_when_to_come_back() {
    let wait = |result| match result {
        Err(LlmError::RateLimited { retry_after }) => retry_after.map(|wait| wait.as_millis()),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait(ask(429, &[("retry-after", "7")], "slow down").await), Some(7000));
    assert_eq!(wait(ask(429, &[("retry-after-ms", "40")], "").await), Some(40));
    assert_eq!(wait(ask(429, &[], "").await), None);
    assert_eq!(wait(ask(503, &[("retry-after", "3")], "").await), Some(3000));
}

#[tokio::test]
async fn refusals_and_overload_are_told_apart() {
    let error = |code: &str| json!({"error": {"code": code, "message": "why: {secret}"}}).to_string();
    for status in [400, 401, 403, 404, 413, 422, 307] {
        let result = ask(status, &[], &error("bad")).await;
        assert!(
            matches!(&result, Err(LlmError::Refused(reason)) if *reason == format!("{status} bad why")),
            "{result:?}"
        );
    }
    assert!(matches!(ask(429, &[], &error("insufficient_quota")).await, Err(LlmError::Refused(_))));
    for status in [500, 502, 529] {
        assert!(matches!(ask(status, &[], "<html>").await, Err(LlmError::Overloaded(_))), "{status}");
    }
    let inside = json!({"error": {"code": 429, "message": "later"}}).to_string();
    assert!(matches!(ask(200, &[], &inside).await, Err(LlmError::RateLimited { .. })));
}

#[tokio::test]
async fn without_an_answer_it_is_transport() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for (address, reason) in [(unused, "no connection"), (silent.local_addr().unwrap(), "no answer in time")] {
        let model = OpenAi::new(&format!("http://{address}"), "", "m", Duration::from_millis(300)).unwrap();
        let result = model.complete(&request(vec![])).await;
        assert!(matches!(&result, Err(LlmError::Transport(why)) if why == reason), "{result:?}");
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let new = |base, key| OpenAi::new(base, key, "m", Duration::from_secs(1)).map(drop);
    assert!(matches!(new("api.openai.com/v1", ""), Err(Misconfigured::BaseUrl(_))));
    assert!(matches!(new("https://api.openai.com/v1", "sk-1\n"), Err(Misconfigured::Key)));
    assert!(new("https://api.openai.com/v1", "sk-1").is_ok());
}

#[test]
fn the_key_stays_out_of_logs() {
    let model = OpenAi::new("http://localhost", "sk-planted", "m", Duration::from_secs(1)).unwrap();
    assert!(!format!("{model:?}").contains("planted"));
}
