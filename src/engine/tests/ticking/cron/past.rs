//! What has become of a schedule, for those who ask later.

use chrono_tz::Tz;
use engine::{Schedule, schedule};

use super::{engine, lines, outage, twenty_past, until_ticks};
use crate::house::{House, start};

async fn hourly(house: &House) -> schedule::Entry {
    let mut conn = house.pool.acquire().await.unwrap();
    let all = schedule::list(&mut conn).await.unwrap();
    all.into_iter().find(|entry| entry.name == "hourly").unwrap()
}

#[tokio::test]
async fn the_jobs_of_the_last_ticks_are_found_newest_first_and_ticks_without_a_job_are_left_out() {
    let house = House::new().await;
    let missed = engine::Missed::All { within: std::time::Duration::from_hours(3) };
    let line = || Schedule::new("hourly", "0 * * * *", Tz::UTC).missed(missed);
    let running = start(engine(&house, [line()]));
    lines(&house, 1).await;
    outage(&house, "3 hours").await;
    until_ticks(&house, "hourly", 2).await;
    running.stop().await;
    let entry = hourly(&house).await;
    let mut conn = house.pool.acquire().await.unwrap();
    let runs = schedule::runs(&mut conn, &entry, 20).await.unwrap();
    let made = super::ticks(&house, "hourly").await;
    let told: Vec<String> =
        runs.iter().rev().map(|run| run.tick.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)).collect();
    assert_eq!(told, made);
    assert_eq!(schedule::runs(&mut conn, &entry, 1).await.unwrap(), runs[..1]);
}

#[tokio::test]
async fn what_people_did_is_told_newest_first() {
    let house = House::new().await;
    let line = Schedule::new("hourly", twenty_past(&house).await, Tz::UTC);
    let running = start(engine(&house, [line]));
    lines(&house, 1).await;
    running.stop().await;
    let mut conn = house.pool.acquire().await.unwrap();
    schedule::pause(&mut conn, "hourly", "Ada", "a holiday").await.unwrap();
    schedule::resume(&mut conn, "hourly", "Bob", "back").await.unwrap();
    schedule::trigger(&mut conn, "beat", "Eve", "another line").await.unwrap();
    let acts = schedule::acts(&mut conn, "hourly", 10).await.unwrap();
    let told: Vec<_> = acts.iter().map(|act| (act.act.as_str(), act.who.as_str(), act.why.as_str())).collect();
    assert_eq!(told, [("resume", "Bob", "back"), ("pause", "Ada", "a holiday")]);
    assert_eq!(schedule::acts(&mut conn, "hourly", 1).await.unwrap(), acts[..1]);
}
