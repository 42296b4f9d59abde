//! A text in every language a business writes.

use serde::{Deserialize, Serialize};

use crate::Language;

/// One text, once a language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// Italian.
    pub it: String,
    /// English.
    pub en: String,
}

impl Texts {
    /// Both languages at once.
    #[must_use]
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { it: it.into(), en: en.into() }
    }

    /// The text in `language`, or in the other one where the business wrote only that.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::It => (&self.it, &self.en),
            Language::En => (&self.en, &self.it),
        };
        if first.is_empty() { second } else { first }
    }
}
