//! Think, use tools, think again, within a budget.

use adapters::llm::{Message, Part, Response, Role};
use domain::{
    Language, ProposalId, TenantId,
    burst::{Burst, Heard},
    consent,
    outbound::Content,
    replies,
    turn::Spent,
};
use engine::Outcome;
use futures_util::future::join_all;
use jobs::{AcceptProposal, OnBehalf, Think};

use super::{
    answer::Answer,
    choices::with_choices,
    ending::Ending,
    errands::{Desk, on_behalf},
    reply::Reply,
    tools::{self, Ran},
    transcript,
};
use crate::{Cx, follow_up::follow};

/// Steps of the model in one turn.
const ROUNDS: usize = 5;
/// Tools in one turn.
const CALLS: usize = 10;
/// Tokens in one turn, read and written.
const TOKENS: i64 = 60_000;

/// What is left of the budget and what was said so far.
struct Turn<'a> {
    cx: &'a Cx,
    tenant: TenantId,
    burst: &'a Burst,
    /// They ask in so many words to be put on a waiting list.
    asks_to_wait: bool,
    said: Vec<Message>,
    language: Language,
    calls: usize,
    spent: Spent,
}

/// Answers these messages of the burst.
pub(super) async fn answer(cx: &Cx, tenant: TenantId, burst: &Burst, heard: &[&Heard]) -> Outcome<Reply> {
    let said = vec![transcript::customer(heard)];
    let asks_to_wait = heard.iter().filter_map(|message| message.text.as_deref()).any(consent::asks_to_wait);
    let spent = Spent::default();
    let mut turn = Turn { cx, tenant, burst, asks_to_wait, said, language: burst.language, calls: 0, spent };
    let reply = turn.reply().await?;
    Ok(Reply { spent: turn.spent, ..reply })
}

impl Turn<'_> {
    async fn reply(&mut self) -> Outcome<Reply> {
        for round in 1..=ROUNDS {
            let Some(response) = self.think(round).await? else { return Ok(self.trouble()) };
            if let Some(reply) = self.take_up(round, response).await? {
                return Ok(reply);
            }
        }
        Ok(self.last_word())
    }

    fn is_spent(&self, round: usize) -> bool {
        round == ROUNDS || self.calls >= CALLS || self.spent.tokens_in.saturating_add(self.spent.tokens_out) >= TOKENS
    }

    fn asker(&self) -> OnBehalf {
        on_behalf(self.cx, self.burst, self.language)
    }

    /// One step of the model; `None` when it cannot be had.
    async fn think(&mut self, round: usize) -> Outcome<Option<Response>> {
        let step = Think {
            conversation: self.burst.conversation,
            customer: self.burst.customer,
            language: self.language,
            at: self.asker().at,
            said: self.said.clone(),
            words_only: self.is_spent(round),
        };
        let Ok(response) = self.cx.try_step(&format!("think/{round}"), step).await? else { return Ok(None) };
        self.language = response.language.unwrap_or(self.language);
        self.spent.add(response.usage.input, response.usage.output, &response.model);
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
        if self.is_spent(round) {
            return Ok(Some(self.last_word()));
        }
        let desk = Desk { cx: self.cx, tenant: self.tenant, asker: self.asker() };
        let room = CALLS - self.calls;
        self.calls += calls.len();
        let runs = calls.iter().enumerate().map(async |(index, call)| {
            if index >= room {
                return Ok(Ran::from(call.refused("too many tools in one turn")));
            }
            tools::run(desk, &format!("{}/{round}.{index}", call.name), call).await
        });
        let ran = join_all(runs).await.into_iter().collect::<Outcome<Vec<Ran>>>()?;
        let (results, endings): (Vec<Part>, Vec<_>) = ran.into_iter().map(|ran| (ran.result, ran.ending)).unzip();
        self.said.push(Message { role: Role::Tool, parts: results });
        match endings.into_iter().flatten().reduce(Ending::then) {
            Some(Ending { wait: Some(proposal), .. }) if self.asks_to_wait => self.wait(proposal).await.map(Some),
            Some(ending) => Ok(Some(self.end(ending))),
            None => Ok(None),
        }
    }

    /// They have asked for it already: nobody needs to ask whether they want it.
    async fn wait(&mut self, proposal: ProposalId) -> Outcome<Reply> {
        let customer = self.burst.customer;
        let decided = self.cx.step("wait", AcceptProposal { proposal, customer }).await?;
        let answer = Answer::to_yes(self.cx, self.burst, self.language, decided);
        follow(self.cx, "wait/follow", self.tenant, answer.after.clone()).await?;
        Ok(answer.reply(std::mem::take(&mut self.said)))
    }

    fn end(&mut self, ending: Ending) -> Reply {
        let reply = Reply::words(ending.text, std::mem::take(&mut self.said));
        Reply { content: Content { buttons: ending.buttons, ..reply.content }, done: ending.done, ..reply }
    }

    fn words(&mut self, words: &str) -> Reply {
        if words.trim().is_empty() {
            return self.last_word();
        }
        let content = with_choices(words, &self.said, self.language);
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
