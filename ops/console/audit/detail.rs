//! What a line of the audit holds: what was before and after as a small difference, the rest as names with values.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::console::{shell::parts, words::Words};

/// A line of the difference.
#[derive(Debug, PartialEq, Eq)]
struct Changed {
    name: String,
    before: Option<String>,
    after: Option<String>,
}

pub(super) fn draw(words: Words, detail: &Value) -> Markup {
    let Value::Object(fields) = detail else { return html! {} };
    let changed = changed(fields);
    let others = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "before" | "after"));
    let others: Vec<_> =
        others.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), text(value))).collect();
    let short = others.iter().all(|(_, value)| value.len() <= 60) && changed.len() <= 3 && others.len() <= 4;
    let shown = html! {
        @for line in &changed {
            @if let Some(before) = &line.before { del { "− " (named(&line.name, before)) } }
            @if let Some(after) = &line.after { ins { "+ " (named(&line.name, after)) } }
        }
        @for (name, value) in &others { div { span.soft { (parts::said(name)) } " " @if value.contains('\n') { pre { (parts::visible(value)) } } @else { code { (parts::said(value)) } } } }
    };
    html! {
        @if short { (shown) } @else { details.more { summary { (words.say("audit-show")) } (shown) } }
    }
}

fn named(name: &str, value: &str) -> Markup {
    html! { @if !name.is_empty() { (parts::said(name)) ": " } code { (parts::said(value)) } }
}

/// What differs between `before` and `after`, field by field where both are objects.
fn changed(fields: &Map<String, Value>) -> Vec<Changed> {
    let empty = Map::new();
    let (before, after) = (fields.get("before"), fields.get("after"));
    let both = match (before, after) {
        (None, None) => return Vec::new(),
        (Some(Value::Object(before)), Some(Value::Object(after))) => (before, after),
        (Some(Value::Object(before)), None) => (before, &empty),
        (None, Some(Value::Object(after))) => (&empty, after),
        _ => return vec![Changed { name: String::new(), before: before.map(text), after: after.map(text) }],
    };
    let names = both.0.keys().chain(both.1.keys().filter(|name| !both.0.contains_key(*name)));
    let differ = names.filter(|name| both.0.get(*name) != both.1.get(*name));
    let line = |name: &String| Changed {
        name: name.clone(),
        before: both.0.get(name).map(text),
        after: both.1.get(name).map(text),
    };
    differ.map(line).collect()
}

/// A text without quotes; an object or list that is not short with line breaks.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => {
            let short = value.to_string();
            if short.len() <= 60 { short } else { serde_json::to_string_pretty(value).unwrap_or(short) }
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(detail: &Value) -> Vec<(String, Option<String>, Option<String>)> {
        let lines = changed(detail.as_object().unwrap());
        lines.into_iter().map(|line| (line.name, line.before, line.after)).collect()
    }

    #[test]
    fn only_what_changed_is_a_line_of_the_difference() {
        let detail = json!({ "before": { "rate": 5, "who": "Ada" }, "after": { "rate": null, "who": "Ada", "more": "x" }, "job": 3 });
        let rate = ("rate".to_owned(), Some("5".to_owned()), Some("null".to_owned()));
        assert_eq!(told(&detail), [rate, ("more".to_owned(), None, Some("x".to_owned()))]);
    }

    #[test]
    fn plain_values_are_one_line() {
        assert_eq!(
            told(&json!({ "before": "owner", "after": "ops" })),
            [(String::new(), Some("owner".to_owned()), Some("ops".to_owned()))]
        );
        assert_eq!(told(&json!({ "ended": 2 })), []);
    }

    #[test]
    fn nothing_in_a_detail_is_taken_for_a_page() {
        let drawn = draw(Words(domain::Language::En), &json!({ "<b>": "<script>\u{202e}" })).into_string();
        assert!(!drawn.contains("<b>") && !drawn.contains("<script>") && !drawn.contains('\u{202e}'), "{drawn}");
    }
}
