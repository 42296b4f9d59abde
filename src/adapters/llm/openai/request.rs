//! From a transcript to the body of a chat completion.

use serde_json::{Value, json};

use crate::llm::{Message, Part, Request, Role};

/// The request's JSON.
pub(super) fn body(request: &Request, model: &str, limit_field: &str) -> Value {
    let mut body = json!({
        "model": model,
        "messages": messages(request),
        limit_field: request.max_output_tokens,
    });
    if !request.tools.is_empty() {
        let tool = |tool: &crate::llm::ToolSpec| {
            json!({"type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.schema,
            }})
        };
        body["tools"] = request.tools.iter().map(tool).collect();
    }
    body
}

fn messages(request: &Request) -> Vec<Value> {
    let mut transcript = Transcript::default();
    transcript.push(json!({"role": "system", "content": instructions(request)}));
    for message in &request.messages {
        transcript.add(message);
    }
    transcript.close();
    transcript.messages
}

/// The standing instructions with what changes from turn to turn at their end, which leaves the
/// longer part to the provider's cache.
fn instructions(request: &Request) -> String {
    let now = request.now.with_timezone(&request.zone);
    format!(
        "{}\n\nThe customer's last message was written on {} ({}). Language so far: {}.",
        request.system,
        now.format("%A %Y-%m-%d at %H:%M"),
        request.zone,
        request.language,
    )
}

/// Messages so far, and the ids of the last calls that have no result yet.
///
/// The protocol wants each call followed by its result, and each result preceded by its call; a
/// transcript that was cut, or whose turn died half-way, is mended rather than refused.
#[derive(Default)]
struct Transcript {
    messages: Vec<Value>,
    open: Vec<String>,
}

impl Transcript {
    fn add(&mut self, message: &Message) {
        let text = words(&message.parts);
        match message.role {
            Role::User if text.is_empty() => {}
            Role::User => self.push(json!({"role": "user", "content": text})),
            Role::Assistant => self.add_assistant(text, &message.parts),
            Role::Tool => message.parts.iter().for_each(|part| self.add_result(part)),
        }
    }

    fn add_assistant(&mut self, text: String, parts: &[Part]) {
        let mut ids = Vec::new();
        let mut calls = Vec::new();
        for part in parts {
            if let Part::ToolCall { id, name, args } = part {
                ids.push(id.clone());
                let function = json!({"name": name, "arguments": args.to_string()});
                calls.push(json!({"id": id, "type": "function", "function": function}));
            }
        }
        if !calls.is_empty() {
            let content = if text.is_empty() { Value::Null } else { Value::String(text) };
            self.push(json!({"role": "assistant", "content": content, "tool_calls": calls}));
            self.open = ids;
        } else if !text.is_empty() {
            self.push(json!({"role": "assistant", "content": text}));
        }
    }

    fn add_result(&mut self, part: &Part) {
        let Part::ToolResult { id, content, .. } = part else {
            return;
        };
        if let Some(at) = self.open.iter().position(|open| open == id) {
            self.open.remove(at);
            self.messages.push(result(id, &content.to_string()));
        }
    }

    fn push(&mut self, message: Value) {
        self.close();
        self.messages.push(message);
    }

    /// Answers the calls that nobody answered.
    fn close(&mut self) {
        let missing = json!({"error": "no result"}).to_string();
        let results = self.open.drain(..).map(|id| result(&id, &missing));
        self.messages.extend(results);
    }
}

fn result(id: &str, content: &str) -> Value {
    json!({"role": "tool", "tool_call_id": id, "content": content})
}

fn words(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Text { text } if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    parts.iter().filter_map(text).collect::<Vec<_>>().join("\n")
}
