//! Days told by their number: "il 19", "22 novembre", "Nov 22", "22/11", "2026-11-22".

use chrono::{Datelike, Months, NaiveDate, TimeDelta, Weekday};

use super::super::numbers;
use super::names;

/// A day of which month and year may be left to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbered {
    pub day: u32,
    pub month: Option<u32>,
    pub year: Option<i32>,
}

impl Numbered {
    /// The date that is meant: the next one, or the one that falls on `weekday`.
    pub fn resolve(self, today: NaiveDate, weekday: Option<Weekday>) -> Option<NaiveDate> {
        let fits = |date: &NaiveDate| weekday.is_none_or(|weekday| date.weekday() == weekday);
        let candidates = self.candidates(today);
        let coming = || candidates.iter().filter(|date| **date >= today);
        let passed = || candidates.iter().filter(|date| **date < today && weekday.is_some());
        // "Sabato 6 marzo" may have passed; a year in which it falls on a Saturday again is far.
        coming()
            .take_while(|date| **date - today < TimeDelta::days(2 * 366))
            .find(|date| fits(date))
            .or_else(|| passed().rfind(|date| fits(date)))
            .or_else(|| coming().next())
            .or_else(|| candidates.last())
            .copied()
    }

    /// Every date it could be, from a year ago on, in order.
    fn candidates(self, today: NaiveDate) -> Vec<NaiveDate> {
        let year = today.year();
        match (self.month, self.year) {
            (Some(month), Some(year)) => NaiveDate::from_ymd_opt(year, month, self.day).into_iter().collect(),
            (Some(month), None) => (year - 1..=year + 8)
                .filter_map(|year| NaiveDate::from_ymd_opt(year, month, self.day))
                .take(10)
                .collect(),
            _ => (0..13)
                .filter_map(|ahead| today.with_day(1)?.checked_add_months(Months::new(ahead))?.with_day(self.day))
                .collect(),
        }
    }
}

/// A day with its month, at the start of `words`.
pub(super) fn with_month(words: &[&str]) -> Option<(Numbered, usize)> {
    figures(words).or_else(|| day_then_month(words)).or_else(|| month_then_day(words))
}

/// A day of a month that is not named: "il 19", "the 24th", "on the first".
pub(super) fn without_month(words: &[&str]) -> Option<(Numbered, usize)> {
    let article = match words {
        ["il" | "del" | "al" | "dal", "giorno", ..] | ["on" | "from", "the", ..] => 2,
        ["giorno" | "day" | "il" | "the" | "l" | "dell" | "dall" | "all" | "del" | "dal" | "al" | "on", ..] => 1,
        _ => 0,
    };
    let rest = &words[article..];
    let (day, len) = match numbers::ordinal(rest) {
        // "the second" is one of several; "on the second" is a day.
        Some((_, 1)) if !matches!(words, ["on" | "from", "the", ..] | ["dal" | "al", ..]) => return None,
        Some(found) => found,
        None if article == 0 => return None,
        None => numbers::cardinal(rest).filter(|(_, len)| !clock_follows(&rest[*len..]))?,
    };
    let named_thing =
        matches!(rest.get(len), Some(&("one" | "option" | "opzione" | "class" | "lezione" | "time" | "volta")));
    let valid = (1..=31).contains(&day) && !named_thing;
    valid.then_some((Numbered { day, month: None, year: None }, article + len))
}

/// Whether the number before these words is an hour: ":30", "pm", "h".
pub(super) fn clock_follows(words: &[&str]) -> bool {
    match words {
        [":" | "h" | "am" | "pm" | "a" | "p" | "oclock", ..] | ["o", "clock", ..] => true,
        ["." | ",", minutes, ..] => minutes.len() == 2 && minutes.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// "22/11", "22.11.2026", "2026-11-22", "31-Oct-74"; day before month unless that cannot be.
fn figures(words: &[&str]) -> Option<(Numbered, usize)> {
    let (first, sign, second) = match words {
        [first, sign @ ("/" | "-" | "."), second, ..] => (*first, *sign, *second),
        _ => return None,
    };
    let third = match words.get(3..5) {
        Some([again, third]) if *again == sign => third.parse::<i32>().ok().map(|year| (year, third.len())),
        _ => None,
    };
    let first_number: u32 = first.parse().ok()?;
    if first.len() == 4 {
        let (day, _) = third?;
        let (day, month) = (u32::try_from(day).ok()?, second.parse().ok()?);
        return valid(day, month, i32::try_from(first_number).ok(), 5);
    }
    let month = second.parse::<u32>().ok().or_else(|| names::month(&[second]).map(|(month, _)| month))?;
    let year = third.and_then(|(year, digits)| match digits {
        4 => Some(year),
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    });
    let is_date = match sign {
        "/" => true,
        // "19.30" is a time and "18-20" a span of hours.
        "." => year.is_some() || (second.len() == 2 && month > 0),
        _ => year.is_some() || second.starts_with(char::is_alphabetic),
    };
    let len = if year.is_some() { 5 } else { 3 };
    is_date.then(|| valid(first_number, month, year, len).or_else(|| valid(month, first_number, year, len)))?
}

fn valid(day: u32, month: u32, year: Option<i32>, len: usize) -> Option<(Numbered, usize)> {
    // 2024 was a leap year: the 29th of February exists.
    NaiveDate::from_ymd_opt(year.unwrap_or(2024), month, day)?;
    Some((Numbered { day, month: Some(month), year }, len))
}

/// "22 novembre 2026", "the first of march", "14april".
fn day_then_month(words: &[&str]) -> Option<(Numbered, usize)> {
    let article =
        usize::from(matches!(words.first(), Some(&("il" | "the" | "l" | "on" | "del" | "dell" | "dal" | "al"))));
    let rest = &words[article..];
    let (day, mut len) = numbers::ordinal(rest).or_else(|| numbers::cardinal(rest))?;
    len += usize::from(matches!(rest.get(len), Some(&("of" | "di" | "d"))));
    let (month, taken) = names::month(rest.get(len..)?)?;
    len += taken;
    let (year, taken) = year(&rest[len..]);
    valid(day, month, year, article + len + taken)
}

/// "Nov 22", "february the 15th, 2027".
fn month_then_day(words: &[&str]) -> Option<(Numbered, usize)> {
    let (month, mut len) = names::month(words)?;
    len += usize::from(words.get(len) == Some(&"the"));
    let rest = words.get(len..)?;
    let (day, taken) = numbers::ordinal(rest).or_else(|| numbers::cardinal(rest))?;
    len += taken;
    if clock_follows(&words[len..]) && words.get(len) != Some(&",") {
        return None;
    }
    let (year, taken) = year(&words[len..]);
    valid(day, month, year, len + taken)
}

fn year(words: &[&str]) -> (Option<i32>, usize) {
    let skip = usize::from(matches!(words.first(), Some(&("," | "del" | "of"))));
    let year = words.get(skip).filter(|word| word.len() == 4).and_then(|word| word.parse().ok());
    match year.filter(|year| (1900..2200).contains(year) && words.get(skip + 1) != Some(&":")) {
        Some(year) => (Some(year), skip + 1),
        None => (None, 0),
    }
}
