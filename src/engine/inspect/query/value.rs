//! What may stand behind each colon.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Field, Term};
use crate::inspect::state;

/// From one value to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inspect) struct Bounds<T> {
    pub from: Option<T>,
    pub to: Option<T>,
}

/// The word in the spelling in which it is kept, or what to write instead of it.
pub(super) fn normal(mut term: Term) -> Result<Term, String> {
    let what = term.field.to_string();
    if term.field.is_bound() && term.values.len() > 1 {
        return Err(format!("{what}: takes one value: leave the comma out"));
    }
    if term.negated && term.field.is_bound() {
        return Err(format!("-{what}: is not possible: turn the comparison around instead"));
    }
    if term.negated && matches!(term.field, Field::Subject(_)) {
        return Err(format!("-{what}: is not possible: say what the jobs should be about"));
    }
    if term.values.iter().any(|value| value.is_empty() || value.contains('\0')) {
        return Err("there is nothing between the quotes that can be looked for: leave the word out".to_owned());
    }
    if matches!(term.field, Field::State | Field::Trace) {
        term.values.iter_mut().for_each(|value| *value = value.to_lowercase());
    }
    term.values.iter().try_for_each(|value| check(&term.field, value))?;
    Ok(term)
}

fn check(field: &Field, value: &str) -> Result<(), String> {
    let (good, remedy) = match field {
        Field::State => {
            (state::ALL.contains(&value), format!("there is no such state; there are {}", state::ALL.join(", ")))
        }
        Field::Id | Field::Root | Field::Parent | Field::Tenant => (
            value.parse::<i64>().is_ok_and(|number| number >= 0),
            format!("{field}: takes a whole number, like {field}:17"),
        ),
        Field::Trace => {
            (trace(value).is_some(), "trace: takes 32 hexadecimal digits, or a whole traceparent".to_owned())
        }
        Field::Attempt => {
            (attempts(value).is_some(), "attempt: takes a number of attempts, like attempt:>3 or attempt:2".to_owned())
        }
        Field::Age => (
            age(value).is_some(),
            "age: takes > or < and a time in s, m, h, d or w, like age:>10m or age:<2d".to_owned(),
        ),
        Field::Since | Field::Until => {
            let example = format!(
                "{field}: takes a day or a moment in UTC, or how long ago, like {field}:2026-11-22, {field}:2026-11-22T10:30:00Z or {field}:2d"
            );
            (moment(value, DateTime::UNIX_EPOCH + TimeDelta::days(36_500)).is_some(), example)
        }
        _ => (true, String::new()),
    };
    if good { Ok(()) } else { Err(remedy) }
}

/// The trace id of a `traceparent`, or of itself.
pub(in crate::inspect) fn trace(value: &str) -> Option<&str> {
    let id = if value.len() == 55 { value.get(3..35)? } else { value };
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

/// `>3`, `<=2` or `2`.
pub(in crate::inspect) fn attempts(value: &str) -> Option<Bounds<i16>> {
    let digits = value.trim_start_matches(['>', '<', '=']);
    let number: i16 = digits.parse().ok().filter(|number| *number >= 0)?;
    Some(match value.strip_suffix(digits)? {
        ">" => Bounds { from: Some(number.saturating_add(1)), to: None },
        ">=" => Bounds { from: Some(number), to: None },
        "<" => Bounds { from: None, to: Some(number - 1) },
        "<=" => Bounds { from: None, to: Some(number) },
        "" | "=" => Bounds { from: Some(number), to: Some(number) },
        _ => return None,
    })
}

/// `>10m` (at least so old) or `<2d`.
pub(in crate::inspect) fn age(value: &str) -> Option<Bounds<TimeDelta>> {
    let length = value.trim_start_matches(['>', '<', '=']);
    let time = span(length)?;
    match value.strip_suffix(length)? {
        ">" | ">=" => Some(Bounds { from: Some(time), to: None }),
        "<" | "<=" => Some(Bounds { from: None, to: Some(time) }),
        _ => None,
    }
}

/// A day, a moment, or so long ago.
pub(in crate::inspect) fn moment(value: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Some(span) = span(value) {
        return now.checked_sub_signed(span);
    }
    let moment = match value.parse::<NaiveDate>() {
        Ok(day) => day.and_hms_opt(0, 0, 0)?.and_utc(),
        Err(_) => DateTime::parse_from_rfc3339(value).ok()?.to_utc(),
    };
    // Ids tell times of these centuries only.
    (0..=MOST_SECONDS).contains(&moment.timestamp()).then_some(moment)
}

/// The year 2200.
const MOST_SECONDS: i64 = 7_258_118_400;

fn span(value: &str) -> Option<TimeDelta> {
    let unit = value.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let number = value.strip_suffix(unit)?;
    let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<i64>().ok())??;
    number.checked_mul(seconds).filter(|all| *all <= 36_500 * 86_400).map(TimeDelta::seconds)
}
