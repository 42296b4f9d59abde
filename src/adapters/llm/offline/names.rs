//! Names of this business that the transcript has shown: the assistant knows no catalogue.

use serde_json::Value;

use super::super::{Message, Part};
use super::token::{texts, tokens};

/// Names as the tools wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub services: Vec<String>,
    pub crew: Vec<String>,
    pub locations: Vec<String>,
}

impl Names {
    /// Every name in the results of tools so far.
    pub fn of(messages: &[Message]) -> Self {
        let mut names = Self::default();
        for part in messages.iter().flat_map(|message| &message.parts) {
            if let Part::ToolResult { content, .. } = part {
                names.gather(content, "");
            }
        }
        names
    }

    /// The single words of all services, plain, for mending typing errors.
    pub fn service_words(&self) -> Vec<String> {
        self.services.iter().flat_map(|name| plain(name)).collect()
    }

    fn gather(&mut self, value: &Value, under: &str) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| match (under, key.as_str()) {
                ("crew", "name") => add(&mut self.crew, value),
                ("locations", "name") | (_, "service") => add(&mut self.services, value),
                (_, "crew") if value.is_string() => add(&mut self.crew, value),
                (_, "location") => add(&mut self.locations, value),
                _ => self.gather(value, key),
            }),
            Value::Array(items) => items.iter().for_each(|item| match under {
                "known_activities" | "activities" => add(&mut self.services, item),
                _ => self.gather(item, under),
            }),
            _ => {}
        }
    }
}

/// A name in the words that messages are compared in.
pub(super) fn plain(name: &str) -> Vec<String> {
    texts(&tokens(name)).into_iter().map(str::to_owned).collect()
}

fn add(names: &mut Vec<String>, value: &Value) {
    if let Some(name) = value.as_str()
        && !name.trim().is_empty()
        && !names.iter().any(|known| known == name)
    {
        names.push(name.to_owned());
    }
}
