//! Names of weekdays and months, with the short forms people type.

use chrono::Weekday;

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "lunedi lun monday mondays mon"),
    (Weekday::Tue, "martedi mar tuesday tuesdays tue tues"),
    (Weekday::Wed, "mercoledi mer merc wednesday wednesdays wed weds wensday wendsday wenesday"),
    (Weekday::Thu, "giovedi gio giov thursday thursdays thu thur thurs"),
    (Weekday::Fri, "venerdi ven friday fridays fri"),
    (Weekday::Sat, "sabato sabati sab saturday saturdays sat"),
    (Weekday::Sun, "domenica domeniche dom sunday sundays sun"),
];
const MONTHS: [&str; 12] = [
    "gennaio gen genn january jan",
    "febbraio feb febb february",
    "marzo mar march",
    "aprile apr april",
    "maggio mag may",
    "giugno giu june jun",
    "luglio lug july jul",
    "agosto ago august aug",
    "settembre set sett september sep sept",
    "ottobre ott october oct",
    "novembre nov november",
    "dicembre dic december dec",
];

/// A weekday at the start of `words`, and how many words it takes (a short form may end in a dot).
pub(super) fn weekday(words: &[&str]) -> Option<(Weekday, usize)> {
    let first = words.first()?;
    let (weekday, _) = WEEKDAYS.iter().find(|(_, names)| names.split(' ').any(|name| name == *first))?;
    Some((*weekday, 1 + dot(first, words)))
}

/// A month at the start of `words`, 1 to 12, and how many words it takes.
pub(super) fn month(words: &[&str]) -> Option<(u32, usize)> {
    let first = words.first()?;
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| name == *first))?;
    Some((u32::try_from(at).ok()? + 1, 1 + dot(first, words)))
}

/// A month's full name, which can stand alone: "marzo", but not "set" or "ago".
pub(super) fn full_month(words: &[&str]) -> Option<(u32, usize)> {
    let is_full =
        words.first().is_some_and(|first| first.len() >= 4 && !["genn", "febb", "sett", "sept"].contains(first));
    month(words).filter(|_| is_full || words.first() == Some(&"may"))
}

fn dot(first: &str, words: &[&str]) -> usize {
    usize::from(first.len() <= 4 && words.get(1) == Some(&"."))
}
