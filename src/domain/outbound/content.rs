//! What a message of ours can carry: text, and up to three buttons or one list; or a document.

use serde::{Deserialize, Serialize};

use crate::Language;

/// Characters of a filename that any file system can keep; WhatsApp publishes no limit.
const FILENAME: usize = 240;

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
    /// A file; the text goes along with it, and may be empty.
    pub document: Option<Document>,
    /// What is sent instead of the text, which then is for the thread only.
    pub template: Option<Template>,
}

/// An approved template of WhatsApp, filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// In which language.
    pub language: Language,
    /// What its body is filled with, in order.
    pub values: Vec<String>,
    /// What its quick replies send back, in order.
    #[serde(default)]
    pub payloads: Vec<String>,
}

/// A file for the customer. What is in it follows from its kind and from what is known when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// WhatsApp's id of the file, once it is uploaded; good for 30 days.
    #[serde(default)]
    pub media_id: Option<String>,
    /// With its ending, by which a phone chooses what opens it.
    pub filename: String,
    /// What it is.
    pub kind: DocumentKind,
}

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The courtesy receipt of a payment, a PDF.
    Receipt {
        /// The payment's id.
        payment: i64,
    },
    /// A booking for the customer's calendar.
    Calendar {
        /// The seat's id.
        seat: i64,
    },
}

impl DocumentKind {
    /// The MIME type to upload it as. WhatsApp takes only a few, and `text/calendar` is none of
    /// them: [what it answers](https://github.com/fbsamples/whatsapp-api-examples/issues/10).
    #[must_use]
    pub const fn mime_type(self) -> &'static str {
        match self {
            Self::Receipt { .. } => "application/pdf",
            Self::Calendar { .. } => "text/plain",
        }
    }
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
    /// A document goes alone.
    #[error("a message has a document and {field}; send them in another message")]
    BesideDocument {
        /// What there is too much.
        field: &'static str,
    },
}

impl Content {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// What WhatsApp calls a message with this content: `text`, `interactive`, `document`, `template`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.template.is_some() {
            "template"
        } else if self.document.is_some() {
            "document"
        } else if self.buttons.is_empty() && self.list.is_none() {
            "text"
        } else {
            "interactive"
        }
    }

    /// Holds the content against WhatsApp's limits, which count characters.
    pub fn check(&self) -> Result<(), ContentError> {
        if let Some(document) = &self.document {
            return self.check_beside(document);
        }
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

    fn check_beside(&self, document: &Document) -> Result<(), ContentError> {
        let others = [("buttons", !self.buttons.is_empty()), ("list", self.list.is_some())];
        if let Some((field, _)) = others.into_iter().find(|(_, there)| *there) {
            return Err(ContentError::BesideDocument { field });
        }
        if !self.text.is_empty() {
            length("caption", &self.text, 1024)?;
        }
        length("document filename", &document.filename, FILENAME)
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
