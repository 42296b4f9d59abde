//! Times that people write.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A time as browsers write it, in the house's zone, or in full with its own; a day alone begins at midnight.
pub(in crate::console) fn moment(written: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(written) {
        return Some(at.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let day = || NaiveDate::parse_from_str(written, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    let local = local.into_iter().find_map(|form| NaiveDateTime::parse_from_str(written, form).ok()).or_else(day)?;
    // An hour that the clock skips is none; of one that comes twice the first is meant.
    zone.from_local_datetime(&local).earliest().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(written: &str) -> Option<String> {
        moment(written, Tz::Europe__Rome).map(|at| at.to_rfc3339())
    }

    #[test]
    fn a_time_without_a_zone_is_the_houses() {
        assert_eq!(told("2026-11-22T10:30").as_deref(), Some("2026-11-22T09:30:00+00:00"));
        assert_eq!(told("2026-11-22").as_deref(), Some("2026-11-21T23:00:00+00:00"));
        assert_eq!(told("2026-11-22T10:30:00Z").as_deref(), Some("2026-11-22T10:30:00+00:00"));
    }

    #[test]
    fn an_hour_that_the_clock_skips_is_none_and_of_one_that_comes_twice_it_is_the_first() {
        assert_eq!(told("2026-03-29T02:30"), None);
        assert_eq!(told("2026-10-25T02:30").as_deref(), Some("2026-10-25T00:30:00+00:00"));
        assert_eq!(told("tomorrow"), None);
    }
}
