//! One step of the model.

mod prompt;

use std::time::Duration;

use adapters::{
    World,
    llm::{LlmError, Message, Request, Response},
};
use chrono::{DateTime, Utc};
use domain::{ConversationId, CustomerId, Language, customer, tenant, turn};
use engine::{Backoff, Breaker, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{Cx, on_behalf::begin};

/// Earlier turns that the model sees.
const TURNS: i64 = 8;
/// The longest answer, in tokens.
const MOST_OUTPUT: u32 = 800;

/// Asks the model what to do next. The answer is kept: a replay reads it and never asks again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Think {
    /// Whose turn.
    pub conversation: ConversationId,
    /// Who wrote.
    pub customer: CustomerId,
    /// The language so far.
    pub language: Language,
    /// When they wrote.
    pub at: DateTime<Utc>,
    /// This turn so far: their words, the model's calls, the tools' answers.
    pub said: Vec<Message>,
    /// No more tools: the budget is spent.
    pub words_only: bool,
}

impl Job<World> for Think {
    const NAME: &'static str = "think";
    const POLICY: Policy = Policy {
        attempts: 4,
        timeout: Duration::from_secs(70),
        backoff: Backoff::exponential(Duration::from_millis(500), Duration::from_secs(8)),
        retry_after_at_most: Duration::from_mins(1),
        // Nobody waits for an answer of this morning: the turn says that the assistant is out of order.
        deadline: Some(Duration::from_mins(2)),
        breaker: Some(Breaker::new("model")),
        concurrency: 32,
        ..Policy::DEFAULT
    };
    type Output = Response;

    async fn run(self, cx: Cx) -> Outcome<Response> {
        let request = self.request(&cx).await?;
        let answer = cx.world.model.complete(&request).await.map_err(|error| stop(&error))?;
        let Some(language) = answer.language.filter(|language| *language != self.language) else { return Ok(answer) };
        let mut tx = begin(&cx).await?;
        customer::speaks(&mut tx, self.customer, language).await?;
        cx.finish(tx, answer).await
    }
}

impl Think {
    async fn request(&self, cx: &Cx) -> Outcome<Request> {
        let mut tx = begin(cx).await?;
        let tenant = tenant::current(&mut tx).await?;
        let turns = turn::history(&mut tx, self.conversation, TURNS).await?;
        drop(tx);
        let mut messages = Vec::new();
        for transcript in turns {
            let earlier: Vec<Message> = serde_json::from_value(transcript)?;
            messages.extend(earlier);
        }
        messages.extend(self.said.iter().cloned());
        Ok(Request {
            system: prompt::system(&tenant, self.at),
            messages,
            tools: if self.words_only { Vec::new() } else { crate::tools() },
            now: self.at,
            zone: tenant.zone,
            language: self.language,
            max_output_tokens: MOST_OUTPUT,
        })
    }
}

/// What to do about a model that did not answer.
fn stop(error: &LlmError) -> Stop {
    match error {
        LlmError::RateLimited { retry_after } => Stop::unavailable(error.to_string(), *retry_after),
        LlmError::Refused(_) => Stop::fail(error.to_string()),
        _ => Stop::retry(error.to_string()),
    }
}
