//! Days, as customers tell them in Italian and English.
//!
//! Figures are read day before month, as Europe writes them, unless that makes no date.

mod holidays;
mod names;
mod numbered;
mod ordinals;
mod ranges;
mod relative;
mod spans;
#[cfg(test)]
mod tests;
mod weekdays;

use chrono::{Datelike, NaiveDate};

/// One day or several, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Days {
    pub const fn new(from: NaiveDate, until: NaiveDate) -> Self {
        Self { from, until }
    }

    pub fn is_one(self) -> bool {
        self.from == self.until
    }

    pub fn holds(self, date: NaiveDate) -> bool {
        (self.from..=self.until).contains(&date)
    }
}

/// Days found in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub days: Days,
    /// Index of the first word.
    pub at: usize,
    /// How many words tell it.
    pub len: usize,
}

/// Every mention of days in `words`, in order, without overlap.
pub(super) fn find(words: &[&str], today: NaiveDate) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match longest(&words[at..], at, words, today) {
            Some((days, len)) => {
                found.push(Found { days, at, len });
                at += len;
            }
            None => at += impossible(&words[at..]).unwrap_or(1),
        }
    }
    weekday_of_a_week(found)
}

fn longest(words: &[&str], at: usize, all: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let one = |found: Option<(NaiveDate, usize)>| found.map(|(date, len)| (Days::new(date, date), len));
    let numbered = || {
        let (number, len) = numbered::with_month(words).or_else(|| numbered::without_month(words))?;
        // "Jul 18, Fri": the weekday may follow.
        let comma = usize::from(words.get(len) == Some(&","));
        let weekday = names::weekday(&words[(len + comma).min(words.len())..]).filter(|_| number.month.is_some());
        let date = number.resolve(today, weekday.map(|(weekday, _)| weekday))?;
        Some((date, weekday.map_or(len, |(_, taken)| len + comma + taken)))
    };
    let names_no_day =
        impossible(words).is_some() && numbered::with_month(words).is_none() && ranges::range(words, today).is_none();
    if is_hour(at, all) || names_no_day {
        return None;
    }
    let candidates = [
        ranges::range(words, today),
        week_of(words, today),
        one(ordinals::in_month(words, today)),
        one(weekdays::counted(words, today)),
        one(relative::relative(words, today)),
        one(holidays::holiday(words, today)),
        one(weekdays::weekday(words, today)),
        one(numbered()),
        spans::span(words, today),
    ];
    // The first of the longest ones: the order above breaks ties.
    candidates.into_iter().flatten().rev().max_by_key(|(_, len)| *len)
}

/// "Il 31 novembre": words that would tell a day, if there were one.
fn impossible(words: &[&str]) -> Option<usize> {
    if let Some((_, len)) = names::full_month(words) {
        let late = words.get(len).is_some_and(|word| matches!(*word, "30" | "31"));
        return late.then_some(len + 1);
    }
    let article = usize::from(matches!(words.first(), Some(&("il" | "the"))));
    let rest = &words[article..];
    let (_, mut len) = super::numbers::ordinal(rest).or_else(|| super::numbers::cardinal(rest))?;
    len += usize::from(matches!(rest.get(len), Some(&("of" | "di"))));
    let (_, taken) = names::month(rest.get(len..)?)?;
    Some(article + len + taken)
}

/// "la settimana del 6 ottobre", "the week of october 6th".
fn week_of(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let article = usize::from(matches!(words.first(), Some(&("la" | "the"))));
    let at = match words.get(article..)? {
        ["settimana", "del", ..] | ["week", "of" | "from", ..] => article + 2,
        _ => return None,
    };
    let rest = words.get(at..)?;
    let (number, len) = numbered::with_month(rest).or_else(|| {
        let (day, len) = super::numbers::cardinal(rest)?;
        Some((numbered::Numbered { day, month: None, year: None }, len))
    })?;
    let date = number.resolve(today, None)?;
    let monday = weekdays::of_week(date, chrono::Weekday::Mon)?;
    Some((Days::new(monday.max(today), weekdays::of_week(date, chrono::Weekday::Sun)?), at + len))
}

/// Whether the number at `at` is announced as an hour: "alle 19", "at 7".
fn is_hour(at: usize, words: &[&str]) -> bool {
    let number = words[at].starts_with(|c: char| c.is_ascii_digit());
    let announced = at > 0 && matches!(words[at - 1], "alle" | "ore" | "delle" | "dalle" | "le" | "at" | "@" | "h");
    number && announced && !matches!(words.get(at + 1), Some(&"/"))
}

/// "next week, on wednesday": the weekday is looked for in that week.
fn weekday_of_a_week(found: Vec<Found>) -> Vec<Found> {
    let Some(week) =
        found.iter().copied().find(|each| !each.days.is_one() && (each.days.until - each.days.from).num_days() == 6)
    else {
        return found;
    };
    let moved = |each: &Found| {
        let date = weekdays::of_week(week.days.from, each.days.from.weekday())?;
        (each.days.is_one() && each.len == 1).then(|| Found { days: Days::new(date, date), ..*each })
    };
    let singles: Vec<Found> = found.iter().filter_map(moved).collect();
    if singles.is_empty() { found } else { singles }
}
