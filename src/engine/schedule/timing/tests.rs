use chrono_tz::{
    America::{New_York, Sao_Paulo},
    Australia::Lord_Howe,
    Europe::Rome,
    Pacific::Apia,
};

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn timing(expression: &str, zone: Tz) -> Timing {
    Timing::parse(expression, zone).unwrap()
}

/// All ticks after one instant up to another, in UTC.
fn between(expression: &str, zone: Tz, after: &str, until: &str) -> Vec<String> {
    let until = at(until);
    let ticks: Vec<_> = timing(expression, zone).ticks(at(after)).take_while(|tick| *tick <= until).collect();
    ticks.iter().map(|tick| tick.format("%d %H:%M:%S").to_string()).collect()
}

#[test]
fn local_time_is_kept_over_a_change_of_the_clock() {
    let nightly = timing("0 10 3 * * *", Rome);
    assert_eq!(
        nightly.latest(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")),
        Some(at("2026-10-25T02:10:00Z"))
    );
    assert_eq!(
        nightly.latest(at("2026-10-24T00:00:00Z"), at("2026-10-24T12:00:00Z")),
        Some(at("2026-10-24T01:10:00Z"))
    );
}

#[test]
fn the_latest_is_the_last_of_all_however_long_the_outage() {
    for expression in ["* * * * * *", "0 */7 * * * *", "0 0 9 * * *", "0 0 9 31 * *", "0 0 9 1 1 ? 2026"] {
        let (timing, now) = (timing(expression, Rome), at("2026-03-29T05:30:00Z"));
        for after in ["2026-03-29T05:29:59Z", "2026-03-29T00:00:00Z", "2026-03-01T00:00:00Z", "2025-11-01T00:00:00Z"] {
            if expression == "* * * * * *" && after < "2026-03-29" {
                assert_eq!(timing.latest(at(after), now), Some(now));
                continue;
            }
            let all = timing.ticks(at(after)).take_while(|tick| *tick <= now).last();
            assert_eq!(timing.latest(at(after), now), all, "{expression} after {after}");
        }
    }
}

#[test]
fn nothing_is_due_before_its_time() {
    assert_eq!(timing("0 10 3 * * *", Rome).latest(at("2026-03-01T05:00:00Z"), at("2026-03-01T06:00:00Z")), None);
}

#[test]
fn a_gap_moves_what_falls_into_it_to_its_end() {
    let spring = |expression| between(expression, Rome, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
    assert_eq!(spring("0 30 2 * * *"), ["29 01:00:00"]);
    assert_eq!(spring("0 */20 2 * * *"), ["29 01:00:00"], "once, though three times are left out");
    assert_eq!(spring("0 0 2,3 * * *"), ["29 01:00:00"], "what runs at the gap's end anyway runs once");
    assert_eq!(spring("0 30 1,2,3 * * *"), ["29 00:30:00", "29 01:00:00", "29 01:30:00"]);
    let skipped_day = between("0 0 9 30 12 *", Apia, "2011-12-28T00:00:00Z", "2012-01-02T00:00:00Z");
    assert_eq!(skipped_day, ["30 10:00:00"], "a whole day was left out on the way over the date line");
}

#[test]
fn what_comes_twice_runs_the_first_time() {
    let autumn = |expression| between(expression, Rome, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z");
    assert_eq!(autumn("0 30 2 * * *"), ["25 00:30:00"]);
    assert_eq!(autumn("0 */20 2 * * *"), ["25 00:00:00", "25 00:20:00", "25 00:40:00"]);
    assert_eq!(autumn("0 30 1,2,3 * * *"), ["24 23:30:00", "25 00:30:00", "25 02:30:00"]);
    // Whoever looks during the second time round does not run it again.
    let second = timing("0 30 2 * * *", Rome).next(at("2026-10-25T01:10:00Z"));
    assert_eq!(second, Some(at("2026-10-26T01:30:00Z")));
    let midnight = between("0 30 23 * * *", Sao_Paulo, "2018-02-17T12:00:00Z", "2018-02-18T12:00:00Z");
    assert_eq!(midnight, ["18 01:30:00"], "clocks go back at midnight: 23:30 comes twice");
}

#[test]
fn every_hour_means_the_flow_of_time() {
    for (zone, after, until) in [
        (Rome, "2026-10-24T22:00:00Z", "2026-10-25T04:00:00Z"),
        (Rome, "2026-03-28T22:00:00Z", "2026-03-29T04:00:00Z"),
        (New_York, "2026-11-01T03:00:00Z", "2026-11-01T09:00:00Z"),
        (New_York, "2026-03-08T04:00:00Z", "2026-03-08T10:00:00Z"),
        (Lord_Howe, "2026-04-04T12:00:00Z", "2026-04-04T18:00:00Z"),
        (Lord_Howe, "2026-10-03T12:00:00Z", "2026-10-03T18:00:00Z"),
    ] {
        let ticks = between("0 */10 * * * *", zone, after, until);
        assert_eq!(ticks.len(), 36, "{zone}: {ticks:?}");
        let seconds = between("7,37 */15 * * * *", zone, after, until);
        assert_eq!(seconds.len(), 48, "{zone}: {seconds:?}");
    }
    // From any instant of the hours around the change, also in the middle of a second.
    let (ten, start) = (timing("*/10 * * * *", Rome), at("2026-10-24T23:00:00Z"));
    for second in 0..14_400 {
        let after = start + Duration::seconds(second) + Duration::milliseconds(500);
        let next = start + Duration::minutes(10 * (second / 600 + 1));
        assert_eq!(ten.next(after), Some(next), "after {after}");
    }
}

#[test]
fn when_only_some_days_count_the_second_time_round_is_not_lost() {
    let ticks = between("0 45 * 25 10 *", Rome, "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z");
    assert_eq!(ticks, ["24 22:45:00", "24 23:45:00", "25 00:45:00", "25 01:45:00", "25 02:45:00"]);
}

#[test]
fn a_line_whose_years_are_over_has_no_next_tick() {
    assert_eq!(timing("0 0 9 1 1 * 2020", Rome).next(at("2026-01-01T00:00:00Z")), None);
}
