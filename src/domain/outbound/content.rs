//! What a message of ours can carry: text, and up to three buttons or one list.

use serde::{Deserialize, Serialize};

/// The content of an outbound message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// What the customer reads.
    pub text: String,
    /// Reply buttons.
    pub buttons: Vec<Button>,
    /// A list to choose from.
    pub list: Option<List>,
}

/// A reply button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back when it is tapped.
    pub id: String,
    /// What it says.
    pub title: String,
}

/// A list of choices behind one button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What the button that opens it says.
    pub button: String,
    /// The choices.
    pub rows: Vec<Row>,
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Comes back when it is tapped.
    pub id: String,
    /// The choice.
    pub title: String,
    /// More about it; may be empty.
    #[serde(default)]
    pub description: String,
}

/// A content that WhatsApp would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// A text is missing.
    #[error("{field} is empty; WhatsApp needs at least one character")]
    Empty {
        /// Which.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} has {length} characters; WhatsApp takes {limit}: shorten it")]
    TooLong {
        /// Which.
        field: &'static str,
        /// In characters.
        length: usize,
        /// In characters.
        limit: usize,
    },
    /// There are too many of something.
    #[error("{field} has {count} entries; WhatsApp takes 1 to {limit}: leave some out")]
    TooMany {
        /// Which.
        field: &'static str,
        /// How many.
        count: usize,
        /// At most.
        limit: usize,
    },
    /// Two things answer to one name.
    #[error("{field} {value:?} is used twice; make each unique")]
    Doubled {
        /// Which.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// A message has buttons or a list, not both.
    #[error("a message has buttons and a list; send one of them")]
    ButtonsAndList,
}

impl Content {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Holds the content against WhatsApp's limits, which count characters.
    pub fn check(&self) -> Result<(), ContentError> {
        let interactive = !self.buttons.is_empty() || self.list.is_some();
        length("text", &self.text, if interactive { 1024 } else { 4096 })?;
        if let Some(list) = &self.list {
            if !self.buttons.is_empty() {
                return Err(ContentError::ButtonsAndList);
            }
            list.check()?;
        }
        if self.buttons.len() > 3 {
            return Err(ContentError::TooMany { field: "buttons", count: self.buttons.len(), limit: 3 });
        }
        for button in &self.buttons {
            length("button id", &button.id, 256)?;
            length("button title", &button.title, 20)?;
        }
        unique("button id", self.buttons.iter().map(|button| button.id.as_str()))?;
        unique("button title", self.buttons.iter().map(|button| button.title.as_str()))
    }
}

impl List {
    fn check(&self) -> Result<(), ContentError> {
        length("list button", &self.button, 20)?;
        if self.rows.is_empty() || self.rows.len() > 10 {
            return Err(ContentError::TooMany { field: "list rows", count: self.rows.len(), limit: 10 });
        }
        for row in &self.rows {
            length("row id", &row.id, 200)?;
            length("row title", &row.title, 24)?;
            if !row.description.is_empty() {
                length("row description", &row.description, 72)?;
            }
        }
        unique("row id", self.rows.iter().map(|row| row.id.as_str()))
    }
}

fn length(field: &'static str, text: &str, limit: usize) -> Result<(), ContentError> {
    if text.trim().is_empty() {
        return Err(ContentError::Empty { field });
    }
    let length = text.chars().count();
    if length > limit { Err(ContentError::TooLong { field, length, limit }) } else { Ok(()) }
}

fn unique<'a>(field: &'static str, values: impl Iterator<Item = &'a str>) -> Result<(), ContentError> {
    let mut seen = std::collections::HashSet::new();
    for value in values {
        if !seen.insert(value) {
            return Err(ContentError::Doubled { field, value: value.to_owned() });
        }
    }
    Ok(())
}
