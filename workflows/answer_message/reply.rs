//! What a turn is about to say.

use adapters::llm::Message;
use domain::{outbound::Content, turn::Spent};

use super::transcript;

/// The reply, and what led to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    pub content: Content,
    /// It tells of something that was done, and is said in any case.
    pub done: bool,
    /// What the customer, the model and the tools said.
    pub transcript: Vec<Message>,
    /// What the model's part of it cost.
    pub spent: Spent,
    /// Why a person is needed.
    pub hand_over: Option<String>,
}

impl Reply {
    /// Words of ours.
    pub fn words(text: impl Into<String>, mut transcript: Vec<Message>) -> Self {
        let content = Content::text(text);
        transcript.push(transcript::house(&content.text));
        Self { content, transcript, ..Self::default() }
    }

    /// One message of both. Only the later one may have been thought.
    pub fn then(mut self, next: Self) -> Self {
        if self.content == Content::default() {
            return next;
        }
        self.content = Content { text: format!("{}\n\n{}", self.content.text, next.content.text), ..next.content };
        self.done |= next.done;
        self.transcript.extend(next.transcript);
        self.spent = next.spent;
        self.hand_over = self.hand_over.or(next.hand_over);
        self
    }
}
