//! The assistant as the turn sees it: transcripts in, calls and words out.

mod deals;
mod dialogues;
mod house;
mod messages_en;
mod messages_it;
mod results;
mod robustness;

use chrono::{DateTime, Utc};
use domain::Language;
use serde_json::{Value, json};

use super::super::{Message, Part, Request, Response, Role, ToolSpec};
use super::answer;

/// A Wednesday, ten in the morning in Rome.
const NOW: &str = "2027-03-10T09:00:00Z";
const TOOLS: [&str; 14] = [
    "find_sessions",
    "list_sessions",
    "create_booking",
    "cancel_booking",
    "move_booking",
    "pay_booking",
    "leave_waitlist",
    "find_bookings",
    "find_plans",
    "buy_plan",
    "send_receipt",
    "find_crew",
    "business_info",
    "list_locations",
];

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn user(text: &str) -> Message {
    Message { role: Role::User, parts: vec![Part::Text { text: text.to_owned() }] }
}

fn request(messages: Vec<Message>, language: Language) -> Request {
    let tool = |name: &str| ToolSpec { name: name.to_owned(), description: String::new(), schema: json!({}) };
    Request {
        system: String::new(),
        messages,
        tools: TOOLS.map(tool).to_vec(),
        now: now(),
        zone: chrono_tz::Europe::Rome,
        language,
        max_output_tokens: 400,
    }
}

/// What the answer asks for, written as `find_sessions activity=yoga date=2027-03-11`.
fn calls(response: &Response) -> Vec<String> {
    let call = |part: &Part| match part {
        Part::ToolCall { name, args, .. } => Some(told(name, args)),
        _ => None,
    };
    response.parts.iter().filter_map(call).collect()
}

fn told(name: &str, args: &Value) -> String {
    let mut fields: Vec<String> = args
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| match value {
            Value::String(text) => format!(" {key}={text}"),
            other => format!(" {key}={other}"),
        })
        .collect();
    fields.sort_unstable();
    format!("{name}{}", fields.concat())
}

fn words(response: &Response) -> String {
    let texts = response.parts.iter().filter_map(|part| match part {
        Part::Text { text } => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Checks what the first step of a fresh conversation asks for; calls are parted by ` + `.
fn check(cases: &[(&str, &str)], language: Language) {
    let mut wrong = Vec::new();
    for (messages, expected) in cases {
        for message in messages.split(" | ") {
            let read = calls(&answer(&request(vec![user(message)], language))).join(" + ");
            if read != *expected {
                wrong.push((message, expected, read));
            }
        }
    }
    assert!(wrong.is_empty(), "message, expected, asked: {wrong:#?}");
}
