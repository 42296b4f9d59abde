//! One HTTP exchange with a model server: no retry, and errors told apart by their status.

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use reqwest::StatusCode;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{http, llm::LlmError};

/// The longest answer that is read, in bytes.
const LIMIT: usize = 4 << 20;

/// Sends the request once. A success comes back with a body that is known to be JSON.
pub(super) async fn attempt(
    client: reqwest::Client,
    factory: HttpRequestFactory,
) -> Result<reqwest::Response, OpenAIError> {
    let request = factory.build().await?;
    exchange(&client, request).await.map_err(|error| OpenAIError::Boxed(Box::new(error)))
}

async fn exchange(client: &reqwest::Client, request: reqwest::Request) -> Result<reqwest::Response, LlmError> {
    let transport = |error: reqwest::Error| LlmError::Transport(http::trouble(&error).to_owned());
    let response = client.execute(request).await.map_err(transport)?;
    let status = response.status();
    let retry_after = http::retry_after(response.headers());
    let body = http::body(response, LIMIT).await.map_err(transport)?;
    let body = body.ok_or_else(|| LlmError::InvalidOutput(format!("longer than {LIMIT} bytes")))?;
    if !status.is_success() {
        let error = serde_json::from_slice(&body).unwrap_or(Value::Null);
        return Err(refusal(status, retry_after, &error));
    }
    // Checked here because async-openai logs a body that it cannot parse, customers' words included.
    serde_json::from_slice::<IgnoredAny>(&body).map_err(|error| LlmError::InvalidOutput(error.to_string()))?;
    Ok(::http::Response::new(reqwest::Body::from(body)).into())
}

/// What an answer other than success means. `body` is `{"error": {...}}` where servers keep to the
/// protocol.
pub(super) fn refusal(status: StatusCode, retry_after: Option<std::time::Duration>, body: &Value) -> LlmError {
    let error = body.get("error").unwrap_or(body);
    let field = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let spent = ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"];
    let reason = [status.as_str(), field("code"), field("type"), gist(field("message"))];
    let reason = reason.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    match status {
        StatusCode::TOO_MANY_REQUESTS if spent.contains(&field("code")) || spent.contains(&field("type")) => {
            LlmError::Refused(reason)
        }
        StatusCode::TOO_MANY_REQUESTS => LlmError::RateLimited { retry_after },
        StatusCode::REQUEST_TIMEOUT => LlmError::Transport(reason),
        // A server that names a time is waited for, whatever it calls its trouble.
        _ if status.is_server_error() && retry_after.is_some() => LlmError::RateLimited { retry_after },
        _ if status.is_server_error() => LlmError::Overloaded(reason),
        _ => LlmError::Refused(reason),
    }
}

/// The beginning of a provider's message, up to where it may start to quote the request.
fn gist(message: &str) -> &str {
    let end = message.find(['{', '[', '\'', '"', '`', '\n', ':']).unwrap_or(message.len());
    let end = message.floor_char_boundary(end.min(160));
    message[..end].trim()
}
