//! Feasts that people name instead of a date.

use chrono::{Datelike, Days as Ahead, NaiveDate};

const FIXED: [(&[&str], u32, u32); 26] = [
    (&["vigilia", "di", "natale"], 12, 24),
    (&["vigilia", "di", "capodanno"], 12, 31),
    (&["christmas", "eve"], 12, 24),
    (&["christmas", "day"], 12, 25),
    (&["new", "year", "s", "eve"], 12, 31),
    (&["new", "years", "eve"], 12, 31),
    (&["new", "year", "s", "day"], 1, 1),
    (&["new", "years", "day"], 1, 1),
    (&["new", "year", "s"], 1, 1),
    (&["boxing", "day"], 12, 26),
    (&["santo", "stefano"], 12, 26),
    (&["san", "silvestro"], 12, 31),
    (&["san", "valentino"], 2, 14),
    (&["valentine", "s", "day"], 2, 14),
    (&["valentine", "day"], 2, 14),
    (&["festa", "della", "repubblica"], 6, 2),
    (&["immacolata"], 12, 8),
    (&["natale"], 12, 25),
    (&["christmas"], 12, 25),
    (&["xmas"], 12, 25),
    (&["capodanno"], 1, 1),
    (&["epifania"], 1, 6),
    (&["befana"], 1, 6),
    (&["ferragosto"], 8, 15),
    (&["ognissanti"], 11, 1),
    (&["halloween"], 10, 31),
];

/// A feast at the start of `words`: its next day, or its day in the year that is named.
pub(super) fn holiday(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let (day, len): (Box<dyn Fn(i32) -> Option<NaiveDate>>, usize) = match words {
        ["lunedi", "dell", "angelo", ..] => (Box::new(|year| easter(year)?.succ_opt()), 3),
        ["easter", "monday", ..] => (Box::new(|year| easter(year)?.succ_opt()), 2),
        ["pasquetta", ..] => (Box::new(|year| easter(year)?.succ_opt()), 1),
        ["pasqua" | "easter", ..] => (Box::new(easter), 1),
        _ => {
            let (name, month, day) = FIXED.iter().find(|(name, _, _)| words.starts_with(name))?;
            (Box::new(|year| NaiveDate::from_ymd_opt(year, *month, *day)), name.len())
        }
    };
    if let Some(year) = words.get(len).filter(|word| word.len() == 4).and_then(|word| word.parse().ok()) {
        return Some((day(year)?, len + 1));
    }
    let date = [today.year(), today.year() + 1].into_iter().filter_map(&day).find(|date| *date >= today)?;
    Some((date, len))
}

/// Western Easter (the anonymous Gregorian algorithm).
fn easter(year: i32) -> Option<NaiveDate> {
    let (century, of_century) = (year / 100, year % 100);
    let golden = year % 19;
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let days_after_22_march = moon + weekday - 7 * late;
    NaiveDate::from_ymd_opt(year, 3, 22)?.checked_add_days(Ahead::new(u64::try_from(days_after_22_march).ok()?))
}
