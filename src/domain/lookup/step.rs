//! What steps of a turn left behind, read without their words.

use serde::Deserialize;
use serde_json::Value;

/// What one step of the model came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thought {
    /// Which model answered.
    pub model: String,
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// Why it stopped: `end_turn`, `tool_use`, `max_tokens` or `refusal`.
    pub stop: String,
    /// The tools that it asked for, in its order.
    pub tools: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    parts: Vec<Piece>,
    stop: String,
    usage: Usage,
    model: String,
}

#[derive(Deserialize)]
struct Piece {
    part: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    input: u64,
    output: u64,
}

/// Reads what a `think` job left behind. None: nothing, or it was erased.
#[must_use]
pub fn thought(output: &Value) -> Option<Thought> {
    let Answer { parts, stop, usage, model } = Answer::deserialize(output).ok()?;
    let asked = parts.into_iter().filter(|piece| piece.part == "tool_call");
    let tools = asked.filter_map(|piece| piece.name).collect();
    Some(Thought { model, tokens_in: usage.input, tokens_out: usage.output, stop, tools })
}

/// What a job left behind, in a word: the word by which its outcome is told, as in `{"result": "proposed", …}`. None: it is
/// not told by a word.
#[must_use]
pub fn word(output: &Value) -> Option<&str> {
    let told = match output {
        Value::String(word) => word,
        Value::Object(fields) => {
            let tag = ["result", "said", "outcome", "status", "ended"].iter().find_map(|tag| fields.get(*tag));
            match (tag.and_then(Value::as_str), fields.iter().next()) {
                (Some(word), _) => word,
                // A variant that holds something: {"turn": {…}}.
                (None, Some((variant, Value::Object(_)))) if fields.len() == 1 => variant,
                _ => return None,
            }
        }
        _ => return None,
    };
    // Words of the program, never of a person.
    let plain = (1..=40).contains(&told.len()) && told.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    plain.then_some(told)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_thought_is_told_by_what_it_asked_for_and_cost() {
        let output = json!({ "model": "small-1", "stop": "tool_use", "language": "it", "usage": { "input": 900, "output": 40 },
            "parts": [{ "part": "text", "text": "Vediamo" },
                      { "part": "tool_call", "id": "1", "name": "find_sessions", "args": {} }] });
        let thought = thought(&output).unwrap();
        assert_eq!((thought.model.as_str(), thought.stop.as_str()), ("small-1", "tool_use"));
        assert_eq!((thought.tokens_in, thought.tokens_out, thought.tools), (900, 40, vec!["find_sessions".to_owned()]));
        assert_eq!(super::thought(&Value::Null), None);
    }

    #[test]
    fn an_outcome_is_a_word_of_the_program() {
        assert_eq!(word(&json!({ "result": "proposed", "summary": "Yoga" })), Some("proposed"));
        assert_eq!(word(&json!({ "said": "sent", "message": 7 })), Some("sent"));
        assert_eq!(word(&json!({ "turn": { "said": "sent" } })), Some("turn"));
        assert_eq!(word(&json!("nothing")), Some("nothing"));
        for other in [json!(null), json!([1]), json!("Ciao Ada"), json!({ "name": "ada" })] {
            assert_eq!(word(&other), None, "{other}");
        }
    }
}
