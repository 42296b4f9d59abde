//! Think, use tools, think again, within a budget.

use adapters::llm::{Message, Part, Response, Role};
use domain::{
    Language,
    booking::Proposed,
    burst::{Burst, Heard},
    outbound::{Button, Content},
    replies,
};
use engine::Outcome;
use futures_util::future::join_all;
use jobs::{OnBehalf, Think};

use super::{reply::Reply, tools, transcript};
use crate::Cx;

/// Steps of the model in one turn.
const ROUNDS: usize = 5;
/// Tools in one turn.
const CALLS: usize = 10;
/// Tokens in one turn, read and written.
const TOKENS: u64 = 60_000;

/// What is left of the budget and what was said so far.
struct Turn<'a> {
    cx: &'a Cx,
    burst: &'a Burst,
    said: Vec<Message>,
    language: Language,
    calls: usize,
    tokens: u64,
}

/// Answers these messages of the burst.
pub(super) async fn answer(cx: &Cx, burst: &Burst, heard: &[&Heard]) -> Outcome<Reply> {
    let said = vec![transcript::customer(heard)];
    let mut turn = Turn { cx, burst, said, language: burst.language, calls: 0, tokens: 0 };
    for round in 1..=ROUNDS {
        let Some(response) = turn.think(round).await? else { return Ok(turn.trouble()) };
        if let Some(reply) = turn.take_up(round, response).await? {
            return Ok(reply);
        }
    }
    Ok(turn.last_word())
}

impl Turn<'_> {
    fn spent(&self, round: usize) -> bool {
        round == ROUNDS || self.calls >= CALLS || self.tokens >= TOKENS
    }

    fn asker(&self) -> OnBehalf {
        OnBehalf {
            conversation: self.burst.conversation,
            customer: self.burst.customer,
            language: self.language,
            turn: self.cx.id(),
            at: self.at(),
            zone: self.burst.zone,
        }
    }

    /// "Tomorrow" is counted from when the customer wrote it.
    fn at(&self) -> chrono::DateTime<chrono::Utc> {
        self.burst.messages.last().map_or_else(|| self.cx.started_at(), |message| message.sent_at)
    }

    /// One step of the model; `None` when it cannot be had.
    async fn think(&mut self, round: usize) -> Outcome<Option<Response>> {
        let step = Think {
            conversation: self.burst.conversation,
            customer: self.burst.customer,
            language: self.language,
            at: self.at(),
            said: self.said.clone(),
            words_only: self.spent(round),
        };
        let Ok(response) = self.cx.try_step(&format!("think/{round}"), step).await? else { return Ok(None) };
        self.language = response.language.unwrap_or(self.language);
        self.tokens += response.usage.input + response.usage.output;
        Ok(Some(response))
    }

    /// Runs the tools that the model asked for, or takes its words.
    async fn take_up(&mut self, round: usize, response: Response) -> Outcome<Option<Reply>> {
        let calls: Vec<tools::Call> = response.parts.iter().filter_map(tools::Call::of).collect();
        let words = text(&response);
        self.said.push(Message { role: Role::Assistant, parts: response.parts });
        if calls.is_empty() {
            return Ok(Some(self.words(&words)));
        }
        if self.spent(round) {
            return Ok(Some(self.last_word()));
        }
        let asker = self.asker();
        let room = CALLS - self.calls;
        self.calls += calls.len();
        let cx = self.cx;
        let runs = calls.iter().enumerate().map(async |(index, call)| {
            if index >= room {
                return Ok(call.refused("too many tools in one turn"));
            }
            tools::run(cx, asker, &format!("{}/{round}.{index}", call.name), call).await
        });
        let results = join_all(runs).await.into_iter().collect::<Outcome<Vec<Part>>>()?;
        let proposal = results.iter().rev().find_map(tools::proposal);
        self.said.push(Message { role: Role::Tool, parts: results });
        Ok(proposal.map(|proposal| self.propose(proposal)))
    }

    /// The summary is ours, and the buttons name what a yes is about.
    fn propose(&mut self, Proposed { proposal_id: id, summary }: Proposed) -> Reply {
        let buttons = vec![
            Button { id: format!("yes:{id}"), title: replies::yes_button(self.language) },
            Button { id: format!("no:{id}"), title: replies::no_button(self.language) },
        ];
        let reply = Reply::words(summary, std::mem::take(&mut self.said));
        Reply { content: Content { buttons, ..reply.content }, ..reply }
    }

    fn words(&mut self, words: &str) -> Reply {
        if words.trim().is_empty() {
            return self.last_word();
        }
        let content = tools::with_choices(words, &self.said, self.language);
        Reply { content, transcript: std::mem::take(&mut self.said), ..Reply::default() }
    }

    fn last_word(&mut self) -> Reply {
        let reply = Reply::words(replies::last_word(self.language), std::mem::take(&mut self.said));
        Reply { hand_over: Some("a turn came to the end of its budget".to_owned()), ..reply }
    }

    fn trouble(&mut self) -> Reply {
        let reply = Reply::words(replies::trouble(self.language), std::mem::take(&mut self.said));
        Reply { hand_over: Some("the language model did not answer".to_owned()), ..reply }
    }
}

fn text(response: &Response) -> String {
    let texts = response.parts.iter().filter_map(|part| match part {
        Part::Text { text } => Some(text.trim()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}
