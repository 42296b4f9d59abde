//! Days counted inside a month: "first tuesday of october", "l'ultimo lunedì di marzo", "20 del mese prossimo".

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::super::numbers;
use super::names;

/// A day counted inside a month, at the start of `words`.
pub(super) fn in_month(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let article = usize::from(matches!(words.first(), Some(&("the" | "il" | "l" | "la"))));
    let rest = &words[article..];
    let (date, len) = nth_weekday(rest, today).or_else(|| number_of(rest, today))?;
    Some((date, article + len))
}

fn nth_weekday(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (nth, mut len) = match words {
        ["last" | "ultimo" | "ultima", ..] => (None, 1),
        _ => numbers::ordinal(words).map(|(nth, len)| (Some(nth), len))?,
    };
    let (weekday, taken) = match words.get(len)? {
        &("day" | "giorno") => (None, 1),
        _ => names::weekday(&words[len..]).map(|(weekday, taken)| (Some(weekday), taken))?,
    };
    len += taken;
    let (first, taken) = month_after(&words[len..], today)?;
    Some((count(first, weekday, nth)?, len + taken))
}

/// "20 of next month", "il 20 del mese prossimo".
fn number_of(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (day, len) = numbers::ordinal(words).or_else(|| numbers::cardinal(words))?;
    let named = matches!(words.get(len), Some(&"day"));
    let at = len + usize::from(named);
    let (first, taken) = relative_month(words.get(at..)?, today)?;
    Some((first.with_day(day)?, at + taken))
}

/// "of october 2027", "di marzo", "in this month": the month's first day.
fn month_after(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let at = match words {
        ["del", "mese", "di", ..] => 3,
        _ if relative_month(words, today).is_some() => return relative_month(words, today),
        ["of" | "in" | "di" | "dell" | "d", ..] => 1,
        _ => return None,
    };
    let (month, taken) = names::month(words.get(at..)?)?;
    let said = words.get(at + taken).filter(|word| word.len() == 4).and_then(|word| word.parse().ok());
    let year = said.unwrap_or(today.year() + i32::from(month < today.month()));
    Some((NaiveDate::from_ymd_opt(year, month, 1)?, at + taken + usize::from(said.is_some())))
}

fn relative_month(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (ahead, len) = match words {
        ["of", "the", "next", "month", ..] => (1, 4),
        ["of" | "in", "next", "month", ..] | ["del", "prossimo", "mese", ..] | ["del", "mese", "prossimo", ..] => {
            (1, 3)
        }
        ["of", "the", "current", "month", ..] => (0, 4),
        ["of" | "in", "this" | "the", "month", ..] | ["di" | "del", "questo", "mese", ..] => (0, 3),
        ["del", "mese", ..] => (0, 2),
        _ => return None,
    };
    Some((today.with_day(1)?.checked_add_months(Months::new(ahead))?, len))
}

fn count(first: NaiveDate, weekday: Option<Weekday>, nth: Option<u32>) -> Option<NaiveDate> {
    let end = first.checked_add_months(Months::new(1))?;
    let mut days = first
        .iter_days()
        .take_while(|day| *day < end)
        .filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday));
    match nth {
        Some(nth) => days.nth(nth.checked_sub(1)? as usize),
        None => days.last(),
    }
}
