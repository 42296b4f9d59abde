//! C7: ticks on a wall whose clock is changed.

use std::time::Duration;

use chrono_tz::{
    Europe::{Istanbul, Rome},
    Tz,
};
use engine::{Missed, Schedule};

use super::{engine, lines, looks, outage, ticks, until_ticks};
use crate::house::{House, start};

/// The jobs of a line of 2025 that has been out since `since`.
async fn made(expression: &str, zone: Tz, since: &str, number: usize) -> Vec<String> {
    let house = House::new().await;
    let line = Schedule::new("line", expression, zone).missed(Missed::All { within: Duration::from_hours(24 * 36500) });
    let running = start(engine(&house, [line]));
    lines(&house, 1).await;
    outage(&house, since).await;
    until_ticks(&house, "line", number).await;
    looks(&house).await;
    running.stop().await;
    ticks(&house, "line").await
}

#[tokio::test]
async fn c07_a_wall_time_that_does_not_exist_runs_once_after_the_gap() {
    let spring = made("0 30 2 * 3 * 2025", Rome, "2025-03-28T12:00:00Z", 3).await;
    assert_eq!(spring, ["2025-03-29T01:30:00Z", "2025-03-30T01:00:00Z", "2025-03-31T00:30:00Z"]);
}

#[tokio::test]
async fn c07_a_wall_time_that_happens_twice_runs_once() {
    let autumn = made("0 30 2 25-27 10 * 2025", Rome, "2025-10-24T12:00:00Z", 3).await;
    assert_eq!(autumn, ["2025-10-25T00:30:00Z", "2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z"]);
}

#[tokio::test]
async fn c07_a_line_of_every_hour_runs_through_the_hour_that_comes_twice() {
    let hours = made("0 10 * 26 10 * 2025", Rome, "2025-10-24T12:00:00Z", 25).await;
    assert_eq!(hours.len(), 25, "the day has 25 hours: {hours:?}");
    let hours = made("0 10 * 30 3 * 2025", Rome, "2025-03-29T12:00:00Z", 23).await;
    assert_eq!(hours.len(), 23, "the day has 23 hours: {hours:?}");
}

/// Turkey decided in September 2016 to stay with summer time. Rules like this come with a new binary; a row keeps
/// nothing but the instant of its last tick.
#[tokio::test]
async fn c07_changed_rules_of_a_zone_count_from_the_next_look() {
    let days = made("0 0 9 29-31 10 * 2016", Istanbul, "2016-10-28T12:00:00Z", 3).await;
    assert_eq!(days, ["2016-10-29T06:00:00Z", "2016-10-30T06:00:00Z", "2016-10-31T06:00:00Z"]);
}
