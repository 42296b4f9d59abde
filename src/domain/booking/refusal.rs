//! Why a place cannot be had.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Via;
use crate::session::Session;

/// A business "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Refusal {
    /// There are not enough places.
    Full,
    /// The customer has a place in it.
    AlreadyBooked,
    /// The business called it off.
    SessionCancelled,
    /// It has begun.
    Started,
    /// It is too close to its start.
    Closed,
    /// It is too far ahead.
    NotOpen,
    /// The customer has another booking at that time.
    Clash,
    /// It is too late to exchange the place for another.
    TooLate,
    /// Nobody needs to wait: there is a place.
    PlaceFree,
    /// The customer waits already.
    Waiting,
    /// The tenant has no such session or booking.
    Unknown,
}

/// Why nobody can book this session now. Staff may book until it begins.
pub(super) fn of(session: &Session, via: Via, now: DateTime<Utc>) -> Option<Refusal> {
    let terms = &session.terms;
    if session.is_cancelled {
        return Some(Refusal::SessionCancelled);
    }
    if session.has_started(now) {
        return Some(Refusal::Started);
    }
    if via == Via::Staff {
        return None;
    }
    if now >= session.starts_at - TimeDelta::minutes(terms.closes_minutes.into()) {
        return Some(Refusal::Closed);
    }
    let opens = terms.opens_days.map(|days| session.starts_at - TimeDelta::days(days.into()));
    opens.is_some_and(|opens| now < opens).then_some(Refusal::NotOpen)
}
