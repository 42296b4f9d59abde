//! PostgreSQL keeps no NUL, in text or in JSON; what comes from outside may hold one.

use serde_json::Value;

/// Stands where something was that cannot be kept.
pub(crate) const REPLACEMENT: &str = "\u{fffd}";

/// Replaces every NUL of a JSON value, in keys, too.
pub(crate) fn replace(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', REPLACEMENT),
        Value::Array(items) => items.iter_mut().for_each(replace),
        Value::Object(fields) => {
            if fields.keys().any(|key| key.contains('\0')) {
                *fields = std::mem::take(fields)
                    .into_iter()
                    .map(|(key, value)| (key.replace('\0', REPLACEMENT), value))
                    .collect();
            }
            fields.values_mut().for_each(replace);
        }
        _ => {}
    }
}
