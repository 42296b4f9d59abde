//! A transcript as turns: what the customer said, and what was asked of the tools for it.

use serde_json::Value;

use super::super::{Message, Part, Role};

/// One tool call with its result; the result is null while it is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub id: String,
    pub name: String,
    pub args: Value,
    pub result: Value,
}

impl Call {
    /// Whether the tool failed, or never answered.
    pub fn failed(&self) -> bool {
        self.result.is_null() || self.result.get("error").is_some()
    }
}

/// What a customer said until the house answered, and the steps of the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Turn {
    pub said: String,
    /// Calls of each step, side by side.
    pub steps: Vec<Vec<Call>>,
    /// Words of ours were said.
    answered: bool,
}

/// The turns of a transcript, oldest first; messages in a row make one turn.
pub(super) fn turns(messages: &[Message]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for message in messages {
        match message.role {
            Role::User => hear(&mut turns, &words(message)),
            Role::Assistant | Role::Tool => {
                if turns.is_empty() {
                    turns.push(Turn::default());
                }
                if let Some(turn) = turns.last_mut() {
                    turn.note(message);
                }
            }
        }
    }
    turns
}

impl Turn {
    fn note(&mut self, message: &Message) {
        let mut calls = Vec::new();
        for part in &message.parts {
            match part {
                Part::Text { .. } => self.answered = true,
                Part::ToolCall { id, name, args } => {
                    calls.push(Call { id: id.clone(), name: name.clone(), args: args.clone(), result: Value::Null });
                }
                Part::ToolResult { id, content, .. } => {
                    let asked = self.steps.iter_mut().rev().flatten().find(|call| call.id == *id);
                    if let Some(call) = asked {
                        call.result = content.clone();
                    }
                }
            }
        }
        if !calls.is_empty() {
            self.steps.push(calls);
        }
    }
}

fn hear(turns: &mut Vec<Turn>, said: &str) {
    match turns.last_mut() {
        Some(turn) if turn.steps.is_empty() && !turn.answered => {
            turn.said.push('\n');
            turn.said.push_str(said);
        }
        _ => turns.push(Turn { said: said.to_owned(), ..Turn::default() }),
    }
}

fn words(message: &Message) -> String {
    let texts = message.parts.iter().filter_map(|part| match part {
        Part::Text { text } => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}
