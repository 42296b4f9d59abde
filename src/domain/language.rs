//! The languages the house speaks.

use serde::{Deserialize, Serialize};

/// A language that customers are answered in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Language {
    /// Italian.
    #[default]
    It,
    /// English.
    En,
}

impl Language {
    /// Every language, the default one first.
    pub const ALL: [Self; 2] = [Self::It, Self::En];

    /// The ISO 639-1 code: `it`, `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads a code, with or without a region: `en`, `en_US`, `it-IT`.
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let language = code.split(['_', '-']).next().unwrap_or(code);
        Self::ALL
            .into_iter()
            .find(|known| language.eq_ignore_ascii_case(known.code()))
            .ok_or_else(|| UnknownLanguage(code.to_owned()))
    }
}

/// A language code that the house does not speak.
#[derive(Debug, thiserror::Error)]
#[error("language {0:?} is not spoken here; use \"it\" or \"en\"")]
pub struct UnknownLanguage(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_and_without_a_region() {
        assert_eq!("en_US".parse::<Language>().unwrap(), Language::En);
        assert_eq!("IT".parse::<Language>().unwrap(), Language::It);
        assert!("fr".parse::<Language>().is_err());
    }
}
