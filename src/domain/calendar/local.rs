//! Local times as instants, on the two odd days of the year too.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The instant at which the wall clock in `zone` shows `local`.
///
/// A time that the clock skips in spring is moved forward by as much as the clock jumps, so that
/// 02:30 becomes 03:30. A time that comes twice in autumn is the first one.
#[must_use]
pub fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => after_gap(local, zone),
    }
}

/// Reads `local` with the offset that held before the gap: what follows is later by its length.
fn after_gap(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    // No zone has ever skipped more than one day.
    let mut hours = 1..=25;
    let before = hours.find_map(|hours| {
        let earlier = local - TimeDelta::hours(hours);
        Some(zone.from_local_datetime(&earlier).latest()?.to_utc() + TimeDelta::hours(hours))
    });
    before.unwrap_or_else(|| local.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rome(local: &str) -> String {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        let at = instant(local, chrono_tz::Europe::Rome);
        format!("{} = {}", at.format("%H:%M"), at.with_timezone(&chrono_tz::Europe::Rome).format("%H:%M"))
    }

    #[test]
    fn a_time_in_the_gap_moves_forward() {
        assert_eq!(rome("2027-03-28 01:59"), "00:59 = 01:59");
        assert_eq!(rome("2027-03-28 02:00"), "01:00 = 03:00");
        assert_eq!(rome("2027-03-28 02:30"), "01:30 = 03:30");
        assert_eq!(rome("2027-03-28 03:00"), "01:00 = 03:00");
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first() {
        assert_eq!(rome("2027-10-31 02:30"), "00:30 = 02:30");
        assert_eq!(rome("2027-10-31 03:00"), "02:00 = 03:00");
    }

    #[test]
    fn a_whole_day_can_be_missing() {
        let local = chrono::NaiveDate::from_ymd_opt(2011, 12, 30).unwrap().and_hms_opt(12, 0, 0).unwrap();
        let at = instant(local, chrono_tz::Pacific::Apia).with_timezone(&chrono_tz::Pacific::Apia);
        assert_eq!(at.naive_local().to_string(), "2011-12-31 12:00:00");
    }
}
