//! What was said, in the form that models read.

use adapters::llm::{Message, Part, Role};
use domain::burst::Heard;

/// Words of the house that no model wrote.
pub(super) fn house(text: &str) -> Message {
    Message { role: Role::Assistant, parts: vec![Part::Text { text: text.to_owned() }] }
}

/// The customer's messages, one a line.
pub(super) fn customer(heard: &[&Heard]) -> Message {
    let lines: Vec<String> = heard.iter().map(|message| line(message)).collect();
    Message { role: Role::User, parts: vec![Part::Text { text: lines.join("\n") }] }
}

/// A tapped row names its session, which its title alone does not.
fn line(message: &Heard) -> String {
    let text = message.text.clone().unwrap_or_else(|| format!("[{}]", message.kind));
    match message.payload.as_deref().and_then(|payload| payload.strip_prefix("session:")) {
        Some(session) => format!("{text} [session {session}]"),
        None => text,
    }
}
