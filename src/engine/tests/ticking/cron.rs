//! C: scheduling and cron.
//!
//! Nobody waits for hours here: an outage is a `last_tick` that was moved back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::{Cx, Engine, Job, Outcome, Policy, Schedule};
use serde::{Deserialize, Serialize};

use crate::house::{House, World};

mod expressions;
mod overlap;
mod past;
mod people;
mod ticks;
mod zones;

/// The job of most lines here.
#[derive(Serialize, Deserialize)]
pub struct Tock {
    pub tick: DateTime<Utc>,
}

impl Job<World> for Tock {
    const NAME: &'static str = "tock";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("tock");
        Ok(())
    }
}

/// Goes on until somebody writes "go" into the diary.
#[derive(Serialize, Deserialize)]
pub struct Long {}

impl Job<World> for Long {
    const NAME: &'static str = "long";
    const POLICY: Policy = Policy { timeout: Duration::from_mins(5), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("long starts");
        while cx.world.count("go") < cx.world.count("long starts") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

/// An engine with these lines of [`Tock`], and one called `beat` that ticks each second: after three of its ticks, all
/// lines have been looked at.
fn engine(house: &House, lines: impl IntoIterator<Item = Schedule>) -> Engine<World> {
    let engine = house.engine().job::<Tock>().job::<Long>();
    let beat = engine.schedule("beat", "* * * * * *", Tz::UTC, |tick| Tock { tick }).unwrap();
    lines.into_iter().fold(beat, |engine, line| engine.schedule_with(line, |tick| Tock { tick }).unwrap())
}

/// Waits until all lines have been looked at.
async fn looks(house: &House) {
    let beats = "select count(*) from holdfast.job where key like 'schedule:beat@%'";
    let seen = house.number(beats).await;
    house.until(beats, seen + 3).await;
}

/// Waits for the lines, besides `beat`.
async fn lines(house: &House, lines: i64) {
    house.until("select count(*) from holdfast.schedule where name <> 'beat'", lines).await;
}

/// As if nobody had looked at any line, besides `beat`, since then.
async fn outage(house: &House, since: &str) {
    sqlx::query(
        "update holdfast.schedule set last_tick = case when $1 like '20%' then $1::timestamptz else clock_timestamp() - $1::interval end
         where name <> 'beat'",
    )
    .bind(since)
    .execute(&house.pool)
    .await
    .unwrap();
}

/// The parts of the keys behind the line's name, in order of the ticks.
async fn ticks(house: &House, line: &str) -> Vec<String> {
    sqlx::query_scalar(
        "select split_part(key, '@', 2) from holdfast.job where key like 'schedule:' || $1 || '@%' order by 1",
    )
    .bind(line)
    .fetch_all(&house.pool)
    .await
    .unwrap()
}

async fn until_ticks(house: &House, line: &str, number: usize) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
    while ticks(house, line).await.len() < number {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{line} has {:?} instead of {number} jobs",
            ticks(house, line).await
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An hourly line whose ticks are far from now: it last ticked 20 minutes ago.
async fn twenty_past(house: &House) -> String {
    let minute = "select extract(minute from (clock_timestamp() - interval '20 min') at time zone 'UTC')::bigint";
    format!("{} * * * *", house.number(minute).await)
}
