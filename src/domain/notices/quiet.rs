//! Hours in which nobody wants to hear from us.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::calendar::instant;

/// A reminder is of use when it leaves this much time.
const IN_TIME: TimeDelta = TimeDelta::hours(1);

/// From one time of the wall clock to another, most often over midnight. The same twice: never.
#[derive(Debug, Clone, Copy)]
pub struct Quiet {
    /// When it begins.
    pub from: NaiveTime,
    /// When it ends.
    pub until: NaiveTime,
    /// By whose clock.
    pub zone: Tz,
}

impl Quiet {
    /// The quiet hours that `at` lies in: when they began and when they end.
    fn around(self, at: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if self.from == self.until {
            return None;
        }
        let today = at.with_timezone(&self.zone).date_naive();
        let length = Days::new(u64::from(self.from > self.until));
        [today.checked_sub_days(Days::new(1)), Some(today)].into_iter().flatten().find_map(|day| {
            let begins = instant(day.and_time(self.from), self.zone);
            let ends = instant((day + length).and_time(self.until), self.zone);
            (begins <= at && at < ends).then_some((begins, ends))
        })
    }
}

/// When a reminder that is due at `wanted` goes out: then, or when the quiet hours end; where that leaves too little time
/// before `starts_at`, just before they begin.
#[must_use]
pub fn due_at(wanted: DateTime<Utc>, starts_at: DateTime<Utc>, quiet: Quiet) -> DateTime<Utc> {
    match quiet.around(wanted) {
        None => wanted,
        Some((_, ends)) if ends + IN_TIME <= starts_at => ends,
        Some((begins, _)) => begins - TimeDelta::minutes(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a reminder goes out, by the wall clock of Padova.
    fn goes_out(wanted: &str, starts: &str) -> String {
        let zone = chrono_tz::Europe::Rome;
        let time = |text: &str| text.parse::<NaiveTime>().unwrap();
        let at = |local: &str| instant(local.parse().unwrap(), zone);
        let quiet = Quiet { from: time("21:30:00"), until: time("08:00:00"), zone };
        due_at(at(wanted), at(starts), quiet).with_timezone(&zone).format("%a %H:%M").to_string()
    }

    #[test]
    fn a_reminder_waits_for_the_morning_or_comes_the_evening_before() {
        assert_eq!(goes_out("2026-11-23T17:00:00", "2026-11-23T19:00:00"), "Mon 17:00");
        assert_eq!(goes_out("2026-11-23T07:00:00", "2026-11-24T07:00:00"), "Mon 08:00");
        assert_eq!(goes_out("2026-11-23T21:30:00", "2026-11-24T21:30:00"), "Tue 08:00");
        assert_eq!(goes_out("2026-11-23T05:00:00", "2026-11-23T07:00:00"), "Sun 21:29");
        assert_eq!(goes_out("2026-11-23T08:00:00", "2026-11-23T10:00:00"), "Mon 08:00");
    }

    #[test]
    fn the_night_of_the_clock_change_is_a_night() {
        assert_eq!(goes_out("2027-03-28T03:30:00", "2027-03-28T11:00:00"), "Sun 08:00");
    }
}
