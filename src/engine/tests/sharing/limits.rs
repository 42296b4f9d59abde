//! M: what all processes together do not exceed.

use std::time::Duration;

use engine::{Cx, Job, Limit, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{execute, ghost, log_gates, most_at_once, most_in_window, passed, put_all},
};

async fn work(cx: &Cx<World>, what: &str, ms: u64) {
    cx.world.note(format!("+{what}"));
    tokio::time::sleep(Duration::from_millis(ms)).await;
    cx.world.note(format!("-{what}"));
}

/// At most three of them, wherever they run.
#[derive(Serialize, Deserialize)]
struct Capped {
    ms: u64,
}

impl Job<World> for Capped {
    const NAME: &'static str = "capped";
    const POLICY: Policy = Policy { limits: &[Limit::running("three", 3)], ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        work(&cx, "capped", self.ms).await;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m01_never_more_than_n_run_over_three_engines_also_during_rescue() {
    let house = House::new().await;
    put_all(&house, 1, &(0..120).map(|_| Capped { ms: 8 }).collect::<Vec<_>>()).await;
    let first = start(house.engine().job::<Capped>());
    house.until("select count(*) from holdfast.done", 10).await;
    // Two slots are a dead worker's now; one more engine comes.
    ghost(&house, 2).await;
    let second = start(house.engine().job::<Capped>());
    let mut most_slots = 0;
    while house.number("select count(*) from holdfast.done").await < 60 {
        most_slots = most_slots.max(house.number("select count(*) from holdfast.slot").await);
    }
    let third = start(house.engine().job::<Capped>());
    house.until_ended(120).await;
    for engine in [first, second, third] {
        engine.stop().await;
    }
    assert!(most_slots <= 3, "{most_slots}");
    assert_eq!(most_at_once(&house.world.diary()).0, 3);
    assert_eq!(house.number("select count(*) from holdfast.slot").await, 0);
}

/// Passes three gates.
#[derive(Serialize, Deserialize)]
struct Thrice {
    key: String,
}

impl Job<World> for Thrice {
    const NAME: &'static str = "thrice";
    const POLICY: Policy = Policy {
        limits: &[
            Limit::running("all_of_them", 3),
            Limit::running("one_each", 1).by_key(),
            Limit::rate("so_fast", 20, Duration::from_secs(1)),
        ],
        ..Policy::DEFAULT
    };
    type Output = ();

    fn limit_key(&self) -> Option<String> {
        Some(self.key.clone())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        work(&cx, &self.key, 60).await;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m02_several_limits_of_one_job_hold_at_once() {
    let house = House::new().await;
    log_gates(&house).await;
    put_all(&house, 1, &(0..32).map(|n| Thrice { key: format!("k{}", n % 4) }).collect::<Vec<_>>()).await;
    let (first, second) = (start(house.engine().job::<Thrice>()), start(house.engine().job::<Thrice>()));
    house.until_ended(32).await;
    first.stop().await;
    second.stop().await;
    let (all, each) = most_at_once(&house.world.diary());
    assert!(all <= 3, "{all} at once");
    assert!(each.values().all(|most| *most == 1), "{each:?}");
    assert!(most_in_window(&passed(&house).await, 1000.0) <= 20);
}

/// 80 start in a second.
#[derive(Serialize, Deserialize)]
struct Paced {}

impl Job<World> for Paced {
    const NAME: &'static str = "paced";
    const POLICY: Policy = Policy { limits: &[Limit::rate("eighty", 80, Duration::from_secs(1))], ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m03_no_window_sees_more_starts_than_the_rate_and_the_rate_is_used() {
    let house = House::new().await;
    log_gates(&house).await;
    put_all(&house, 1, &(0..300).map(|_| Paced {}).collect::<Vec<_>>()).await;
    let engines = [(); 3].map(|()| start(house.engine().job::<Paced>()));
    house.until_ended(300).await;
    for engine in engines {
        engine.stop().await;
    }
    let starts = passed(&house).await;
    assert_eq!(starts.len(), 300);
    let most = most_in_window(&starts, 1000.0);
    assert!((72..=80).contains(&most), "{most} in one second, {} ms for all", starts[299] - starts[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_a_restart_does_not_fill_the_bucket() {
    let house = House::new().await;
    log_gates(&house).await;
    put_all(&house, 1, &(0..120).map(|_| Paced {}).collect::<Vec<_>>()).await;
    for round in 1..=3 {
        let engine = start(house.engine().job::<Paced>());
        house.until_ended(40 * round).await;
        engine.stop().await;
    }
    let most = most_in_window(&passed(&house).await, 1000.0);
    assert!(most <= 80, "{most} in one second");
}

#[tokio::test(flavor = "multi_thread")]
async fn m09_jobs_that_wait_at_a_limit_burn_no_attempts() {
    let house = House::new().await;
    put_all(&house, 1, &(0..40).map(|_| Capped { ms: 5 }).collect::<Vec<_>>()).await;
    let (first, second) = (start(house.engine().job::<Capped>()), start(house.engine().job::<Capped>()));
    house.until_ended(40).await;
    first.stop().await;
    second.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn m07_a_limit_is_changed_while_it_works_and_stays_changed() {
    let house = House::new().await;
    put_all(&house, 1, &(0..200).map(|_| Capped { ms: 50 }).collect::<Vec<_>>()).await;
    let engine = start(house.engine().job::<Capped>());
    house.until_ended(3).await;
    let set = "select holdfast.set_limit('three', 1, null, null, 'ops', 'the provider asked')::integer::bigint";
    assert_eq!(house.number(set).await, 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = house.world.diary().len();
    house.until_ended(house.number("select count(*) from holdfast.done").await + 5).await;
    engine.stop().await;
    let diary = house.world.diary();
    assert_eq!(most_at_once(&diary).0, 3);
    let pairs = diary[before..].iter().skip_while(|line| line.starts_with('-')).cloned().collect::<Vec<_>>();
    assert_eq!(most_at_once(&pairs).0, 1);
    // What the code declares does not count any more.
    execute(&house, "select holdfast.set_limit('three', 6, null, null, 'ops', 'all is well')").await;
    let before = house.world.diary().len();
    let engine = start(house.engine().job::<Capped>());
    house.until_ended(60).await;
    engine.stop().await;
    assert!(most_at_once(&house.world.diary()[before..]).0 > 3);
    let audited =
        "select count(*) from holdfast.limit_rule where changed_by = 'ops' and reason = 'all is well' and running = 6";
    assert_eq!(house.number(audited).await, 1);
    assert_eq!(house.number("select holdfast.set_limit('nine', 1, null, null, 'ops', '')::integer::bigint").await, 0);
}
