//! Proposals, their answers, and what a customer has booked.

use super::catalog::{args, say, say_with};
use super::session::{SessionLine, choose, numbered, numbered_plainly, session};
use crate::Language;

/// The title of the button that agrees; at most 20 characters.
#[must_use]
pub fn yes_button(language: Language) -> String {
    say(language, "yes-button")
}

/// The title of the button that declines; at most 20 characters.
#[must_use]
pub fn no_button(language: Language) -> String {
    say(language, "no-button")
}

/// The customer has a place in this session already.
#[must_use]
pub fn already_booked(language: Language, line: &SessionLine) -> String {
    say_with(language, "already-booked", &args! { "session" => session(language, line) })
}

/// No place is left in the session (named when known); `alternatives` have places.
#[must_use]
pub fn full(language: Language, line: Option<&SessionLine>, alternatives: &[SessionLine]) -> String {
    let head = match line {
        Some(line) => say_with(language, "full", &args! { "session" => session(language, line) }),
        None => say(language, "full-unnamed"),
    };
    if alternatives.is_empty() {
        return format!("{head} {}", say(language, "full-no-alternatives"));
    }
    let intro = say(language, "alternatives");
    format!("{head} {intro}\n{}\n{}", numbered(language, alternatives), choose(language, alternatives))
}

/// The booking had been cancelled before.
#[must_use]
pub fn already_cancelled(language: Language) -> String {
    say(language, "already-cancelled")
}

/// The customer said no: nothing was changed.
#[must_use]
pub fn declined(language: Language) -> String {
    say(language, "declined")
}

/// The yes came too late.
#[must_use]
pub fn proposal_expired(language: Language) -> String {
    say(language, "proposal-expired")
}

/// The session has begun, so it can be neither booked nor cancelled here.
#[must_use]
pub fn session_started(language: Language) -> String {
    say(language, "session-started")
}

/// The business cancelled the session.
#[must_use]
pub fn session_cancelled(language: Language) -> String {
    say(language, "session-cancelled")
}

/// The session is not open for booking.
#[must_use]
pub fn bookings_closed(language: Language) -> String {
    say(language, "bookings-closed")
}

/// The session that was meant is not in the calendar.
#[must_use]
pub fn session_unknown(language: Language) -> String {
    say(language, "session-unknown")
}

/// The booking that was meant does not exist.
#[must_use]
pub fn booking_unknown(language: Language) -> String {
    say(language, "booking-unknown")
}

/// What the customer has booked, soonest first.
#[must_use]
pub fn bookings_list(language: Language, lines: &[SessionLine]) -> String {
    let head = say_with(language, "bookings-list", &args! { "count" => lines.len() });
    format!("{head}\n{}", numbered_plainly(language, lines))
}

/// The customer has nothing booked.
#[must_use]
pub fn no_bookings(language: Language) -> String {
    say(language, "no-bookings")
}
