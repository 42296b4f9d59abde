//! A session in one line.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::catalog::{args, say_with};
use super::{dates, price};
use crate::Language;

/// What a customer needs to know of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// The service's name in the customer's language: `Yoga`.
    pub service: String,
    /// Who gives it; empty when nobody is named.
    pub crew: String,
    /// Where; empty when the business has one place only.
    pub location: String,
    /// Start, local to the business.
    pub starts: NaiveDateTime,
    /// End, local to the business.
    pub ends: NaiveDateTime,
    /// Places that can still be booked.
    pub spots_left: i64,
    /// Price of one place, in minor units.
    pub price_minor: i64,
    /// ISO 4217 code of the price.
    pub currency: String,
}

/// "Yoga with Giulia Rossi, Sunday 22 November 19:00–20:00 at Studio Centro".
pub(super) fn session(language: Language, line: &SessionLine) -> String {
    let args = args! {
        "service" => line.service.as_str(),
        "crew" => line.crew.as_str(),
        "crew_named" => named(&line.crew),
        "location" => line.location.as_str(),
        "location_named" => named(&line.location),
        "day" => dates::day(language, line.starts.date()),
        "time" => dates::time_range(line.starts, line.ends),
    };
    say_with(language, "session", &args)
}

/// The session in one line, for a sentence that is written elsewhere: a template of WhatsApp.
#[must_use]
pub fn session_line(language: Language, line: &SessionLine) -> String {
    session(language, line)
}

/// "4 spots left, €15.00".
pub(super) fn terms(language: Language, line: &SessionLine) -> String {
    let args = args! {
        "spots" => line.spots_left.max(0),
        "price" => price::money(language, line.price_minor, &line.currency),
    };
    say_with(language, "session-terms", &args)
}

/// "1. Yoga with … (4 spots left, €15.00)", a line each, counted from 1.
pub(super) fn numbered(language: Language, lines: &[SessionLine]) -> String {
    let rows = lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("{}. {} ({})", at + 1, session(language, line), terms(language, line)));
    rows.collect::<Vec<_>>().join("\n")
}

/// "1. Yoga with …", a line each, counted from 1.
pub(super) fn numbered_plainly(language: Language, lines: &[SessionLine]) -> String {
    let rows = lines.iter().enumerate().map(|(at, line)| format!("{}. {}", at + 1, session(language, line)));
    rows.collect::<Vec<_>>().join("\n")
}

/// Asks which of the numbered lines it shall be.
pub(super) fn choose(language: Language, lines: &[SessionLine]) -> String {
    say_with(language, "choose", &args! { "count" => lines.len() })
}

/// A Fluent selector cannot ask whether a text is empty.
pub(super) fn named(text: &str) -> &'static str {
    if text.is_empty() { "no" } else { "yes" }
}
