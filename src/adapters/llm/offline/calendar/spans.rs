//! Several days at once: weeks, weekends, months and their ends.

use chrono::{Datelike, Days as Ahead, Months, NaiveDate, Weekday};

use super::super::numbers;
use super::relative::unit;
use super::{Days, names, weekdays};

/// A span of days at the start of `words`.
pub(super) fn span(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    weekend(words, today)
        .or_else(|| part_of_week(words, today))
        .or_else(|| week(words, today))
        .or_else(|| coming_days(words, today))
        .or_else(|| end_of_month(words, today))
        .or_else(|| relative_month(words, today))
        .or_else(|| named_month(words, today))
}

/// Saturday and Sunday; "next weekend" is the one of next week.
fn weekend(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let before = match words {
        ["this" | "questo" | "next" | "prossimo" | "il" | "the" | "coming" | "nel", ..] => 1,
        _ => 0,
    };
    let name = match words.get(before..)? {
        ["week", "-", "end" | "ends", ..] => 3,
        ["week", "end", ..] | ["fine", "settimana", ..] => 2,
        ["weekend" | "weekends" | "finesettimana" | "wkend", ..] => 1,
        _ => return None,
    };
    let len = before + name;
    let is_next = words.first() == Some(&"next");
    let after = usize::from(matches!(words.get(len), Some(&("prossimo" | "prossima"))));
    let said_next =
        is_next || (after > 0 || words.first() == Some(&"prossimo")) && today.weekday().num_days_from_monday() >= 4;
    let base = if said_next { today.checked_add_days(Ahead::new(7))? } else { today };
    let saturday = weekdays::of_week(base, Weekday::Sat)?;
    Some((Days::new(saturday.max(today), saturday.succ_opt()?), len + after))
}

#[expect(clippy::match_same_arms, reason = "a row tells one way to say it")]
fn week(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let (ahead, len) = match words {
        ["the" | "la", "following" | "next" | "prossima" | "coming", "week" | "settimana", ..] => (7, 3),
        ["la", "settimana", "prossima", ..] | ["l", "altra", "settimana", ..] => (7, 3),
        ["next" | "following" | "coming" | "upcoming", "week", ..] | ["prossima", "settimana", ..] => (7, 2),
        ["settimana", "prossima", ..] => (7, 2),
        ["rest", "of", "the", "week", ..] | ["resto", "della", "settimana", ..] => {
            (0, words.len().min(4) - usize::from(words[0] == "resto"))
        }
        ["this" | "current" | "all" | "the", "week", ..] | ["questa" | "in", "settimana", ..] => (0, 2),
        _ => return None,
    };
    let base = today.checked_add_days(Ahead::new(ahead))?;
    let monday = weekdays::of_week(base, Weekday::Mon)?;
    Some((Days::new(monday.max(today), weekdays::of_week(base, Weekday::Sun)?), len))
}

/// "inizio settimana", "end of next week".
fn part_of_week(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let (is_start, at) = match words {
        ["beginning" | "start" | "early", "of", ..] => (true, 2),
        ["inizio" | "early", ..] => (true, 1),
        ["end" | "later", "of", ..] => (false, 2),
        _ => return None,
    };
    let (days, len) = week(&words[at..], today).or_else(|| {
        (words.get(at) == Some(&"settimana"))
            .then(|| week(&["questa", "settimana"], today).map(|(days, _)| (days, 1)))?
    })?;
    let of_week = |day| weekdays::of_week(days.until, day);
    let (from, until) = if is_start { (Weekday::Mon, Weekday::Wed) } else { (Weekday::Fri, Weekday::Sun) };
    Some((Days::new(of_week(from)?.max(today), of_week(until)?.max(today)), at + len))
}

/// "prossimi giorni", "next 3 days", "entro due settimane": from tomorrow on.
fn coming_days(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let article = usize::from(matches!(words.first(), Some(&("i" | "nei" | "le" | "nelle" | "the" | "in"))));
    let rest = &words[article..];
    let (count, word, len, first) = match rest {
        ["next" | "coming", "few", word, ..] => (3, *word, 3, 1),
        ["prossimi" | "prossime", word @ ("giorni" | "settimane"), ..] => (3, *word, 2, 1),
        ["next" | "upcoming" | "prossimi" | "prossime", more @ ..] => {
            let (count, taken) = numbers::cardinal(more)?;
            (count, *more.get(taken)?, 2 + taken, 1)
        }
        ["within" | "entro", more @ ..] => {
            let (count, taken) = numbers::count(more)?;
            (count, *more.get(taken)?, 2 + taken, 0)
        }
        _ => return None,
    };
    let until = unit(word)?.after(today, count)?;
    Some((Days::new(today.checked_add_days(Ahead::new(first))?, until), article + len))
}

fn end_of_month(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let (len, ahead) = match words {
        ["end", "of", "the" | "this", "month", ..] => (4, 0),
        ["end", "of", "next", "month", ..] => (4, 1),
        ["fine", "del", "mese", ..] | ["end", "of", "month", ..] => (3, 0),
        ["fine", "mese", ..] => (2, 0),
        _ => return None,
    };
    let month = month_from(today.checked_add_months(Months::new(ahead))?.with_day(1)?)?;
    Some((Days::new(month.from.with_day(21)?.max(today), month.until), len))
}

fn relative_month(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let (ahead, len) = match words {
        ["il" | "the", "prossimo" | "next", "mese" | "month", ..] | ["il" | "nel", "mese", "prossimo", ..] => (1, 3),
        ["next", "month", ..] | ["prossimo", "mese", ..] | ["mese", "prossimo", ..] => (1, 2),
        ["this", "month", ..] | ["questo", "mese", ..] => (0, 2),
        _ => return None,
    };
    let first = today.with_day(1)?.checked_add_months(Months::new(ahead))?;
    let month = month_from(first)?;
    Some((Days::new(month.from.max(today), month.until), len))
}

/// "a marzo", "in March", "early march", "fine marzo", "ottobre 2027".
fn named_month(words: &[&str], today: NaiveDate) -> Option<(Days, usize)> {
    let (third, at) = match words {
        ["beginning" | "start", "of", ..] => (Some((1, 10)), 2),
        ["end", "of", ..] => (Some((21, 31)), 2),
        ["early" | "inizio", ..] => (Some((1, 10)), 1),
        ["mid" | "meta", ..] => (Some((11, 20)), 1),
        ["late" | "fine", ..] => (Some((21, 31)), 1),
        ["in" | "a" | "ad" | "during" | "di", ..] => (None, 1),
        _ => (None, 0),
    };
    let rest = words.get(at..)?;
    let (month, taken) = names::full_month(rest)?;
    // "may" is a verb and "march" another; alone they prove nothing.
    if at == 0 && matches!(rest[0], "may" | "march") && rest.len() > 1 {
        return None;
    }
    let said = rest.get(taken).filter(|word| word.len() == 4).and_then(|word| word.parse::<i32>().ok());
    let year = said.unwrap_or(today.year() + i32::from(month < today.month()));
    let whole = month_from(NaiveDate::from_ymd_opt(year, month, 1)?)?;
    let from = third.and_then(|(from, _)| whole.from.with_day(from)).unwrap_or(whole.from);
    let until = third.and_then(|(_, until)| whole.from.with_day(until)).unwrap_or(whole.until);
    let from = if until >= today { from.max(today) } else { from };
    Some((Days::new(from, until), at + taken + usize::from(said.is_some())))
}

fn month_from(first: NaiveDate) -> Option<Days> {
    Some(Days::new(first, first.checked_add_months(Months::new(1))?.pred_opt()?))
}
