//! A language model that says what a script tells it, behind the chat completions of OpenAI's API.

mod completions;
mod conversation;
mod http;
pub(crate) mod script;

use std::collections::VecDeque;

use serde_json::Value;

pub(crate) use self::http::routes;
use self::script::Move;

/// The script, and what the model was asked.
#[derive(Default)]
pub(crate) struct Llm {
    script: VecDeque<Move>,
    requests: Vec<Value>,
}

impl Llm {
    pub(crate) fn requests(&self) -> &[Value] {
        &self.requests
    }

    /// Logs the request and takes the first move that fits it.
    fn next(&mut self, request: &Value) -> Option<Move> {
        self.requests.push(request.clone());
        let said = conversation::last_words(request);
        let at = self.script.iter().position(|step| step.fits(&said))?;
        if self.script[at].repeat { self.script.get(at).cloned() } else { self.script.remove(at) }
    }
}
