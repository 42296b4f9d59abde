//! Local times as instants, on the two odd days of the year too.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// What becomes of a time that the clock skips in spring.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Gap {
    /// It is later by as much as the clock jumps: 02:30 becomes 03:30.
    #[default]
    Forward,
    /// There is nothing on that day.
    Skip,
}

/// Which of the two is meant where the clock shows a time twice in autumn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Overlap {
    /// Before the clock is put back.
    #[default]
    First,
    /// After it.
    Second,
}

/// The instant at which the wall clock in `zone` shows `local`: a time that is skipped is moved forward, of one that
/// comes twice it is the first.
#[must_use]
pub fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    exactly(local, zone, Overlap::First).unwrap_or_else(|| after_gap(local, zone))
}

/// The same by what a rule says of the two odd days. None: not on that day.
#[must_use]
pub fn instant_by(local: NaiveDateTime, zone: Tz, gap: Gap, overlap: Overlap) -> Option<DateTime<Utc>> {
    exactly(local, zone, overlap).or_else(|| (gap == Gap::Forward).then(|| after_gap(local, zone)))
}

fn exactly(local: NaiveDateTime, zone: Tz, overlap: Overlap) -> Option<DateTime<Utc>> {
    match (zone.from_local_datetime(&local), overlap) {
        (LocalResult::Single(at) | LocalResult::Ambiguous(at, _), Overlap::First)
        | (LocalResult::Single(at) | LocalResult::Ambiguous(_, at), Overlap::Second) => Some(at.to_utc()),
        (LocalResult::None, _) => None,
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
    fn a_rule_says_what_becomes_of_the_two_odd_hours() {
        let rome = |local: &str, gap, overlap| {
            let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
            instant_by(local, chrono_tz::Europe::Rome, gap, overlap).map(|at| at.format("%d %H:%M").to_string())
        };
        for overlap in [Overlap::First, Overlap::Second] {
            assert_eq!(rome("2027-03-28 02:30", Gap::Forward, overlap).as_deref(), Some("28 01:30"));
            assert_eq!(rome("2027-03-28 02:30", Gap::Skip, overlap), None);
            assert_eq!(rome("2027-03-28 03:00", Gap::Skip, overlap).as_deref(), Some("28 01:00"));
        }
        assert_eq!(rome("2027-10-31 02:30", Gap::Skip, Overlap::First).as_deref(), Some("31 00:30"));
        assert_eq!(rome("2027-10-31 02:30", Gap::Skip, Overlap::Second).as_deref(), Some("31 01:30"));
        assert_eq!(rome("2027-10-31 03:00", Gap::Skip, Overlap::Second).as_deref(), Some("31 02:00"));
    }

    #[test]
    fn a_whole_day_can_be_missing() {
        let local = chrono::NaiveDate::from_ymd_opt(2011, 12, 30).unwrap().and_hms_opt(12, 0, 0).unwrap();
        let at = instant(local, chrono_tz::Pacific::Apia).with_timezone(&chrono_tz::Pacific::Apia);
        assert_eq!(at.naive_local().to_string(), "2011-12-31 12:00:00");
    }
}
