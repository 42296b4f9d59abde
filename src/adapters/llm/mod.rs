//! The port to language models: what the turn asks, and what a model may answer.
//!
//! Two models stand behind it: any OpenAI-compatible server ([`openai`]), and the built-in
//! [`offline`] assistant, which needs no key. Both see the same transcript and the same tools.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub mod offline;
pub mod openai;

/// Who speaks in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The customer.
    User,
    /// The model.
    Assistant,
    /// The house, answering a tool call.
    Tool,
}

/// One piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// Words.
    Text {
        /// As written.
        text: String,
    },
    /// The model asks for a tool.
    ToolCall {
        /// Unique within the turn; the result carries it back.
        id: String,
        /// The tool's wire name.
        name: String,
        /// A JSON object.
        args: Value,
    },
    /// What the tool answered.
    ToolResult {
        /// Of the call.
        id: String,
        /// The tool's wire name.
        name: String,
        /// The tool's output, or `{"error": "..."}`.
        content: Value,
    },
}

/// One message of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

/// A tool as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Wire name: `find_sessions`.
    pub name: String,
    /// One or two sentences that tell when to use it.
    pub description: String,
    /// JSON Schema of the arguments.
    pub schema: Value,
}

/// Everything a model may know for one step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// Standing instructions.
    pub system: String,
    /// Oldest first; the last one is the customer's, or tool results.
    pub messages: Vec<Message>,
    /// Tools that may be asked for; empty when the budget is spent and words are wanted.
    pub tools: Vec<ToolSpec>,
    /// The instant that "tomorrow" is measured from: the customer's last message.
    pub now: DateTime<Utc>,
    /// The business's zone.
    pub zone: Tz,
    /// The customer's language so far; the model may answer in the one it reads.
    pub language: Language,
    /// Upper bound of the answer, in tokens.
    pub max_output_tokens: u32,
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It said what it wanted to say.
    EndTurn,
    /// It waits for tools.
    ToolUse,
    /// The token limit cut it off.
    MaxTokens,
    /// It declined.
    Refusal,
}

/// Tokens of one step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Read, cached ones included.
    pub input: u64,
    /// Written.
    pub output: u64,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Text and tool calls, in the model's order.
    pub parts: Vec<Part>,
    /// Why it stopped.
    pub stop: Stop,
    /// The language of the customer's last message as the model read it, when it tells.
    pub language: Option<Language>,
    /// Tokens spent.
    pub usage: Usage,
    /// Which model answered.
    pub model: String,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum LlmError {
    /// 429; the provider may say when to come back.
    #[error("the model's provider limits our rate")]
    RateLimited {
        /// `Retry-After`, when given.
        retry_after: Option<Duration>,
    },
    /// 5xx, or "overloaded".
    #[error("the model's provider is overloaded: {0}")]
    Overloaded(String),
    /// No answer, or none that could be read, in time.
    #[error("the model could not be reached: {0}")]
    Transport(String),
    /// The answer is not what the protocol allows.
    #[error("the model's answer could not be read: {0}")]
    InvalidOutput(String),
    /// 400, 401, 403, 404, 413, 422, spent quota: asking again changes nothing.
    #[error("the model's provider refused the request: {0}")]
    Refused(String),
}

/// The model of this house, chosen in the configuration.
#[derive(Debug, Clone)]
pub enum Model {
    /// Any server that speaks OpenAI's chat completions.
    OpenAi(openai::OpenAi),
    /// The built-in assistant.
    Offline,
}

impl Model {
    /// Asks for one step. Never retries: the engine owns retries.
    pub async fn complete(&self, request: &Request) -> Result<Response, LlmError> {
        match self {
            // Such a model does not tell the language that it reads, and what the house says follows it.
            Self::OpenAi(client) => {
                Ok(Response { language: offline::reads(request), ..client.complete(request).await? })
            }
            Self::Offline => Ok(offline::answer(request)),
        }
    }
}
