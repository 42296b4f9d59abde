//! Any server that speaks OpenAI's chat completions.

mod answer;
mod request;
mod transport;

use std::{sync::Arc, time::Duration};

use async_openai::{Client, config::OpenAIConfig, error::OpenAIError};
use reqwest::Url;
use serde_json::Value;
use tower::service_fn;

use super::{LlmError, Request, Response};
use crate::{HttpError, http};

/// A model behind an OpenAI-compatible server. Clones share connections.
#[derive(Debug, Clone)]
pub struct OpenAi {
    client: Arc<Client<OpenAIConfig>>,
    model: Arc<str>,
    /// The field that bounds the answer: OpenAI renamed it, most compatible servers did not.
    limit_field: &'static str,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// The base address is none.
    #[error("the language model's base URL {0:?} is not an http(s) address; use one like https://api.openai.com/v1")]
    BaseUrl(String),
    /// The key holds characters that no header may hold.
    #[error("the language model's API key holds spaces or control characters; copy it again")]
    Key,
    /// The HTTP client failed.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl OpenAi {
    /// Talks to `base_url` (which ends in `/v1` as a rule) with `key`, which is empty for servers
    /// that want none, and gives up on an answer after `limit`.
    pub fn new(base_url: &str, key: &str, model: &str, limit: Duration) -> Result<Self, Misconfigured> {
        let base = base_url.trim_end_matches('/');
        let url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| Misconfigured::BaseUrl(base_url.to_owned()))?;
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Misconfigured::Key);
        }
        // Every value is given, since the defaults come from the environment.
        let config = OpenAIConfig::new().with_api_base(base).with_api_key(key).with_org_id("").with_project_id("");
        let http = http::client(limit)?;
        let attempt = http.clone();
        // A service of our own replaces async-openai's, which would retry (429, 5xx and broken
        // connections, several times) and hide `Retry-After`.
        let client = Client::build(http, config)
            .with_http_service(service_fn(move |factory| transport::attempt(attempt.clone(), factory)));
        let openai =
            url.host_str().is_some_and(|host| host.ends_with(".openai.com") || host.ends_with(".openai.azure.com"));
        let limit_field = if openai { "max_completion_tokens" } else { "max_tokens" };
        Ok(Self { client: Arc::new(client), model: model.into(), limit_field })
    }

    /// Asks for one step, once.
    pub async fn complete(&self, request: &Request) -> Result<Response, LlmError> {
        let body = request::body(request, &self.model, self.limit_field);
        // "Bring your own type": JSON in and out, because compatible servers leave out or add
        // fields that the typed interface insists on.
        let answer: Value = self.client.chat().create_byot(body).await.map_err(classify)?;
        answer::read(&answer, &self.model)
    }
}

fn classify(error: OpenAIError) -> LlmError {
    match error {
        OpenAIError::Boxed(error) => match error.downcast::<LlmError>() {
            Ok(error) => *error,
            Err(error) => LlmError::Transport(error.to_string()),
        },
        OpenAIError::Reqwest(error) => LlmError::Transport(http::trouble(&error).to_owned()),
        OpenAIError::JSONDeserialize(error, _) => LlmError::InvalidOutput(error.to_string()),
        error => LlmError::Refused(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
