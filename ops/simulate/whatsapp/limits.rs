//! Checks of single parameters, with refusals that name the path.

use serde_json::Value;

use super::error::GraphError;

type Checked<T> = Result<T, GraphError>;

/// The object at `path`, which must be there.
pub(crate) fn object<'a>(parent: &'a Value, path: &str) -> Checked<&'a Value> {
    match field(parent, path) {
        Value::Null => Err(GraphError::missing(path)),
        object @ Value::Object(_) => Ok(object),
        _ => Err(GraphError::parameter(format!("Param {path} must be a JSON object."))),
    }
}

/// The items at `path`, of which there must be `min` to `max`.
pub(crate) fn items<'a>(parent: &'a Value, path: &str, min: usize, max: usize) -> Checked<&'a [Value]> {
    let items = match field(parent, path) {
        Value::Null => return Err(GraphError::missing(path)),
        Value::Array(items) => items,
        _ => {
            return Err(GraphError::parameter(format!("Param {path} must be an array.")));
        }
    };
    if (min..=max).contains(&items.len()) {
        Ok(items)
    } else {
        Err(GraphError::value(format!(
            "Invalid count of {path}: {}. Min allowed count: {min}, Max allowed count: {max}",
            items.len()
        )))
    }
}

/// The text at `path`: required, not blank, at most `max` characters.
pub(crate) fn text<'a>(parent: &'a Value, path: &str, max: usize) -> Checked<&'a str> {
    optional_text(parent, path, max)?.ok_or_else(|| GraphError::missing(path))
}

/// The text at `path`, if it is given.
pub(crate) fn optional_text<'a>(parent: &'a Value, path: &str, max: usize) -> Checked<Option<&'a str>> {
    let text = match field(parent, path) {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => {
            return Err(GraphError::parameter(format!("Param {path} must be a string.")));
        }
    };
    let length = text.chars().count();
    if length > max || text.trim().is_empty() {
        return Err(GraphError::value(format!(
            "Length of {path} is invalid: {length}. Min length: 1, Max length: {max}"
        )));
    }
    Ok(Some(text))
}

/// Refuses the second of two equal values.
pub(crate) fn distinct<'a>(values: impl Iterator<Item = &'a str>, what: &str) -> Checked<()> {
    let mut seen = std::collections::HashSet::new();
    for value in values {
        if !seen.insert(value) {
            return Err(GraphError::value(format!("Duplicate {what}: {value}")));
        }
    }
    Ok(())
}

/// `path` is for people; its last name is the field of `parent`.
fn field<'a>(parent: &'a Value, path: &str) -> &'a Value {
    &parent[path.rsplit('.').next().unwrap_or(path)]
}
