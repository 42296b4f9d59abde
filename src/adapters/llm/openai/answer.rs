//! From a chat completion to a model's answer.

use reqwest::StatusCode;
use serde_json::{Map, Value};

use super::transport;
use crate::llm::{LlmError, Part, Response, Stop, Usage};
use crate::nul;

/// Reads the first choice of a completion.
pub(super) fn read(completion: &Value, model: &str) -> Result<Response, LlmError> {
    let Some(choice) = completion.get("choices").and_then(|choices| choices.get(0)) else {
        return Err(no_choice(completion));
    };
    let message = choice.get("message").unwrap_or(&Value::Null);
    let mut parts = Vec::new();
    let refusal = words(message.get("refusal"));
    if let Some(text) = words(message.get("content")).or_else(|| refusal.clone()) {
        parts.push(Part::Text { text });
    }
    let calls = calls(message)?;
    let called = !calls.is_empty();
    parts.extend(calls);
    // What is there decides, before what the server calls it: some say "stop" beside tool calls.
    let stop = match choice.get("finish_reason").and_then(Value::as_str) {
        _ if called => Stop::ToolUse,
        Some("content_filter") => Stop::Refusal,
        _ if refusal.is_some() => Stop::Refusal,
        Some("length") => Stop::MaxTokens,
        _ if parts.is_empty() => return Err(invalid("neither words nor tool calls")),
        _ => Stop::EndTurn,
    };
    let model = completion.get("model").and_then(Value::as_str).unwrap_or(model);
    parts.iter_mut().for_each(clean);
    Ok(Response { parts, stop, language: None, usage: usage(completion), model: model.to_owned() })
}

/// What a model says is kept with the turn.
fn clean(part: &mut Part) {
    match part {
        Part::Text { text } => *text = text.replace('\0', nul::REPLACEMENT),
        Part::ToolCall { id, name, args } | Part::ToolResult { id, name, content: args } => {
            nul::replace(args);
            for text in [id, name] {
                *text = text.replace('\0', nul::REPLACEMENT);
            }
        }
    }
}

/// Some gateways answer 200 with an error inside.
fn no_choice(completion: &Value) -> LlmError {
    let Some(error) = completion.get("error").filter(|error| !error.is_null()) else {
        return invalid("no choices");
    };
    let code = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let status = code.and_then(|code| StatusCode::from_u16(code).ok());
    let status = status.filter(|status| status.is_client_error() || status.is_server_error());
    transport::refusal(status.unwrap_or(StatusCode::BAD_GATEWAY), None, completion)
}

/// The text of a string or of a list of text parts, without the thinking aloud that some servers
/// leave in front.
fn words(content: Option<&Value>) -> Option<String> {
    let text = match content? {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let text = |part: &Value| part.get("text").and_then(Value::as_str).map(str::to_owned);
            parts.iter().filter_map(text).collect::<Vec<_>>().join("\n")
        }
        _ => return None,
    };
    let text = match text.trim_start().strip_prefix("<think>") {
        Some(thought) => thought.split_once("</think>").map_or("", |(_, words)| words),
        None => &text,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn calls(message: &Value) -> Result<Vec<Part>, LlmError> {
    let calls = message.get("tool_calls").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut seen: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for (position, call) in calls.iter().enumerate() {
        let given = call.get("id").and_then(Value::as_str).unwrap_or_default();
        let usable = !given.is_empty() && !seen.iter().any(|id| id == given);
        let id = if usable { given.to_owned() } else { format!("call_{position}") };
        seen.push(id.clone());
        parts.push(read_call(call, id)?);
    }
    Ok(parts)
}

fn read_call(call: &Value, id: String) -> Result<Part, LlmError> {
    let function = call.get("function").ok_or_else(|| invalid("a tool call without a function"))?;
    let name = function.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| invalid("a tool call without a name"))?;
    Ok(Part::ToolCall { id, name: name.to_owned(), args: arguments(function)? })
}

/// The protocol has the arguments as JSON in a string; some servers send the object itself, and
/// nothing at all when there are none.
fn arguments(function: &Value) -> Result<Value, LlmError> {
    let args = match function.get("arguments") {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(Value::String(text)) if text.trim().is_empty() => Value::Object(Map::new()),
        Some(Value::String(text)) => {
            serde_json::from_str(text).map_err(|_| invalid("a tool call whose arguments are not JSON"))?
        }
        Some(value) => value.clone(),
    };
    if args.is_object() { Ok(args) } else { Err(invalid("a tool call whose arguments are no object")) }
}

fn usage(completion: &Value) -> Usage {
    let usage = completion.get("usage").unwrap_or(&Value::Null);
    let tokens = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
    Usage { input: tokens("prompt_tokens"), output: tokens("completion_tokens") }
}

fn invalid(reason: &str) -> LlmError {
    LlmError::InvalidOutput(reason.to_owned())
}
