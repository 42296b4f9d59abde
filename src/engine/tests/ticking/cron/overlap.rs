//! C11: a tick while the run before it is still going.

use std::time::Duration;

use chrono_tz::Tz;
use engine::schedule::trigger;
use engine::{Missed, Overlap, Schedule};

use super::{Long, engine, lines, looks, outage, ticks, twenty_past, until_ticks};
use crate::house::{House, Running, start};

/// An hourly line of jobs that go on until they are told to end. Three of its ticks are due.
async fn three_due(house: &House, overlap: Overlap) -> Running {
    let all = Missed::All { within: Duration::from_hours(24) };
    let line = Schedule::new("line", &twenty_past(house).await, Tz::UTC).missed(all).overlap(overlap);
    let running = start(engine(house, []).schedule_with(line, |_| Long {}).unwrap());
    lines(house, 1).await;
    outage(house, "3 h").await;
    until_ticks(house, "line", 1).await;
    looks(house).await;
    running
}

fn release(house: &House) {
    house.world.note("go");
}

#[tokio::test]
async fn c11_overlapping_runs_are_allowed_unless_told_otherwise() {
    let house = House::new().await;
    let running = three_due(&house, Overlap::Allow).await;
    until_ticks(&house, "line", 3).await;
    for _ in 0..3 {
        release(&house);
    }
    house
        .until(
            "select count(*) from holdfast.done d join holdfast.job j using (id) where j.key like 'schedule:line@%'",
            3,
        )
        .await;
    running.stop().await;
}

#[tokio::test]
async fn c11_a_tick_is_skipped_while_the_run_before_it_goes_on() {
    let house = House::new().await;
    let running = three_due(&house, Overlap::Skip).await;
    assert_eq!(ticks(&house, "line").await.len(), 1);
    release(&house);
    house
        .until(
            "select count(*) from holdfast.done d join holdfast.job j using (id) where j.key like 'schedule:line@%'",
            1,
        )
        .await;
    looks(&house).await;
    assert_eq!(ticks(&house, "line").await.len(), 1, "a skipped tick does not come back");
    // A run that a person asked for is a run.
    trigger(&mut house.pool.acquire().await.unwrap(), "line", "ada", "to block the line").await.unwrap();
    until_ticks(&house, "line", 2).await;
    sqlx::query("update holdfast.schedule set counts_from = null").execute(&house.pool).await.unwrap();
    outage(&house, "50 min").await;
    looks(&house).await;
    assert_eq!(ticks(&house, "line").await.len(), 2);
    release(&house);
    running.stop().await;
}

#[tokio::test]
async fn c11_one_tick_waits_for_the_run_before_it() {
    let house = House::new().await;
    let running = three_due(&house, Overlap::QueueOne).await;
    assert_eq!(ticks(&house, "line").await.len(), 1);
    assert_eq!(house.number("select count(*) from holdfast.schedule where queued is not null").await, 1);
    release(&house);
    until_ticks(&house, "line", 2).await;
    looks(&house).await;
    assert_eq!(ticks(&house, "line").await.len(), 2, "the first waited, the second was dropped");
    assert_eq!(house.world.count("long starts"), 2);
    release(&house);
    house
        .until(
            "select count(*) from holdfast.done d join holdfast.job j using (id) where j.key like 'schedule:line@%'",
            2,
        )
        .await;
    looks(&house).await;
    running.stop().await;
    assert_eq!(ticks(&house, "line").await.len(), 2);
}
