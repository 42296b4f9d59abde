//! What the query box offers while somebody writes.

use engine::inspect::STATES;
use serde_json::{Value, json};

use crate::console::{visit::Visit, words::Words};

/// Qualifiers with an example of what they take.
const QUALIFIERS: [(&str, &str); 19] = [
    ("state:", "dead,retrying"),
    ("kind:", "send_reply"),
    ("phone:", "\"+39 333 555 0110\""),
    ("booking:", "17"),
    ("message:", "wamid.…"),
    ("conversation:", "5"),
    ("error:", "\"timed out\""),
    ("tenant:", "1"),
    ("id:", "123"),
    ("root:", "123"),
    ("parent:", "123"),
    ("key:", "17"),
    ("lane:", "1:5"),
    ("trace:", "4bf92f…"),
    ("attempt:", ">3"),
    ("age:", "<2h"),
    ("since:", "2026-11-22"),
    ("until:", "2026-11-22T18:00"),
    ("args.", "session:42"),
];

/// All suggestions, as the script takes them.
pub(super) fn all(visit: &Visit) -> String {
    let words = visit.words();
    let qualifiers = QUALIFIERS.iter().map(|(text, example)| json!({ "text": text, "more": example }));
    let states =
        STATES.iter().map(|state| json!({ "text": format!("state:{state}"), "more": words.term("state", state) }));
    let kinds = visit.console.checks.kinds().iter().map(|kind| json!({ "text": format!("kind:{}", kind.name) }));
    Value::Array(qualifiers.chain(states).chain(kinds).collect()).to_string()
}

/// Examples for those who have no script, and for who has written nothing yet.
pub(super) fn examples(words: Words) -> [(&'static str, String); 5] {
    [
        ("state:dead age:<1d", words.say("example-dead")),
        ("state:retrying,held", words.say("example-stuck")),
        ("error:\"timed out\"", words.say("example-error")),
        ("kind:answer_message age:<1h", words.say("example-answers")),
        ("attempt:>3", words.say("example-attempts")),
    ]
}
