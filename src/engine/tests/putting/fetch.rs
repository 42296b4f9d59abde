//! F: who fetches what, and when.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use engine::{Cx, Job, Limit, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Note, Single},
};

/// 5,000 jobs (the case says 100,000, which `holdfast bench w1` runs).
#[tokio::test]
async fn f01_three_workers_run_every_job_exactly_once() {
    let house = House::new().await;
    house.register::<Note>().await;
    let jobs: Vec<_> = (0..5000).map(|n| Note::new(format!("{n:04}"))).collect();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue_all(&mut tx, 1, &jobs).await.unwrap();
    tx.commit().await.unwrap();
    let running = [(); 3].map(|()| start(house.engine().job::<Note>()));
    house.until_ended(5000).await;
    for one in running {
        one.stop().await;
    }
    let mut seen = house.world.diary();
    seen.sort();
    assert_eq!(seen, jobs.into_iter().map(|job| job.text).collect::<Vec<_>>());
}

#[tokio::test]
async fn f02_the_urgent_run_first_then_who_was_due_first_then_who_came_first() {
    let house = House::new().await;
    house.register::<Single>().await;
    // One transaction, so that "now" is the same for all.
    let puts: String = [("f", 5, 0), ("e", 0, 0), ("c", -3, 10), ("d", -3, 10), ("b", -3, 20), ("a", -9, 0), ("g", 5, 0)]
        .map(|(text, priority, due)| {
            format!(
                "select holdfast.enqueue('single', '{{\"text\":\"{text}\"}}', priority => {priority}, run_at => now() - {due} * interval '1 s');"
            )
        })
        .concat();
    house.run_sql(&puts).await;
    let running = start(house.engine().job::<Single>());
    house.until_ended(7).await;
    running.stop().await;
    assert_eq!(house.world.diary().concat(), "abcdefg");
}

/// The bound is a minute; nobody waits for it here, because rank is when a job was due.
#[tokio::test]
async fn f03_who_has_waited_too_long_goes_first_whatever_its_priority() {
    let house = House::new().await;
    house.register::<Single>().await;
    house
        .run_sql(
            "select holdfast.enqueue('single', '{\"text\":\"high\"}', priority => -1) from generate_series(1, 8000);
             select holdfast.enqueue('single', '{\"text\":\"low\"}', priority => 9, run_at => now() - interval '61 s') from generate_series(1, 20);
             select holdfast.enqueue('single', '{\"text\":\"fresh\"}', priority => 9, run_at => now() - interval '5 s')",
        )
        .await;
    let running = start(house.engine().job::<Single>());
    house
        .until("select count(*) from holdfast.done d join holdfast.job j on j.id = d.id where j.priority = 9", 20)
        .await;
    running.stop().await;
    assert_eq!(house.world.count("low"), 20);
    assert_eq!(house.world.count("fresh"), 0, "it has not waited long enough");
    assert!(house.number("select count(*) from holdfast.ready").await > 0, "the others have all run before");
}

/// How many [`Held`] may end.
static MAY_END: AtomicUsize = AtomicUsize::new(0);

/// Runs until it may end.
#[derive(Serialize, Deserialize)]
struct Held {}

impl Job<World> for Held {
    const NAME: &'static str = "held";
    const POLICY: Policy =
        Policy { limits: &[Limit::running("held", 6)], timeout: Duration::from_mins(5), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("starts");
        let take_one = || MAY_END.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        while take_one().is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn f04_no_more_run_than_may_even_when_fewer_may_than_before() {
    let house = House::new().await;
    for _ in 1..=12 {
        house.put(&Held {}).await;
    }
    let running = [(); 2].map(|()| start(house.engine().job::<Held>()));
    house.until("select count(*) from holdfast.held", 6).await;
    house.until("select count(*) from holdfast.slot", 6).await;
    house.run_sql("select holdfast.set_limit('held', 2, null, null, 'test', 'fewer')").await;
    for ended in 1..=4 {
        MAY_END.fetch_add(1, Ordering::Relaxed);
        house.until_ended(ended).await;
        assert_eq!(house.world.count("starts"), 6, "{ended} have ended, and no new one may start");
    }
    for ended in 5..=12 {
        MAY_END.fetch_add(1, Ordering::Relaxed);
        house.until_ended(ended).await;
        assert!(house.number("select count(*) from holdfast.slot").await <= 2);
    }
    for one in running {
        one.stop().await;
    }
    assert_eq!(house.world.count("starts"), 12);
}

/// In one process: never more than the policy's concurrency.
#[tokio::test]
async fn f04_a_process_runs_no_more_than_its_policy_says() {
    let house = House::new().await;
    for n in 0..60 {
        house.put(&Crowd { n }).await;
    }
    let running = start(house.engine().job::<Crowd>());
    house.until_ended(60).await;
    running.stop().await;
    let (mut now, mut most) = (0_i32, 0);
    for line in house.world.diary() {
        now += if line == "in" { 1 } else { -1 };
        most = most.max(now);
    }
    assert_eq!((now, most), (0, 4));
}

#[derive(Serialize, Deserialize)]
struct Crowd {
    n: u32,
}

impl Job<World> for Crowd {
    const NAME: &'static str = "crowd";
    const POLICY: Policy = Policy { concurrency: 4, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("in");
        tokio::time::sleep(Duration::from_millis(5)).await;
        cx.world.note("out");
        Ok(())
    }
}
