//! Fields that may be left out.

use serde::de::{self, Deserialize, Deserializer};
use serde_json::Value;

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

/// A JSON object: what serde derives for a struct or a tagged enum would take an array of its fields, too.
pub(in crate::api) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_object() { Ok(value) } else { Err(de::Error::custom("send a JSON object")) }
}

/// Lets nothing but a JSON object be read as this type, whose derived `Deserialize` is `remote = "Self"`.
macro_rules! only_objects {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize($crate::api::input::object(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(in crate::api) use only_objects;
