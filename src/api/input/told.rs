//! Fields that may be left out.

use serde::de::{Deserialize, Deserializer};

/// What is to become of something that may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::api) enum Told<T> {
    /// The field is left out: it stays.
    #[default]
    Nothing,
    /// The field is null: it is emptied.
    Null,
    /// It is to be this.
    Value(T),
}

impl<T> Told<T> {
    /// As the domain has it: left as it is, emptied, or something.
    #[expect(clippy::option_option, reason = "left as it is, nobody, or somebody")]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Option<Option<U>> {
        match self {
            Self::Nothing => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(make(value))),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// A field that may be left out, but not be null.
pub(in crate::api) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
