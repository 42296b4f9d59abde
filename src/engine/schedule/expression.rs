//! The text of a crontab line, checked field by field before it is parsed.
//!
//! The `cron` crate expands ranges into sets. Nothing gets there that is not small and within its field's bounds, and
//! whoever mistyped a field is told which one.

use std::{borrow::Cow, str::FromStr};

use chrono::{DateTime, Utc};
use cron::Schedule;
use field::{CLASSIC_WEEKDAY, FIVE, Field, SIX, number};

mod field;

/// The longest expression, in bytes.
const LONGEST: usize = 256;

/// Why a text is no expression that ever fires.
#[derive(Debug, thiserror::Error)]
pub enum ExpressionError {
    /// More than anybody writes.
    #[error("it has {0} bytes, and at most {LONGEST} are read")]
    TooLong(usize),
    /// Neither a crontab's five fields nor the six or seven with seconds.
    #[error(
        "it has {0} fields instead of five (minute hour day month weekday) or six, with the second in front, or seven, with the year behind"
    )]
    Fields(usize),
    /// A word with an @ that is none of ours.
    #[error("{0:?} is not one of @hourly, @daily, @weekly, @monthly and @yearly")]
    Nickname(String),
    /// Not a number, a name, a range, a list or a step.
    #[error(
        "\"{item}\" is not something that field {field} can hold: write *, a number, a range like 1-5, a list or a step like */10"
    )]
    Item {
        /// As written.
        item: String,
        /// The field's name.
        field: &'static str,
    },
    /// Outside what the field counts.
    #[error("\"{item}\" is not within {low}-{high}, upwards, as field {field} asks")]
    Bounds {
        /// As written.
        item: String,
        /// The field's name.
        field: &'static str,
        /// The least.
        low: u16,
        /// The most.
        high: u16,
    },
    /// Quartz' signs for the last day, the nearest weekday and the nth weekday.
    #[error(
        "\"{item}\" of field {field} is not known here (no L, W or #): let it run on all days in question, and let the job decide"
    )]
    Special {
        /// As written.
        item: String,
        /// The field's name.
        field: &'static str,
    },
    /// Five fields with both kinds of day: crontabs take either, other programs take both.
    #[error(
        "day of month and weekday are both given, and in five fields that is read in two ways: make one of them *, or write six fields, where both must hold"
    )]
    BothDays,
    /// Names that are none, mostly.
    #[error("{0}")]
    Refused(String),
    /// As the 30th of February.
    #[error("there is no such day, so it would never run: correct day, month or weekday")]
    Never,
}

/// Reads five fields as a crontab does, six or seven as the `cron` crate, and its `@daily` and the like.
pub(super) fn parse(text: &str) -> Result<Schedule, ExpressionError> {
    if text.len() > LONGEST {
        return Err(ExpressionError::TooLong(text.len()));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let fields = match words.as_slice() {
        ["@hourly" | "@daily" | "@weekly" | "@monthly" | "@yearly"] => words.concat(),
        [word] if word.starts_with('@') => return Err(ExpressionError::Nickname((*word).to_owned())),
        [minute, hour, day, month, weekday] => {
            check(&FIVE, &words)?;
            if !is_any(day) && !is_any(weekday) {
                return Err(ExpressionError::BothDays);
            }
            format!("0 {minute} {hour} {day} {month} {}", from_classic(weekday)?)
        }
        _ if words.len() == 6 || words.len() == 7 => {
            check(&SIX, &words)?;
            words.join(" ")
        }
        _ => return Err(ExpressionError::Fields(words.len())),
    };
    let schedule = Schedule::from_str(&fields).map_err(|error| ExpressionError::Refused(brief(&error)))?;
    let first: Option<DateTime<Utc>> = schedule.after(&DateTime::UNIX_EPOCH).next();
    if first.is_some() { Ok(schedule) } else { Err(ExpressionError::Never) }
}

fn is_any(word: &str) -> bool {
    word.starts_with(['*', '?'])
}

/// The parser's message without the picture that it draws.
fn brief(error: &cron::error::Error) -> String {
    let text = error.to_string();
    text.lines().rfind(|line| line.contains(char::is_alphabetic)).unwrap_or("it is not an expression").trim().to_owned()
}

fn check(fields: &[Field], words: &[&str]) -> Result<(), ExpressionError> {
    for (field, word) in fields.iter().zip(words) {
        for item in word.split(',') {
            field.check(item)?;
        }
    }
    Ok(())
}

/// Weekdays of a crontab, which start at 0, in the numbers of the `cron` crate, where Sunday is 1.
fn from_classic(word: &str) -> Result<String, ExpressionError> {
    let items = word.split(',').map(|item| {
        let (base, step) = item.split_once('/').map_or((item, ""), |(base, _)| (base, &item[base.len()..]));
        let days: Vec<u16> = base.split('-').filter_map(number).collect();
        Ok(match *days.as_slice() {
            [day] => Cow::Owned(format!("{}{step}", day % 7 + 1)),
            [0, 7] => Cow::Owned(format!("*{step}")),
            [7, 7] => Cow::Borrowed("1"),
            // The week's last day is the first one of the crate's.
            [from, 7] if step.is_empty() => Cow::Owned(format!("{}-7,1", from + 1)),
            [_, 7] => return Err(CLASSIC_WEEKDAY.bounds(item)),
            [from, to] => Cow::Owned(format!("{}-{}{step}", from + 1, to + 1)),
            _ => Cow::Borrowed(item),
        })
    });
    Ok(items.collect::<Result<Vec<_>, ExpressionError>>()?.join(","))
}

#[cfg(test)]
mod tests;
