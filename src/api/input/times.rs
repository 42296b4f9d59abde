//! Moments, days and times of day.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use serde::de::{self, Deserialize, Deserializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

use super::numbers::Whole;

/// A moment that the calendar of a business can hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct Instant(pub DateTime<Utc>);

/// A time of day, `HH:MM`.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct Clock(pub NaiveTime);

/// A day of a business, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct Day(pub NaiveDate);

/// Days of the week: 1 is Monday.
#[derive(Debug, Clone)]
pub(in crate::api) struct Weekdays(pub Vec<i16>);

/// The moment, if PostgreSQL and everybody's arithmetic can hold it: of the years 2000 to 2199.
pub(in crate::api) fn instant(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (2000..2200).contains(&at.year()).then_some(at)
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text).ok().and_then(|at| instant(at.to_utc()));
        let wrong = "write a moment of the years 2000 to 2199 like 2026-11-22T18:00:00Z (in an address + is %2B)";
        at.map(Self).ok_or_else(|| de::Error::custom(wrong))
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = NaiveTime::parse_from_str(&text, "%H:%M").ok().filter(|_| text.len() == 5);
        time.map(Self).ok_or_else(|| de::Error::custom("write a time of day like 21:30"))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        let day = day.filter(|day| (2000..2200).contains(&day.year()));
        day.map(Self).ok_or_else(|| de::Error::custom("write a day of the years 2000 to 2199 like 2026-11-22"))
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = Vec::<Whole<1, 7>>::deserialize(deserializer)?;
        let days: BTreeSet<i16> = days.into_iter().filter_map(|day| i16::try_from(day.0).ok()).collect();
        if days.is_empty() {
            return Err(de::Error::custom("name 1 to 7 days; 1 is Monday"));
        }
        Ok(Self(days.into_iter().collect()))
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        let pattern = Some(r"^2[01][0-9]{2}-");
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).pattern(pattern).into()
    }
}

impl PartialSchema for Clock {
    fn schema() -> RefOr<Schema> {
        let pattern = Some("^([01][0-9]|2[0-3]):[0-5][0-9]$");
        ObjectBuilder::new().schema_type(Type::String).pattern(pattern).into()
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let pattern = Some("^2[01][0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");
        ObjectBuilder::new().schema_type(Type::String).pattern(pattern).into()
    }
}

impl PartialSchema for Weekdays {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Whole::<1, 7>::schema()).min_items(Some(1)).into()
    }
}

impl ToSchema for Day {}
impl ToSchema for Weekdays {}
impl ToSchema for Instant {}
impl ToSchema for Clock {}
