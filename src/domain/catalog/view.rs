//! What the assistant sees of a session and of a booking.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::booking::Way;
use crate::replies::SessionLine;
use crate::{Money, SeatId, SessionId};

/// A session as it is told to a customer: dates and times are the business's local ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The session.
    pub session_id: SessionId,
    /// What it is, in the customer's language.
    pub service: String,
    /// Who leads it; empty when nobody is named.
    pub crew: String,
    /// Where it takes place.
    pub location: String,
    /// Local date of the start.
    pub date: NaiveDate,
    /// Local time of the start, `HH:MM`.
    #[serde(with = "hhmm")]
    pub time: NaiveTime,
    /// English weekday of `date`, lower case: `sunday`.
    pub weekday: String,
    /// Local time of the end, `HH:MM`.
    #[serde(with = "hhmm")]
    pub ends: NaiveTime,
    /// Places that can still be booked.
    pub spots_left: i32,
    /// All places.
    pub capacity: i32,
    /// Price of one place.
    pub price: Money,
    /// Whether this customer holds a place.
    pub already_booked: bool,
}

impl SessionView {
    /// What a reply tells of it.
    #[must_use]
    pub fn line(&self) -> SessionLine {
        let overnight = if self.ends <= self.time { Days::new(1) } else { Days::new(0) };
        SessionLine {
            service: self.service.clone(),
            crew: self.crew.clone(),
            location: self.location.clone(),
            starts: self.date.and_time(self.time),
            ends: (self.date + overnight).and_time(self.ends),
            spots_left: self.spots_left.into(),
            price_minor: self.price.minor,
            currency: self.price.currency.clone(),
        }
    }
}

/// A customer's place in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingView {
    /// The seat.
    pub booking_id: SeatId,
    /// What it is a place in; the price is the one the customer agreed to, of all their places.
    pub session: SessionView,
    /// For how many.
    #[serde(default = "one")]
    pub places: i32,
    /// How it is paid.
    #[serde(default)]
    pub payment: Option<Way>,
    /// Until when it is held, if it must be paid first.
    #[serde(default)]
    pub held_until: Option<DateTime<Utc>>,
    /// What is still to be paid.
    #[serde(default)]
    pub owes_minor: i64,
}

const fn one() -> i32 {
    1
}

impl BookingView {
    /// Whether credits or a membership paid for it.
    #[must_use]
    pub fn by_entitlement(&self) -> bool {
        matches!(self.payment, Some(Way::Credits | Way::Membership))
    }
}

/// A session's times as instants, to be turned into local ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Span {
    /// Local date and times in `zone`: date, start, weekday, end.
    pub(crate) fn local(self, zone: Tz) -> (NaiveDate, NaiveTime, String, NaiveTime) {
        let start = self.starts_at.with_timezone(&zone).naive_local();
        let end = self.ends_at.with_timezone(&zone).naive_local();
        (start.date(), start.time(), weekday(start.weekday()).to_owned(), end.time())
    }
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

/// Times of day as `HH:MM`.
pub mod hhmm {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `HH:MM`.
    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    /// Reads `HH:MM`, or `HH:MM:SS`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom(format!("time {text:?} is not HH:MM")))
    }

    /// Reads `HH:MM`, or `HH:MM:SS`.
    pub(crate) fn parse(text: &str) -> Option<NaiveTime> {
        let text = text.trim();
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
    }
}
