//! What the tools answer, as far as the assistant reads it. A field that is missing is empty.

use chrono::{Days as Ahead, NaiveDate, NaiveDateTime, NaiveTime};
use domain::replies::SessionLine;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::clock::Window;

/// A session of the calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Session {
    #[serde(rename = "session_id")]
    pub id: i64,
    pub service: String,
    pub crew: String,
    pub location: String,
    pub date: NaiveDate,
    time: String,
    ends: String,
    pub spots_left: i64,
    price: Price,
    pub already_booked: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Price {
    minor: i64,
    currency: String,
}

/// A booking of this customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Booking {
    #[serde(rename = "booking_id")]
    pub id: i64,
    pub session: Session,
}

/// The answer of `find_sessions` and of `list_sessions`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sessions {
    #[serde(rename = "match")]
    pub fit: String,
    #[serde(rename = "sessions")]
    pub list: Vec<Session>,
    pub known_activities: Vec<String>,
    pub more: u64,
}

/// The answer of `create_booking` and of `cancel_booking`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Proposal {
    pub result: String,
    pub summary: String,
    pub alternatives: Vec<Session>,
    pub session: Option<Session>,
}

/// The answer of `find_bookings`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bookings {
    #[serde(rename = "bookings")]
    pub list: Vec<Booking>,
}

/// The answer of `find_crew`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Crew {
    #[serde(rename = "crew")]
    pub list: Vec<Person>,
}

/// Somebody of the house.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Person {
    pub name: String,
    pub bio: String,
    pub activities: Vec<String>,
}

/// The answer of `business_info`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Business {
    pub name: String,
    pub about: String,
    pub phone: String,
    pub website: String,
    pub opening: String,
    pub cancellation: String,
}

/// The answer of `list_locations`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Locations {
    #[serde(rename = "locations")]
    pub list: Vec<Place>,
}

/// A place of the house.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    pub name: String,
    pub address: String,
    pub directions: String,
}

/// Reads a tool's answer; what cannot be read is as good as empty.
pub(super) fn read<T: DeserializeOwned + Default>(answer: &Value) -> T {
    T::deserialize(answer).unwrap_or_default()
}

impl Session {
    /// Start, in minutes from midnight.
    pub fn minute(&self) -> u32 {
        let time = parse(&self.time);
        chrono::Timelike::num_seconds_from_midnight(&time) / 60
    }

    /// Whether it starts in one of `windows`; always, when there is none.
    pub fn starts_in(&self, windows: &[Window]) -> bool {
        windows.is_empty() || windows.iter().any(|window| window.holds(self.minute()))
    }

    /// Whether this customer can still book it.
    pub fn is_free(&self) -> bool {
        self.spots_left > 0 && !self.already_booked
    }

    /// As a line of a reply.
    pub fn line(&self) -> SessionLine {
        let starts = NaiveDateTime::new(self.date, parse(&self.time));
        let ends = NaiveDateTime::new(self.date, parse(&self.ends));
        let ends = if ends < starts { ends.checked_add_days(Ahead::new(1)).unwrap_or(ends) } else { ends };
        SessionLine {
            service: self.service.clone(),
            crew: self.crew.clone(),
            location: self.location.clone(),
            starts,
            ends,
            spots_left: self.spots_left,
            price_minor: self.price.minor,
            currency: self.price.currency.clone(),
        }
    }
}

/// Sessions as lines of a reply.
pub(super) fn lines(sessions: &[Session]) -> Vec<SessionLine> {
    sessions.iter().map(Session::line).collect()
}

fn parse(time: &str) -> NaiveTime {
    NaiveTime::parse_from_str(time.get(..5).unwrap_or(time), "%H:%M").unwrap_or_default()
}
