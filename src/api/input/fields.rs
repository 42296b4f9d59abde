//! Named values become a struct, and an error knows which of them it is about.

use std::fmt::{self, Display};

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, value::MapAccessDeserializer,
};

use crate::api::problem::Problem;

/// Why values are no such struct.
#[derive(Debug)]
pub(super) struct Wrong {
    field: Option<String>,
    says: String,
}

impl Wrong {
    fn about(field: &str, says: impl Display) -> Self {
        Self { field: Some(field.to_owned()), says: says.to_string() }
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: Display>(says: T) -> Self {
        Self { field: None, says: says.to_string() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::about(field, "it is missing; add it")
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        match expected {
            [] => Self::about(field, "it is not known here; leave it out"),
            known => Self::about(field, format_args!("it is not known here; use {}", known.join(", "))),
        }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::about(field, "it is given twice; give it once")
    }
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        Self::field(wrong.field.unwrap_or_else(|| "body".to_owned()), wrong.says)
    }
}

/// Reads a struct from its fields.
pub(super) fn read<'de, T, V>(fields: impl Iterator<Item = (String, V)>) -> Result<T, Wrong>
where
    T: Deserialize<'de>,
    V: Deserializer<'de>,
{
    T::deserialize(MapAccessDeserializer::new(Fields { left: fields, at: None }))
}

struct Fields<I, V> {
    left: I,
    at: Option<(String, V)>,
}

impl<'de, I, V> MapAccess<'de> for Fields<I, V>
where
    I: Iterator<Item = (String, V)>,
    V: Deserializer<'de>,
{
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.at = self.left.next();
        let Some((name, _)) = &self.at else { return Ok(None) };
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        let (name, value) = self.at.take().ok_or_else(|| de::Error::custom("a value without a name"))?;
        seed.deserialize(value).map_err(|error| Wrong::about(&name, error))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        places: i32,
        #[serde(default)]
        note: Option<String>,
    }

    fn wrong(body: &Value) -> (Option<String>, String) {
        let fields = body.as_object().unwrap().clone();
        let wrong = read::<Order, Value>(fields.into_iter()).unwrap_err();
        (wrong.field, wrong.says)
    }

    #[test]
    fn a_mistake_has_the_name_of_its_field() {
        let order: Order = read(json!({ "places": 2 }).as_object().unwrap().clone().into_iter()).unwrap();
        assert_eq!((order.places, order.note), (2, None));
        for (body, field, part) in [
            (json!({}), "places", "missing"),
            (json!({ "places": "two" }), "places", "invalid type"),
            (json!({ "places": 1e300 }), "places", "invalid type"),
            (json!({ "places": 1, "note": 7 }), "note", "invalid type"),
            (json!({ "places": 1, "nope": 7 }), "nope", "use places, note"),
        ] {
            let (named, says) = wrong(&body);
            assert_eq!(named.as_deref(), Some(field), "{body}: {says}");
            assert!(says.contains(part), "{body}: {says}");
        }
    }
}
