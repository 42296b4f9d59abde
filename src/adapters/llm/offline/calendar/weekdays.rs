//! Weekdays: "sabato", "next tuesday", "giovedì della prossima settimana".
//!
//! A weekday alone is the next one after today. "Next" and "prossimo" mean the one in next
//! week (weeks start on Monday), "this" and "questo" the coming one, today included.

use chrono::{Datelike, Days as Ahead, NaiveDate, Weekday};

use super::super::numbers;
use super::{names, numbered};

/// A weekday at the start of `words`, with what tells its week or its number.
pub(super) fn weekday(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (week, before) = prefix(words);
    let (day, mut len) = names::weekday(&words[before..])?;
    len += before;
    if before == 0
        && let Some((date, taken)) = number_after(&words[len..], day, today)
    {
        return Some((date, len + taken));
    }
    let (week, after) = match week {
        Some(week) => (week, 0),
        None => suffix(&words[len..]),
    };
    Some((in_week(day, week, today)?, len + after))
}

/// The `count`th weekday from now: "2 sundays from now".
pub(super) fn counted(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (count, at) = numbers::cardinal(words)?;
    let (day, taken) = names::weekday(&words[at..])?;
    let tail = matches!(words.get(at + taken..), Some(["from", "now", ..]));
    let first = in_week(day, Week::Coming, today)?;
    let date = first.checked_add_days(Ahead::new(7 * (u64::from(count.max(1)) - 1)))?;
    tail.then_some((date, at + taken + 2))
}

/// The day `weekday` of the week (Monday to Sunday) that holds `date`.
pub(super) fn of_week(date: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let monday = date.checked_sub_days(Ahead::new(u64::from(date.weekday().num_days_from_monday())))?;
    monday.checked_add_days(Ahead::new(u64::from(weekday.num_days_from_monday())))
}

#[derive(Clone, Copy)]
enum Week {
    /// The next one after today.
    Coming,
    /// The next one, which may be today.
    This,
    /// Of the week that holds today, even if it has passed.
    Current,
    /// Of the week after this one.
    Next,
    /// The second from now on.
    AfterNext,
    /// Passed.
    Last,
    /// A week after the coming one ("lunedì a otto").
    InEight,
}

#[expect(clippy::match_same_arms, reason = "a row tells one way to say it")]
fn prefix(words: &[&str]) -> (Option<Week>, usize) {
    match words {
        ["this", "coming" | "next", ..] => (Some(Week::This), 2),
        ["il" | "la", "prossimo" | "prossima", ..] | ["the", "next" | "following", ..] => (Some(Week::Next), 2),
        ["next" | "prossimo" | "prossima", "week" | "settimana", "on" | "di", ..] => (Some(Week::Next), 3),
        ["settimana", "prossima", ..] | ["next", "week", ..] | ["prossima", "settimana", ..] => (Some(Week::Next), 2),
        ["next" | "prossimo" | "prossima", ..] => (Some(Week::Next), 1),
        ["this" | "questo" | "questa" | "coming", ..] => (Some(Week::This), 1),
        ["last" | "past" | "scorso" | "scorsa", ..] => (Some(Week::Last), 1),
        _ => (None, 0),
    }
}

#[expect(clippy::match_same_arms, reason = "a row tells one way to say it")]
fn suffix(words: &[&str]) -> (Week, usize) {
    match words {
        ["of", "next", "week", ..] | ["of", "the", "next" | "following", ..] => (Week::Next, 3),
        ["della" | "di" | "la", "prossima", "settimana", ..] | ["della" | "la", "settimana", "prossima", ..] => {
            (Week::Next, 3)
        }
        ["dell", "altra", "settimana", ..] => (Week::Next, 3),
        ["of", "this", "week", ..] | ["di", "questa", "settimana", ..] => (Week::Current, 3),
        ["a", "otto" | "8", ..] => (Week::InEight, 2),
        ["after", "next", ..] => (Week::AfterNext, 2),
        ["next", "week", ..] | ["settimana", "prossima", ..] | ["prossima", "settimana", ..] => (Week::Next, 2),
        ["this", "week", ..] | ["questa", "settimana", ..] => (Week::This, 2),
        ["prossimo" | "prossima", ..] => (Week::Next, 1),
        ["scorso" | "scorsa" | "passato" | "passata", ..] => (Week::Last, 1),
        _ => (Week::Coming, 0),
    }
}

fn in_week(day: Weekday, week: Week, today: NaiveDate) -> Option<NaiveDate> {
    let ahead = (7 + day.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    let this = today.checked_add_days(Ahead::new(ahead.into()))?;
    let coming = if ahead == 0 { today.checked_add_days(Ahead::new(7))? } else { this };
    let next_week = of_week(today, day)?.checked_add_days(Ahead::new(7));
    match week {
        Week::Coming => Some(coming),
        Week::This => Some(this),
        Week::Current => of_week(today, day),
        Week::Next => next_week,
        Week::AfterNext | Week::InEight => coming.checked_add_days(Ahead::new(7)),
        Week::Last => coming.checked_sub_days(Ahead::new(if ahead == 0 { 14 } else { 7 })),
    }
}

/// "martedì 19", "Tuesday the 19th", "Monday, Feb 18": the number must fall on that weekday.
fn number_after(words: &[&str], day: Weekday, today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let comma = usize::from(words.first() == Some(&","));
    let rest = &words[comma..];
    if let Some((date, len)) = numbered::with_month(rest).or_else(|| numbered::without_month(rest)) {
        return Some((date.resolve(today, Some(day))?, comma + len));
    }
    let (number, len) = numbers::cardinal(rest).filter(|(number, _)| (1..=31).contains(number))?;
    if numbered::clock_follows(&rest[len..]) || matches!(rest.get(len), Some(&("-" | "e" | "and" | "/"))) {
        return None;
    }
    // "sabato 9" is nine o'clock unless a Saturday soon is the 9th.
    let date = numbered::Numbered { day: number, month: None, year: None }.resolve(today, Some(day))?;
    let soon = date.weekday() == day && date < today.checked_add_days(Ahead::new(36))?;
    soon.then_some((date, comma + len))
}
