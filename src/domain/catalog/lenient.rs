//! Reading arguments that a model wrote: an empty text means that nothing was said.

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveTime;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::view::hhmm;

/// A text, or nothing.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Anything that reads from a text, or nothing.
pub(super) fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = text(deserializer)?;
    text.map(|text| text.parse().map_err(|error| D::Error::custom(format!("{text:?}: {error}")))).transpose()
}

/// `HH:MM`, or nothing.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
    let text = text(deserializer)?;
    text.map(|text| {
        hhmm::parse(&text).ok_or_else(|| D::Error::custom(format!("time {text:?} is not HH:MM, as in 19:00")))
    })
    .transpose()
}
