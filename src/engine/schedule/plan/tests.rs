use chrono_tz::Tz;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-03-02T{text}Z").parse().unwrap()
}

fn hourly(missed: Missed, floor: &str, now: &str) -> Due {
    due(&Timing::parse("0 * * * *", Tz::UTC).unwrap(), missed, at(floor), at(now))
}

fn ticks(hours: &[&str]) -> Due {
    Due { ticks: hours.iter().map(|hour| at(hour)).collect(), dropped_until: None }
}

#[test]
fn an_outage_is_made_up_for_by_one_tick() {
    assert_eq!(hourly(Missed::Latest, "00:30:00", "05:30:00"), ticks(&["05:00:00"]));
    assert_eq!(hourly(Missed::Latest, "05:00:00", "05:30:00"), ticks(&[]));
}

#[test]
fn a_missed_tick_is_skipped_and_one_that_is_just_late_is_not() {
    let dropped = Due { dropped_until: Some(at("05:00:00")), ..Due::default() };
    assert_eq!(hourly(Missed::Skip, "00:30:00", "05:30:00"), dropped);
    assert_eq!(hourly(Missed::Skip, "00:30:00", "05:00:40"), ticks(&["05:00:00"]));
}

#[test]
fn all_within_a_window_are_made_up_for_in_order() {
    let within = Duration::from_hours(2);
    let all = hourly(Missed::All { within }, "00:30:00", "05:30:00");
    assert_eq!(all, Due { dropped_until: Some(at("03:30:00")), ..ticks(&["04:00:00", "05:00:00"]) });
    assert_eq!(hourly(Missed::All { within }, "04:00:00", "05:30:00"), ticks(&["05:00:00"]));
    let nothing_lost = hourly(Missed::All { within }, "03:10:00", "05:30:00");
    assert_eq!(nothing_lost, ticks(&["04:00:00", "05:00:00"]));
    assert_eq!(hourly(Missed::All { within: Duration::MAX }, "00:30:00", "05:30:00").ticks.len(), 5);
}

#[test]
fn a_long_list_comes_in_batches() {
    let secondly = Timing::parse("* * * * * *", Tz::UTC).unwrap();
    let all = due(&secondly, Missed::All { within: Duration::from_hours(1) }, at("00:00:00"), at("00:30:00"));
    assert_eq!(all.ticks.len(), BATCH);
    assert_eq!(all.ticks[0], at("00:00:01"));
    let plan = plan(Overlap::Skip, false, None, all);
    assert_eq!((plan.make.len(), plan.more, plan.dropped_until), (1, true, Some(at("00:01:40"))));
}

#[test]
fn runs_may_overlap_unless_told_otherwise() {
    let both = ticks(&["01:00:00", "02:00:00"]);
    let made = plan(Overlap::Allow, true, None, both);
    assert_eq!(made, Plan { make: vec![at("01:00:00"), at("02:00:00")], ..Plan::default() });
}

#[test]
fn a_tick_during_a_run_is_dropped() {
    let dropped = Plan { dropped_until: Some(at("01:00:00")), ..Plan::default() };
    assert_eq!(plan(Overlap::Skip, true, None, ticks(&["01:00:00"])), dropped);
    let first = plan(Overlap::Skip, false, None, ticks(&["01:00:00", "02:00:00"]));
    assert_eq!((first.make, first.dropped_until), (vec![at("01:00:00")], Some(at("02:00:00"))));
}

#[test]
fn one_tick_waits_for_the_run_before_it() {
    let waits = plan(Overlap::QueueOne, true, None, ticks(&["01:00:00", "02:00:00"]));
    let (one, two) = (Some(at("01:00:00")), Some(at("02:00:00")));
    assert_eq!(waits, Plan { queued: one, dropped_until: two, ..Plan::default() });
    let still = plan(Overlap::QueueOne, true, one, ticks(&["03:00:00"]));
    assert_eq!((still.queued, still.make), (one, vec![]));
    let freed = plan(Overlap::QueueOne, false, one, ticks(&[]));
    assert_eq!(freed, Plan { make: vec![at("01:00:00")], ..Plan::default() });
    let freed_with_another = plan(Overlap::QueueOne, false, one, ticks(&["03:00:00"]));
    assert_eq!((freed_with_another.make, freed_with_another.queued), (vec![at("01:00:00")], Some(at("03:00:00"))));
}
