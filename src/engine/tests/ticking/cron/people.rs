//! C10: what people do to schedules.

use chrono_tz::{Europe::Rome, Tz};
use engine::schedule::{self, ActError, Entry, job_of, pause, resume, trigger};
use engine::{Missed, Schedule};

use super::{engine, lines, looks, outage, ticks, twenty_past, until_ticks};
use crate::house::{House, start};

async fn entry(house: &House) -> Entry {
    let all = schedule::list(&mut house.pool.acquire().await.unwrap()).await.unwrap();
    all.into_iter().find(|entry| entry.name == "line").unwrap()
}

fn all(expression: &str, zone: Tz) -> Schedule {
    Schedule::new("line", expression, zone).missed(Missed::All { within: std::time::Duration::from_hours(24) })
}

#[tokio::test]
async fn c10_a_paused_schedule_stands_still_and_a_resumed_one_makes_nothing_up() {
    let house = House::new().await;
    let mut conn = house.pool.acquire().await.unwrap();
    let hourly = twenty_past(&house).await;
    let running = start(engine(&house, [all(&hourly, Tz::UTC)]));
    lines(&house, 1).await;
    pause(&mut conn, "line", "ada", "the printer burns").await.unwrap();
    pause(&mut conn, "line", "bob", "me, too").await.unwrap();
    outage(&house, "3 h").await;
    looks(&house).await;
    assert_eq!(ticks(&house, "line").await, [""; 0]);
    running.stop().await;

    // Also for a process that starts later.
    let running = start(engine(&house, [all(&hourly, Tz::UTC)]));
    looks(&house).await;
    let paused = entry(&house).await;
    let told = paused.pause.as_ref().unwrap();
    assert_eq!((told.who.as_str(), told.why.as_str()), ("ada", "the printer burns"));
    assert!(paused.next(3).is_empty());
    let before = paused.last_tick;
    assert!(before.is_some());

    resume(&mut conn, "line", "ada", "it is out").await.unwrap();
    looks(&house).await;
    running.stop().await;
    let resumed = entry(&house).await;
    assert_eq!(ticks(&house, "line").await, [""; 0], "nothing is made up for");
    assert!(resumed.pause.is_none() && resumed.next(3).len() == 3);
    assert_eq!(resumed.last_tick, before, "the last tick is kept");
    assert_eq!(
        house.number("select count(*) from holdfast.schedule_act where act = 'resume' and why = 'it is out'").await,
        1
    );
}

#[tokio::test]
async fn c10_a_trigger_makes_one_job_at_once_and_moves_no_tick() {
    let house = House::new().await;
    let mut conn = house.pool.acquire().await.unwrap();
    let running = [(); 3].map(|()| start(engine(&house, [all("0 9 29 2 *", Rome)])));
    lines(&house, 1).await;
    let before = entry(&house).await;
    assert!(before.last_tick.is_none() && before.last_run.is_none());
    pause(&mut conn, "line", "ada", "a trigger is not a tick").await.unwrap();
    let act = trigger(&mut conn, "line", "ada", "to see it run").await.unwrap();
    until_ticks(&house, "line", 1).await;
    let job = job_of(&mut conn, act).await.unwrap().unwrap();
    house
        .until("select count(*) from holdfast.done d join holdfast.job j using (id) where j.key like '%@trigger:%'", 1)
        .await;
    trigger(&mut conn, "line", "ada", "and again").await.unwrap();
    until_ticks(&house, "line", 2).await;
    looks(&house).await;
    for one in running {
        one.stop().await;
    }
    assert_eq!(ticks(&house, "line").await.len(), 2, "three processes, two triggers");
    let after = entry(&house).await;
    assert_eq!(after.last_tick, before.last_tick);
    let last = after.last_run.unwrap();
    assert!(last.job > job && last.state == "completed", "{last:?}");
    assert_eq!(house.state(job).await, "completed");
}

#[tokio::test]
async fn c10_an_edited_line_keeps_its_last_tick_and_does_not_fire_for_the_past() {
    let house = House::new().await;
    let hourly = twenty_past(&house).await;
    let running = start(engine(&house, [all("0 9 29 2 *", Rome)]));
    lines(&house, 1).await;
    running.stop().await;
    outage(&house, "3 h").await;
    let before = entry(&house).await.last_tick;
    assert!(before.is_some());
    // Three ticks of the new expression have passed since the last look at the old one.
    let running = start(engine(&house, [all(&hourly, Tz::UTC)]));
    looks(&house).await;
    assert_eq!(ticks(&house, "line").await, [""; 0]);
    let edited = entry(&house).await;
    assert_eq!((edited.expression, edited.zone), (Some(hourly.clone()), Some("UTC".to_owned())));
    assert_eq!(edited.last_tick, before, "the last tick is kept");

    // An older process that still runs, or only starts its next session, does not turn the line back.
    let mut conn = house.pool.acquire().await.unwrap();
    sqlx::query("update holdfast.schedule set expression = '* * * * * *', counts_from = null, last_tick = clock_timestamp() where name = 'line'")
        .execute(&mut *conn)
        .await
        .unwrap();
    until_ticks(&house, "line", 2).await;
    running.stop().await;
    assert_eq!(entry(&house).await.expression.as_deref(), Some("* * * * * *"));
}

#[tokio::test]
async fn c10_who_and_why_are_asked_for_and_names_are_checked() {
    let house = House::new().await;
    let mut conn = house.pool.acquire().await.unwrap();
    let unknown = pause(&mut conn, "lime", "ada", "a typing error").await.unwrap_err();
    assert!(matches!(&unknown, ActError::Unknown(name) if name == "lime"), "{unknown}");
    assert!(matches!(trigger(&mut conn, "lime", "ada", "a typing error").await, Err(ActError::Unknown(_))));
    assert!(matches!(resume(&mut conn, "lime", "ada", "a typing error").await, Err(ActError::Unknown(_))));
    for (who, why, field) in [("", "because", "who"), ("ada", " ", "why"), ("ada", "a\0b", "why")] {
        let error = pause(&mut conn, "line", who, why).await.unwrap_err();
        assert!(error.to_string().starts_with(field), "{error}");
    }
    assert_eq!(house.number("select count(*) from holdfast.schedule_act").await, 0);
}
