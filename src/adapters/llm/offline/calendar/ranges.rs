//! From one day to another: "da lunedì a mercoledì", "13-15 luglio", "entro venerdì", "from the 20th".

use chrono::{Days as Ahead, NaiveDate};

use super::super::numbers;
use super::numbered::{self, Numbered};
use super::{Days, holidays, relative, weekdays};

/// How far an open end reaches.
const OPEN: u64 = 13;

/// A range of days at the start of `words`.
pub(super) fn range(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    closed(words, today).or_else(|| open(words, today))
}

/// One end of a range.
#[derive(Clone, Copy)]
enum End {
    Date(NaiveDate),
    Number(Numbered),
}

fn closed(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let before = match words {
        ["in", "between", ..] => 2,
        ["from" | "da" | "dal" | "dall" | "tra" | "fra" | "between", ..] => 1,
        _ => 0,
    };
    let (first, taken) = end(&words[before..], before > 0, today)?;
    let mut len = before + taken;
    let joins = match *words.get(len)? {
        "-" | "to" | "al" | "all" | "till" | "until" | "through" | "thru" => true,
        // "e", "and" and "a" join the ends only of what was announced as a range.
        "e" | "and" | "a" => before > 0,
        _ => false,
    };
    len += 1;
    let (last, taken) = end(words.get(len..)?, true, today)?;
    let is_bare = |end: &End| matches!(end, End::Number(Numbered { month: None, .. }));
    // Two bare numbers are hours, unless an article makes them days.
    let hours = is_bare(&first)
        && is_bare(&last)
        && !matches!(words[0], "dal" | "dall")
        && !words[..len].contains(&"the")
        && !words[..len].contains(&"il");
    let days = between(first, last, today).filter(|_| joins && !hours)?;
    Some((days, len + taken))
}

fn between(first: End, last: End, today: NaiveDate) -> Option<Days> {
    let (first, last) = match (first, last) {
        (End::Number(first), End::Number(last)) if first.month.is_none() => {
            (End::Number(Numbered { month: last.month, year: last.year, ..first }), End::Number(last))
        }
        (End::Number(first), End::Number(last)) if last.month.is_none() => {
            (End::Number(first), End::Number(Numbered { month: first.month, year: first.year, ..last }))
        }
        ends => ends,
    };
    let date = |end, from| match end {
        End::Date(date) => Some(date),
        End::Number(number) => number.resolve(from, None),
    };
    let from = date(first, today)?;
    let mut until = date(last, from)?;
    if until < from {
        until = until.checked_add_days(Ahead::new(7))?;
    }
    (until >= from).then(|| Days::new(from, until))
}

fn end(words: &[&str], bare_too: bool, today: NaiveDate) -> Option<(End, usize)> {
    if let Some((number, len)) = numbered::with_month(words) {
        return Some((End::Number(number), len));
    }
    let date = relative::relative(words, today)
        .or_else(|| weekdays::weekday(words, today))
        .or_else(|| holidays::holiday(words, today));
    if let Some((date, len)) = date {
        return Some((End::Date(date), len));
    }
    let article = usize::from(matches!(words.first(), Some(&("il" | "the" | "l"))));
    let rest = &words[article..];
    let bare = || {
        numbers::ordinal(rest).or_else(|| {
            numbers::cardinal(rest)
                .filter(|_| bare_too || article > 0 || matches!(rest.get(1), Some(&("-" | "to" | "al"))))
        })
    };
    let (day, len) = bare().filter(|(day, len)| (1..=31).contains(day) && !numbered::clock_follows(&rest[*len..]))?;
    Some((End::Number(Numbered { day, month: None, year: None }), article + len))
}

/// One end is open: from today, or for two weeks.
fn open(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    enum Side {
        After,
        From,
        Before,
        By,
    }
    let (side, at) = match words {
        ["dopo", "domani", ..] => return None,
        ["a", "partire", "da" | "dal" | "dall", ..] => (Side::From, 3),
        ["starting", "from" | "on", ..] => (Side::From, 2),
        ["fino", "a" | "al", ..] => (Side::By, 2),
        ["prima", "di" | "del" | "dell", ..] => (Side::Before, 2),
        ["from" | "since" | "starting" | "da" | "dal" | "dall", ..] => (Side::From, 1),
        ["after" | "dopo", ..] => (Side::After, 1),
        ["before", ..] => (Side::Before, 1),
        ["by" | "until" | "till" | "entro", ..] => (Side::By, 1),
        _ => return None,
    };
    // The article that tells a bare number from an hour may be part of the preposition.
    let joined = matches!(words[at - 1], "dal" | "dall" | "al" | "del" | "dell");
    let (end, taken) = end(&words[at..], joined, today)?;
    let date = match end {
        End::Date(date) => date,
        End::Number(number) if number.month.is_some() || joined || matches!(words[at], "il" | "the" | "l") => {
            number.resolve(today, None)?
        }
        End::Number(_) => return None,
    };
    let far = date.checked_add_days(Ahead::new(OPEN))?;
    let days = match side {
        Side::From => Days::new(date, far),
        Side::After => Days::new(date.succ_opt()?, far),
        Side::Before => Days::new(today, date.pred_opt()?.max(today)),
        Side::By => Days::new(today, date.max(today)),
    };
    Some((days, at + taken))
}
