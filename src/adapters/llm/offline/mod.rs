//! The built-in assistant: reads Italian and English without a model, and asks for the same
//! tools as one. It keeps nothing: all it knows of a conversation is the transcript.
//!
//! A message is split into words ([`token`]), read on its own ([`meaning`]: days, times, people,
//! activities, purposes), joined with what earlier turns left ([`memory`]), turned into tasks
//! ([`plan`], [`reply`]), and these into tool calls or words ([`act`], [`tell`]). Every word that a
//! customer reads comes from `domain::replies`.

mod act;
mod activity;
mod answered;
mod aside;
mod bookings;
mod calendar;
mod choice;
mod clock;
mod correction;
mod errands;
mod facts;
mod fuzzy;
mod intent;
mod language;
mod meaning;
mod memory;
mod moving;
mod names;
mod numbers;
mod party;
mod people;
mod phrases;
mod plan;
mod plans;
mod reply;
mod stopwords;
mod task;
mod tell;
#[cfg(test)]
mod tests;
mod token;
mod transcript;
mod verdict;
mod vocabulary;
mod waiting;
mod wish;

use domain::{Language, replies};

use self::act::{Ask, Next};
use self::memory::Memory;
use self::names::Names;
use self::task::Task;
use self::transcript::{Call, Turn};
use super::{Part, Request, Response, Stop, Usage};

/// Answers one step of a turn. The same request always gets the same answer.
#[must_use]
pub fn answer(request: &Request) -> Response {
    let turns = transcript::turns(&request.messages);
    let Some(turn) = turns.last() else {
        return respond(vec![text(replies::greeting(request.language))], None);
    };
    let names = Names::of(&request.messages);
    let meaning = meaning::understand(&turn.said, request.now, request.zone, &names);
    // The words of a tap are ours.
    let spoken = meaning.language.filter(|_| plan::tapped(&turn.said).is_none());
    let language = spoken.unwrap_or(request.language);
    let memory = Memory::of(&turns, &names, request);
    let tasks = plan::tasks(&turn.said, &meaning, &memory, memory::today(request));
    let parts = if turn.steps.is_empty() {
        begin(&tasks, request, language)
    } else {
        follow(&tasks, turn, &memory, request, language)
    };
    respond(parts, spoken)
}

/// The language of the customer's last message; `None` when its words do not tell, or are ours.
#[must_use]
pub fn reads(request: &Request) -> Option<Language> {
    let turns = transcript::turns(&request.messages);
    let said = &turns.last()?.said;
    if plan::tapped(said).is_some() { None } else { language::detect(&token::tokens(said)) }
}

/// The first step: every task asks for its tools, side by side.
fn begin(tasks: &[Task], request: &Request, language: Language) -> Vec<Part> {
    let (mut asks, mut words) = (Vec::new(), Vec::new());
    for task in tasks {
        match act::begin(task, language) {
            Next::Ask(some) => asks.extend(some),
            Next::Say(some) => words.push(some),
        }
    }
    if asks.is_empty() {
        return vec![text(words.join("\n\n"))];
    }
    if !can_ask(&asks, request) {
        return vec![text(replies::last_word(language))];
    }
    calls(asks, 0)
}

/// A later step: each task takes its own results and tells them, or asks on.
fn follow(tasks: &[Task], turn: &Turn, memory: &Memory, request: &Request, language: Language) -> Vec<Part> {
    let may_ask = tasks.len() == 1 && !request.tools.is_empty();
    let mut rest = turn.steps.first().map_or(&[][..], Vec::as_slice);
    let mut words = Vec::new();
    for task in tasks {
        let next = match act::begin(task, language) {
            Next::Say(some) => Next::Say(some),
            Next::Ask(asked) => {
                let (own, others) = rest.split_at(asked.len().min(rest.len()));
                rest = others;
                if !own.iter().map(|call| call.name.as_str()).eq(asked.iter().map(|(name, _)| *name)) {
                    // Another model began this turn, and its results answer other questions.
                    words.push(replies::trouble(language));
                    continue;
                }
                let mut steps: Vec<Vec<Call>> = vec![own.to_vec()];
                steps.extend(turn.steps.iter().skip(1).cloned());
                act::follow(task, &steps, memory, language, may_ask)
            }
        };
        match next {
            Next::Ask(asks) if can_ask(&asks, request) => return calls(asks, turn.steps.len()),
            Next::Ask(_) => words.push(replies::last_word(language)),
            Next::Say(some) => words.push(some),
        }
    }
    vec![text(words.join("\n\n"))]
}

fn can_ask(asks: &[Ask], request: &Request) -> bool {
    asks.iter().all(|(name, _)| request.tools.iter().any(|tool| tool.name == *name))
}

fn calls(asks: Vec<Ask>, step: usize) -> Vec<Part> {
    let call = |(at, (name, args)): (usize, Ask)| Part::ToolCall {
        id: format!("call_{step}_{at}"),
        name: name.to_owned(),
        args,
    };
    asks.into_iter().enumerate().map(call).collect()
}

fn text(text: String) -> Part {
    Part::Text { text }
}

fn respond(parts: Vec<Part>, language: Option<Language>) -> Response {
    let asks = parts.iter().any(|part| matches!(part, Part::ToolCall { .. }));
    Response {
        parts,
        stop: if asks { Stop::ToolUse } else { Stop::EndTurn },
        language,
        usage: Usage::default(),
        model: "offline".to_owned(),
    }
}
