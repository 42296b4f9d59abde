//! Times in words: "half past six", "sette e mezza", "otto meno un quarto", "mezzogiorno".

use super::super::numbers;
use super::part;
use super::point::{Half, Point, hour, is_counted};

/// Noon and midnight, and times told before or after an hour.
pub(super) fn named(words: &[&str]) -> Option<(Point, usize)> {
    if let Some((hour, len)) = noon(words) {
        let (minute, back, taken) = minutes(&words[len..], false).unwrap_or((0, false, 0));
        return Some((moved(hour, if back { -minute } else { minute }, Half::Exact)?, len + taken));
    }
    let (minute, len) = around(words)?;
    if let Some((noon, taken)) = noon(&words[len..]) {
        return Some((moved(noon, minute, Half::Exact)?, len + taken));
    }
    let (hour, taken) = hour(words.get(len..)?)?;
    let half = if hour > 12 { Half::Exact } else { Half::Open };
    Some((moved(hour, minute, half)?, len + taken))
}

/// An hour in words or digits, with the minutes that follow it.
pub(super) fn hour_and_minutes(words: &[&str], announced: bool) -> Option<(Point, usize)> {
    let (hour, mut len) = hour(words)?;
    let oclock = match words.get(len..) {
        Some(["o", "clock", ..]) => 2,
        Some(["oclock" | "ish", ..]) => 1,
        _ => 0,
    };
    len += oclock;
    let minutes = minutes(&words[len..], announced || is_spelled(words[0]));
    let (minute, back, taken) = minutes.unwrap_or((0, false, 0));
    len += taken + usize::from(words.get(len + taken) == Some(&"ish"));
    let is_sure = announced || oclock > 0 || taken > 0 || half_follows(&words[len..]);
    let half = if hour > 12 || words[0].starts_with('0') { Half::Exact } else { Half::Open };
    let point = moved(hour, if back { -minute } else { minute }, half)?;
    is_sure.then_some((point, len))
}

fn is_spelled(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
}

fn noon(words: &[&str]) -> Option<(u32, usize)> {
    match words {
        ["mid", "day", ..] => Some((12, 2)),
        ["mezzogiorno" | "noon" | "midday", ..] => Some((12, 1)),
        ["mezzanotte" | "midnight", ..] => Some((24, 1)),
        _ => None,
    }
}

/// "half past", "a quarter to", "20 minutes past", "un quarto alle": minutes to add to the hour.
fn around(words: &[&str]) -> Option<(i32, usize)> {
    let (minutes, len) = match words {
        ["half", "past", ..] => return Some((30, 2)),
        ["half", next, ..] if hour(&[next]).is_some() => return Some((30, 1)),
        ["a" | "un", "quarter" | "quarto", ..] => (15, 2),
        ["quarter", ..] => (15, 1),
        _ => {
            let (minutes, len) = numbers::cardinal(words)?;
            let named = usize::from(matches!(words.get(len), Some(&("minutes" | "mins" | "minuti"))));
            (i32::try_from(minutes).ok()?, len + named)
        }
    };
    match words.get(len) {
        Some(&("past" | "after")) => Some((minutes, len + 1)),
        Some(&("to" | "before" | "of")) if minutes < 60 && !(len == 1 && minutes < 5) => Some((-minutes, len + 1)),
        Some(&("alle" | "all" | "a")) if words.contains(&"quarto") => Some((-minutes, len + 1)),
        _ => None,
    }
}

/// Minutes after an hour: "e mezza", "e 20", "meno un quarto", "thirty". The flag tells "meno".
fn minutes(words: &[&str], loose: bool) -> Option<(i32, bool, usize)> {
    let (joined, back) = match *words.first()? {
        "e" | "-" => (1, false),
        "meno" => (1, true),
        _ => (0, false),
    };
    let dash = words[0] == "-";
    match words.get(joined..)? {
        ["mezza" | "mezzo", ..] if joined == 1 => return Some((30, back, 2)),
        ["un", "quarto", ..] if joined == 1 => return Some((15, back, 3)),
        ["tre", "quarti", ..] if joined == 1 => return Some((45, back, 3)),
        ["oh" | "o", unit, ..] if loose && joined == 0 => {
            let (unit, _) = numbers::cardinal(&[unit]).filter(|(unit, _)| (1..10).contains(unit))?;
            return Some((i32::try_from(unit).ok()?, false, 2));
        }
        _ => {}
    }
    if joined == 0 && !loose {
        return None;
    }
    let word = words.get(joined)?;
    let (minute, taken) = numbers::cardinal(&words[joined..])?;
    // "alle 18 e 20 euro", "le 9 - 11": only what can be minutes, and is not another hour.
    let spelled = is_spelled(word);
    let fits = (1..60).contains(&minute) && (minute >= 5) && !is_counted(words.get(joined + taken));
    let is_minutes = fits && if dash { spelled && minute >= 10 } else { spelled || word.len() == 2 };
    is_minutes.then_some((i32::try_from(minute).ok()?, back, joined + taken))
}

fn half_follows(words: &[&str]) -> bool {
    match words {
        ["am" | "pm", ..] | ["in", "the", "am" | "pm", ..] => true,
        ["in", "the", rest @ ..] | ["di" | "del" | "della" | "at", rest @ ..] | rest => part::part(rest).is_some(),
    }
}

fn moved(hour: u32, by: i32, half: Half) -> Option<Point> {
    let minutes = i32::try_from(hour * 60).ok()?.checked_add(by)?;
    let minutes = u32::try_from(minutes).ok()?;
    Point::new(minutes / 60, minutes % 60, half)
}
