//! Sessions to choose from, and questions back to the customer.

use chrono::NaiveDate;

use super::catalog::{args, say, say_with};
use super::session::{SessionLine, choose, numbered, numbered_plainly, terms};
use super::{dates, price};
use crate::Language;

/// Characters that fit a list row's title.
const ROW_TITLE: usize = 24;
/// Characters that fit a list row's description.
const ROW_DESCRIPTION: usize = 72;

/// A row of a list that opens in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// At most 24 characters.
    pub title: String,
    /// At most 72 characters.
    pub description: String,
}

/// Several sessions match: which one?
#[must_use]
pub fn options(language: Language, lines: &[SessionLine]) -> String {
    choice(language, &say_with(language, "options", &args! { "count" => lines.len() }), lines)
}

/// What was asked for is not there; `nearest` is what comes close, if anything.
#[must_use]
pub fn nothing_found(language: Language, nearest: &[SessionLine]) -> String {
    if nearest.is_empty() {
        return say(language, "nothing-found");
    }
    choice(language, &say(language, "nothing-exact"), nearest)
}

/// Nobody here offers `asked`; `known` is what is offered.
#[must_use]
pub fn no_such_activity(language: Language, asked: &str, known: &[String]) -> String {
    let head = say_with(language, "no-such-activity", &args! { "asked" => asked });
    with_known(language, head, known)
}

/// Which activity is meant? `known` is what is offered.
#[must_use]
pub fn which_activity(language: Language, known: &[String]) -> String {
    with_known(language, say(language, "which-activity"), known)
}

/// The calendar is empty there.
#[must_use]
pub fn nothing_scheduled(language: Language) -> String {
    say(language, "nothing-scheduled")
}

/// The day that was asked for has passed.
#[must_use]
pub fn past_date(language: Language, date: NaiveDate) -> String {
    say_with(language, "past-date", &args! { "day" => dates::day(language, date) })
}

/// The sessions of some days; `more` of them did not fit.
#[must_use]
pub fn timetable(language: Language, lines: &[SessionLine], more: u64) -> String {
    let mut text = say(language, "timetable");
    let mut current = None;
    for (at, line) in lines.iter().enumerate() {
        if current.replace(line.starts.date()) != Some(line.starts.date()) {
            text = format!("{text}\n*{}*", dates::day(language, line.starts.date()));
        }
        text = format!("{text}\n{}. {}", at + 1, timetable_row(language, line));
    }
    if more > 0 {
        text = format!("{text}\n{}", say_with(language, "timetable-more", &args! { "count" => more }));
    }
    format!("{text}\n{}", say(language, "timetable-close"))
}

/// Several bookings could be meant: which one?
#[must_use]
pub fn which_booking(language: Language, lines: &[SessionLine]) -> String {
    let rows = numbered_plainly(language, lines);
    format!("{}\n{rows}\n{}", say(language, "which-booking"), choose(language, lines))
}

/// The title of the button that opens a list; at most 20 characters.
#[must_use]
pub fn list_button(language: Language) -> String {
    say(language, "list-button")
}

/// A session as a row of a list.
#[must_use]
pub fn option_row(language: Language, line: &SessionLine) -> Row {
    let when = format!("{} {}", dates::short_day(language, line.starts.date()), line.starts.format("%H:%M"));
    let room = ROW_TITLE.saturating_sub(when.chars().count() + 1);
    let title = format!("{} {when}", shortened(&line.service, room));
    let facts = [line.crew.as_str(), &line.location, &terms(language, line)];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    Row { title, description: shortened(&facts.join(" · "), ROW_DESCRIPTION) }
}

fn timetable_row(language: Language, line: &SessionLine) -> String {
    let args = args! {
        "time" => dates::time_range(line.starts, line.ends),
        "service" => line.service.as_str(),
        "spots" => line.spots_left.max(0),
        "price" => price::money(language, line.price_minor, &line.currency),
    };
    say_with(language, "timetable-row", &args)
}

fn choice(language: Language, head: &str, lines: &[SessionLine]) -> String {
    format!("{head}\n{}\n{}", numbered(language, lines), choose(language, lines))
}

fn with_known(language: Language, head: String, known: &[String]) -> String {
    if known.is_empty() {
        return head;
    }
    let args = args! { "count" => known.len(), "known" => known.join(", ") };
    format!("{head} {}", say_with(language, "known-activities", &args))
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
