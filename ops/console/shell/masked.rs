//! Arguments and results of jobs without the words of customers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

/// Fields whose texts name no person: what they hold is a word of ours, or a time.
static OURS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    BTreeSet::from([
        "action",
        "at",
        "by",
        "channel",
        "currency",
        "day",
        "error",
        "event",
        "finish_reason",
        "from",
        "gateway",
        "intent",
        "kind",
        "language",
        "method",
        "model",
        "mode",
        "name",
        "outcome",
        "phase",
        "plan_kind",
        "policy",
        "provider",
        "result",
        "role",
        "scope",
        "source",
        "starts_at",
        "ends_at",
        "expires_at",
        "state",
        "status",
        "stop",
        "template",
        "tick",
        "tool",
        "type",
        "until",
        "verb",
        "when",
        "zone",
    ])
});

/// The longest text that can be a word of ours.
const WORD: usize = 40;

/// The same value, with every text hidden that is not surely a word of ours; its length stays visible.
pub fn masked(value: &Value) -> Value {
    hide(value, None)
}

fn hide(value: &Value, field: Option<&str>) -> Value {
    match value {
        Value::String(text) if is_ours(field, text) => value.clone(),
        Value::String(text) => Value::String(format!("••• {}", text.chars().count())),
        Value::Array(items) => Value::Array(items.iter().map(|item| hide(item, field)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), hide(value, Some(name)))).collect())
        }
        _ => value.clone(),
    }
}

fn is_ours(field: Option<&str>, text: &str) -> bool {
    let word = text.len() <= WORD && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-:+.".contains(c));
    // A name of a person is a `name`, too: tools' and steps' names are lower case with underscores.
    let name =
        field != Some("name") || (text.contains('_') && text.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    word && name && field.is_some_and(|field| OURS.contains(field))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_of_customers_are_hidden_and_ours_are_not() {
        let told = json!({ "customer": 7, "language": "it", "said": [{ "role": "user", "text": "sono Anna, +39 333" }],
                           "name": "Anna", "tool": "find_sessions", "at": "2026-11-22T10:00:00Z", "kind": "Anna Rossi" });
        let seen = masked(&told);
        assert_eq!(seen["said"][0], json!({ "role": "user", "text": "••• 18" }));
        assert_eq!((&seen["name"], &seen["kind"]), (&json!("••• 4"), &json!("••• 10")));
        assert_eq!((&seen["tool"], &seen["at"]), (&told["tool"], &told["at"]));
        assert_eq!(seen["customer"], 7);
    }
}
