//! What a chat completion asks, checked as the real servers check it.

use std::collections::HashSet;

use serde_json::Value;

/// The last thing the user said, in lower case.
pub(crate) fn last_words(request: &Value) -> String {
    let last = messages(request).iter().rev().find(|message| message["role"] == "user");
    last.map(|message| words(&message["content"]).to_lowercase()).unwrap_or_default()
}

/// Content is a string, or parts of which some are text.
fn words(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

fn messages(request: &Value) -> &[Value] {
    request["messages"].as_array().map_or(&[], Vec::as_slice)
}

/// Refuses what a provider refuses; the refusal names the parameter.
pub(crate) fn check(request: &Value) -> Result<(), (&'static str, String)> {
    if request["model"].as_str().is_none_or(str::is_empty) {
        return Err(("model", "you must provide a model parameter".into()));
    }
    if request["stream"] == true {
        return Err(("stream", "the simulator does not stream".into()));
    }
    if messages(request).is_empty() {
        return Err(("messages", "must hold at least one message".into()));
    }
    check_tool_calls(messages(request)).map_err(|why| ("messages", why))
}

/// Every tool call is answered before anything else is said, and nothing else is answered.
fn check_tool_calls(messages: &[Value]) -> Result<(), String> {
    let mut open: HashSet<&str> = HashSet::new();
    for message in messages {
        if message["role"] == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            if !open.remove(id) {
                return Err(format!("the tool message for `{id}` follows no open tool_call of that id"));
            }
            continue;
        }
        still_open(&open)?;
        let calls = message["tool_calls"].as_array().into_iter().flatten();
        open.extend(calls.filter_map(|call| call["id"].as_str()));
    }
    still_open(&open)
}

fn still_open(open: &HashSet<&str>) -> Result<(), String> {
    match open.iter().min() {
        None => Ok(()),
        Some(id) => Err(format!(
            "an assistant message with tool_calls must be followed by tool messages responding to \
             each tool_call_id; `{id}` has none"
        )),
    }
}
