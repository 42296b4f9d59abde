//! What the tools answer, as far as the assistant reads it. A field that is missing is empty.

use chrono::{Days as Ahead, NaiveDate, NaiveDateTime, NaiveTime};
use domain::replies::SessionLine;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::clock::Window;

mod house;
mod plans;

pub(super) use house::{Business, Crew, Locations};
pub(super) use plans::Plans;

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
    places: u32,
    pub owes_minor: i64,
    payment: Option<String>,
}

/// A place of this customer in a waiting list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Waiting {
    pub session: Session,
    pub position: i64,
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

/// The answer to a wish: to book, to cancel, to move, to pay, to buy, to wait no more.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    pub result: String,
    pub summary: String,
    pub alternatives: Vec<Session>,
    pub session: Option<Session>,
    pub wait: Option<Wait>,
    pub with: Option<Session>,
    pub position: Option<Position>,
    pub why: String,
}

/// The offer to wait for a place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wait {
    pub summary: String,
}

/// Where the customer stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Position {
    pub position: i64,
}

/// The answer of `find_bookings`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bookings {
    #[serde(rename = "bookings")]
    pub list: Vec<Booking>,
    pub waiting: Vec<Waiting>,
}

/// Reads a tool's answer; what cannot be read is as good as empty.
pub(super) fn read<T: DeserializeOwned + Default>(answer: &Value) -> T {
    T::deserialize(answer).unwrap_or_default()
}

impl Booking {
    /// For how many it is.
    pub fn places(&self) -> u32 {
        self.places.max(1)
    }

    /// Whether money came for it.
    pub fn is_paid(&self) -> bool {
        self.owes_minor == 0 && matches!(self.payment.as_deref(), Some("on_site" | "link"))
    }
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

    /// Whether this customer can still book so many places in it.
    pub fn has_room(&self, places: u32) -> bool {
        self.spots_left >= places.max(1).into() && !self.already_booked
    }

    /// Whether this customer can only wait for it.
    pub fn is_full(&self, places: u32) -> bool {
        !self.has_room(places) && !self.already_booked
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
