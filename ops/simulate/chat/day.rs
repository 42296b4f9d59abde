//! Times as a phone shows them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;

/// `19:02`.
pub(crate) fn clock(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// The day on which something was said.
pub(crate) fn day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// `Today`, `Yesterday`, `Thursday`, `5 March`, `5 March 2025`.
pub(crate) fn name(day: NaiveDate, today: NaiveDate) -> String {
    match (today - day).num_days() {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        2..=6 => day.format("%A").to_string(),
        _ if day.year() == today.year() => day.format("%-d %B").to_string(),
        _ => day.format("%-d %B %Y").to_string(),
    }
}

/// When a list of chats says that something happened: the time, today; else the day.
pub(crate) fn short(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (then, today) = (day(at, zone), day(now, zone));
    if then == today {
        clock(at, zone)
    } else if then > today - Days::new(7) && then < today {
        name(then, today)
    } else {
        then.format("%d/%m/%Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};
    use chrono_tz::Europe::Rome;

    use super::{day, name};

    #[test]
    fn days_are_named_from_today() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = date("2026-11-21");
        let names =
            ["2026-11-21", "2026-11-20", "2026-11-15", "2026-03-05", "2025-03-05"].map(|text| name(date(text), today));
        assert_eq!(names, ["Today", "Yesterday", "Sunday", "5 March", "5 March 2025"]);
    }

    #[test]
    fn a_day_begins_at_the_phones_midnight() {
        let late = Utc.with_ymd_and_hms(2026, 11, 21, 23, 30, 0).unwrap();
        assert_eq!(day(late, Rome).to_string(), "2026-11-22");
    }
}
