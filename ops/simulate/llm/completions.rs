//! `POST /v1/chat/completions`.

use std::time::Duration;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{conversation, script::Act};
use crate::simulate::{
    Simulators,
    faults::{Target, Trouble, garbage, silence},
};

const UNSCRIPTED: &str = "The simulator has no script for this message. Give it moves at POST /_sim/llm/script.";

pub(crate) async fn complete(State(simulators): State<Simulators>, headers: HeaderMap, body: Bytes) -> Response {
    if !headers.contains_key(header::AUTHORIZATION) {
        return refusal(401, "invalid_api_key", "You didn't provide an API key.");
    }
    let request: Value = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(e) => return refusal(400, "invalid_json", &format!("the body is not JSON: {e}")),
    };
    if let Err((parameter, why)) = conversation::check(&request) {
        return refusal(400, "invalid_request_error", &format!("{parameter}: {why}"));
    }
    match simulators.faults().before(Target::Llm, None).await {
        Ok(()) => {}
        Err(Trouble::Silence) => return silence(),
        Err(Trouble::Error(fault)) => {
            let status = fault.status.unwrap_or(500);
            let answer = refusal(status, "simulated", "Set by a fault of the simulators");
            return retry_after(answer, fault.retry_after);
        }
    }
    let answer = make_move(&simulators, &request).await;
    simulators.faults().after(Target::Llm, None, answer).await
}

async fn make_move(simulators: &Simulators, request: &Value) -> Response {
    let step = simulators.llm().next(request);
    let Some(step) = step else {
        let act = Act::Say { text: Some(UNSCRIPTED.into()), tool_calls: vec![], finish: None };
        return perform(simulators, request, act);
    };
    tokio::time::sleep(Duration::from_millis(step.delay_ms)).await;
    perform(simulators, request, step.act)
}

fn perform(simulators: &Simulators, request: &Value, act: Act) -> Response {
    match act {
        Act::Say { text, tool_calls, finish } => {
            let calls: Vec<Value> = tool_calls
                .into_iter()
                .map(|call| {
                    json!({
                        "id": format!("call_{}", simulators.ids().word()),
                        "type": "function",
                        "function": { "name": call.name, "arguments": call.arguments },
                    })
                })
                .collect();
            completion(simulators, request, text.as_deref(), &calls, finish.as_deref())
        }
        Act::Fail { status, retry_after: seconds, message } => {
            retry_after(refusal(status, "simulated", &message), seconds)
        }
        Act::Garbage => garbage(),
    }
}

fn completion(
    simulators: &Simulators,
    request: &Value,
    text: Option<&str>,
    calls: &[Value],
    finish: Option<&str>,
) -> Response {
    let usual = if calls.is_empty() { "stop" } else { "tool_calls" };
    let (prompt, answer) = (tokens(&request["messages"]), tokens(&json!([text, calls])));
    let mut message = json!({ "role": "assistant", "content": text, "refusal": null });
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    Json(json!({
        "id": format!("chatcmpl-{}", simulators.ids().word()),
        "object": "chat.completion",
        "created": simulators.now().timestamp(),
        "model": request["model"],
        "choices": [{
            "index": 0,
            "message": message,
            "finish_reason": finish.unwrap_or(usual),
            "logprobs": null,
        }],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "total_tokens": prompt + answer,
        },
    }))
    .into_response()
}

/// Four bytes a token: near enough for budgets to have something to count.
fn tokens(value: &Value) -> usize {
    value.to_string().len().div_ceil(4)
}

fn refusal(status: u16, code: &str, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if status == StatusCode::TOO_MANY_REQUESTS {
        "rate_limit_error"
    } else if status.is_server_error() {
        "server_error"
    } else {
        "invalid_request_error"
    };
    let error = json!({ "message": message, "type": kind, "param": null, "code": code });
    (status, Json(json!({ "error": error }))).into_response()
}

fn retry_after(mut answer: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}
