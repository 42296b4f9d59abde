//! Reading fields that come in more than one shape, or not at all.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// The longest id that is kept. The database could not index much longer ones, and an id that the
/// database refuses would make Meta send the same body for a week.
const LONGEST_ID: usize = 512;

/// A text, or a number as text. Absent, `null`, blank and every other shape are nothing.
pub(super) fn text(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text short enough to be a key.
pub(super) fn id(object: &Value, key: &str) -> Option<String> {
    text(object, key).map(|id| id.trim().to_owned()).filter(|id| id.len() <= LONGEST_ID)
}

/// An instant given as Unix seconds (or milliseconds), as a number or in a string.
pub(super) fn instant(object: &Value, key: &str) -> Option<DateTime<Utc>> {
    /// Seconds reach this in the year 5138; milliseconds reached it in 1973.
    const MILLISECONDS: i64 = 100_000_000_000;
    let number: i64 = text(object, key)?.trim().parse().ok()?;
    if number.abs() >= MILLISECONDS {
        DateTime::from_timestamp_millis(number)
    } else {
        DateTime::from_timestamp(number, 0)
    }
}

/// The items of a list; one object alone counts as a list of one.
pub(super) fn take_list(object: &mut Value, key: &str) -> Vec<Value> {
    match object.get_mut(key).map(Value::take) {
        Some(Value::Array(items)) => items,
        Some(item @ Value::Object(_)) => vec![item],
        _ => Vec::new(),
    }
}

/// The items of a list, by reference.
pub(super) fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn instants_come_as_strings_integers_and_milliseconds() {
        let expected = DateTime::from_timestamp(1_763_750_000, 0);
        for value in [json!("1763750000"), json!(1_763_750_000), json!(1_763_750_000_000_i64)] {
            assert_eq!(instant(&json!({ "timestamp": value }), "timestamp"), expected, "{value}");
        }
        for value in [json!(null), json!(""), json!("soon"), json!({}), json!("99999999999999999999")] {
            assert_eq!(instant(&json!({ "timestamp": value }), "timestamp"), None, "{value}");
        }
    }

    #[test]
    fn an_id_that_no_index_could_hold_is_no_id() {
        assert_eq!(id(&json!({ "id": "x".repeat(513) }), "id"), None);
        assert_eq!(id(&json!({ "id": " wamid.1 " }), "id").as_deref(), Some("wamid.1"));
        assert_eq!(id(&json!({ "id": 12 }), "id").as_deref(), Some("12"));
    }
}
