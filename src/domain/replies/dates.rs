//! Days and times as a customer says them.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::catalog::{args, say_with};
use crate::Language;

const WEEKDAYS_IT: [&str; 7] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_IT: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "domenica 22 novembre", "Sunday 22 November".
#[must_use]
pub fn day(language: Language, date: NaiveDate) -> String {
    let (weekdays, months) = match language {
        Language::It => (WEEKDAYS_IT, MONTHS_IT),
        Language::En => (WEEKDAYS_EN, MONTHS_EN),
    };
    let weekday = weekdays[date.weekday().num_days_from_monday() as usize];
    let month = months[date.month0() as usize];
    say_with(language, "day", &args! { "weekday" => weekday, "number" => date.day(), "month" => month })
}

/// "19:00–20:00", on a 24 h clock in both languages.
#[must_use]
pub fn time_range(starts: NaiveDateTime, ends: NaiveDateTime) -> String {
    format!("{}–{}", starts.format("%H:%M"), ends.format("%H:%M"))
}

/// "dom 22 nov", "Sun 22 Nov": for rows of a list, which are short.
pub(super) fn short_day(language: Language, date: NaiveDate) -> String {
    let full = day(language, date);
    full.split(' ').map(|word| word.chars().take(3).collect::<String>()).collect::<Vec<_>>().join(" ")
}
