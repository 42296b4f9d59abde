//! A session for the customer's calendar: one event of [RFC 5545](https://www.rfc-editor.org/rfc/rfc5545).

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// What a calendar is told. Sent again with a higher `sequence`, it replaces what was told before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Names the booking for ever, among those of everybody: `seat-7.tenant-1@holdfast`.
    pub uid: String,
    /// When this was written down.
    pub stamp: DateTime<Utc>,
    /// Counts the changes of the booking, from 0.
    pub sequence: u32,
    /// Start.
    pub starts: DateTime<Utc>,
    /// End.
    pub ends: DateTime<Utc>,
    /// The title.
    pub summary: String,
    /// Where; may be empty.
    pub location: String,
    /// More; may be empty.
    pub description: String,
    /// Whether it takes place for this customer.
    pub status: Status,
}

/// Whether somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// They have a place.
    Confirmed,
    /// They gave it back, or the session was called off.
    Cancelled,
}

/// The content of an `.ics` file.
///
/// WhatsApp takes no `text/calendar`: upload it as `text/plain` with a name that ends in `.ics`, by
/// which a phone chooses what opens it.
#[must_use]
pub fn ics(event: &CalendarEvent) -> String {
    let mut entry = Event::new();
    entry
        .uid(&one_line(&event.uid))
        .timestamp(event.stamp)
        .sequence(event.sequence)
        .starts(event.starts)
        .ends(event.ends)
        .status(match event.status {
            Status::Confirmed => EventStatus::Confirmed,
            Status::Cancelled => EventStatus::Cancelled,
        })
        .summary(&one_line(&event.summary));
    if !event.location.is_empty() {
        entry.location(&one_line(&event.location));
    }
    if !event.description.is_empty() {
        entry.description(&printable(&event.description));
    }
    let mut calendar = Calendar::empty();
    for (name, value) in
        [("VERSION", "2.0"), ("PRODID", "-//Holdfast//Bookings//EN"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")]
    {
        calendar.append_property(Property::new(name, value));
    }
    calendar.push(entry.done());
    calendar.to_string()
}

/// Without what no text of a calendar may hold; line breaks stay.
fn printable(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn event() -> CalendarEvent {
        let at = |hour, minute| Utc.with_ymd_and_hms(2026, 11, 22, hour, minute, 0).unwrap();
        CalendarEvent {
            uid: "seat-7.tenant-1@holdfast".into(),
            stamp: at(9, 30),
            sequence: 2,
            starts: at(18, 0),
            ends: at(19, 0),
            summary: "Yoga; dolce, lenta presso Studio Aurora".into(),
            location: "Via Roma 1, Padova".into(),
            description: "Con Giulia.\nIl tuo codice è H-7. Per spostarla o disdirla scrivici su WhatsApp.".into(),
            status: Status::Confirmed,
        }
    }

    fn unfolded(ics: &str) -> Vec<String> {
        ics.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_event_is_written_as_rfc_5545_wants_it() {
        let golden = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Holdfast//Bookings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            r"DESCRIPTION:Con Giulia.\nIl tuo codice è H-7. Per spostarla o disdirla scr",
            " ivici su WhatsApp.",
            "DTEND:20261122T190000Z",
            "DTSTAMP:20261122T093000Z",
            "DTSTART:20261122T180000Z",
            r"LOCATION:Via Roma 1\, Padova",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            r"SUMMARY:Yoga\; dolce\, lenta presso Studio Aurora",
            "UID:seat-7.tenant-1@holdfast",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(ics(&event()).split("\r\n").collect::<Vec<_>>(), golden);
    }

    #[test]
    fn a_cancelled_booking_keeps_its_uid_and_says_so() {
        let told = unfolded(&ics(&CalendarEvent { status: Status::Cancelled, sequence: 3, ..event() }));
        for line in ["STATUS:CANCELLED", "SEQUENCE:3", "UID:seat-7.tenant-1@holdfast"] {
            assert!(told.contains(&line.to_owned()), "{line} in {told:?}");
        }
    }

    #[test]
    fn nothing_that_people_write_becomes_a_line_of_its_own() {
        let evil = CalendarEvent {
            summary: "Yoga\r\nATTENDEE:x\nDTSTART:19700101T000000Z".into(),
            location: String::new(),
            description: "a\r\nEND:VEVENT\rb\u{0}\\n".into(),
            ..event()
        };
        let told = unfolded(&ics(&evil));
        assert!(told.contains(&"SUMMARY:Yoga ATTENDEE:x DTSTART:19700101T000000Z".to_owned()), "{told:?}");
        assert!(told.contains(&r"DESCRIPTION:a\nEND:VEVENT\nb\\n".to_owned()), "{told:?}");
        assert!(!told.iter().any(|line| line.starts_with("LOCATION")), "{told:?}");
        assert_eq!(told.iter().filter(|line| *line == "END:VEVENT").count(), 1);
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_no_letter_is_torn() {
        let summary = "Pilates für Anfänger 🧘 ΓΙΟΓΚΑ ".repeat(12);
        let file = ics(&CalendarEvent { summary: summary.clone(), ..event() });
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
        assert!(unfolded(&file).contains(&format!("SUMMARY:{summary}")), "{file}");
    }
}
