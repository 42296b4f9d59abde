//! Days told from today: "domani", "in 3 days", "a week from friday".

use chrono::{Days as Ahead, Months, NaiveDate};

use super::super::numbers;

/// How a count of days, weeks or months is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Days(u64),
    Months(u32),
}

impl Unit {
    /// `count` of these after `date`.
    pub fn after(self, date: NaiveDate, count: u32) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => date.checked_add_days(Ahead::new(days * u64::from(count))),
            Self::Months(months) => date.checked_add_months(Months::new(months * count)),
        }
    }
}

/// A unit's name.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "day" | "days" | "giorno" | "giorni" => Unit::Days(1),
        "week" | "weeks" | "settimana" | "settimane" => Unit::Days(7),
        "fortnight" => Unit::Days(14),
        "month" | "months" | "mese" | "mesi" => Unit::Months(1),
        _ => return None,
    })
}

/// A day told from today, at the start of `words`.
pub(super) fn relative(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    named(words, today).or_else(|| counted(words, today)).or_else(|| ago(words, today))
}

fn named(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (ahead, len): (i64, usize) = match words {
        ["the", "day", "after", "tomorrow", ..] | ["il", "giorno", "dopo", "domani", ..] => (2, 4),
        ["day", "after", "tomorrow", ..] => (2, 3),
        ["the", "day", "before", "yesterday", ..] => (-2, 4),
        ["day", "before", "yesterday", ..] | ["l", "altro", "ieri", ..] => (-2, 3),
        ["altro", "ieri", ..] => (-2, 2),
        ["dopo", "domani", ..] => (2, 2),
        ["dopodomani" | "overmorrow", ..] => (2, 1),
        ["domani", "a", "otto", ..] => (8, 3),
        ["oggi", "a", "otto", ..] => (7, 3),
        ["2", "morrow" | "moro", ..] => (1, 2),
        ["domani" | "tomorrow" | "tomorrows" | "tmrw" | "tmr" | "tmw" | "tomoz" | "tommorow" | "tommorrow", ..] => {
            (1, 1)
        }
        ["in", "giornata", ..] | ["right", "now", ..] => (0, 2),
        ["oggi" | "today" | "adesso" | "subito" | "now" | "asap", ..] => (0, 1),
        ["ieri" | "yesterday", ..] => (-1, 1),
        ["altroieri" | "avantieri", ..] => (-2, 1),
        _ => return None,
    };
    Some((today.checked_add_signed(chrono::TimeDelta::days(ahead))?, len))
}

/// "in 3 days", "tra una settimana", "two weeks from now".
fn counted(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let before = usize::from(matches!(words.first(), Some(&("in" | "tra" | "fra"))));
    let (count, taken) = numbers::count(&words[before..])?;
    let mut len = before + taken;
    let unit = unit(words.get(len)?)?;
    len += 1;
    let after = match words.get(len..) {
        Some(["from", "now" | "today", ..] | ["da", "oggi" | "adesso", ..]) => 2,
        Some(["hence", ..]) => 1,
        Some(["from", rest @ ..]) => {
            let (start, taken) = named(rest, today).or_else(|| super::weekdays::weekday(rest, today))?;
            return Some((unit.after(start, count)?, len + 1 + taken));
        }
        _ if before > 0 => 0,
        _ => return None,
    };
    Some((unit.after(today, count)?, len + after))
}

/// A day in the past, so that it can be said that it has gone: "3 giorni fa".
fn ago(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (count, len) = numbers::count(words)?;
    let unit = unit(words.get(len)?)?;
    let is_past = matches!(words.get(len + 1), Some(&("ago" | "fa")));
    let date = match unit {
        Unit::Days(days) => today.checked_sub_days(Ahead::new(days * u64::from(count))),
        Unit::Months(months) => today.checked_sub_months(Months::new(months * count)),
    };
    date.filter(|_| is_past).map(|date| (date, len + 2))
}
