//! R: how many attempts, for how long, and how many workers.

use std::time::Duration;

use engine::{Backoff, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Obey, Order, obey},
};

#[tokio::test]
async fn r05_a_job_has_its_attempts_and_each_is_on_record() {
    let house = House::new().await;
    let doomed = house.put(&obey(&[Order::Error, Order::Panic, Order::Error])).await;
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    let worker = house.number("select id from holdfast.worker").await;
    running.stop().await;
    assert_eq!((house.state(doomed).await.as_str(), house.world.diary().len()), ("dead", 3));
    assert_eq!(house.number("select attempts::bigint from holdfast.done").await, 3);
    let history: Vec<(i16, i64, String, bool)> = sqlx::query_as(
        "select number, worker, error, ended_at >= started_at and started_at >= coalesce(lag(ended_at) over (order by number), '-infinity')
         from holdfast.attempt order by number",
    )
    .fetch_all(&house.pool)
    .await
    .unwrap();
    assert_eq!(history, [1, 2, 3].map(|number| (number, worker, "told to".to_owned(), true)));
}

/// Fails as long as it may.
#[derive(Serialize, Deserialize)]
struct Hurried {}

impl Job<World> for Hurried {
    const NAME: &'static str = "hurried";
    const POLICY: Policy = Policy {
        attempts: 10_000,
        deadline: Some(Duration::from_millis(1500)),
        backoff: Backoff::exponential(Duration::from_millis(50), Duration::from_millis(100)),
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Err(Stop::retry("told to"))
    }
}

#[tokio::test]
async fn r06_a_deadline_ends_the_attempts_that_are_left() {
    let house = House::new().await;
    let job = house.put(&Hurried {}).await;
    let running = start(house.engine().job::<Hurried>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.state(job).await, "dead");
    let endings = house.endings(job).await;
    assert_eq!(endings.last().map(String::as_str), Some("expired"), "{endings:?}");
    let late = "select count(*) from holdfast.attempt a join holdfast.job j on j.id = a.id
                where a.started_at > j.created_at + interval '1500 ms' and a.ending <> 'expired'";
    assert_eq!(house.number(late).await, 0);
}

/// Has all the attempts that there can be.
#[derive(Serialize, Deserialize)]
struct Stubborn {}

impl Job<World> for Stubborn {
    const NAME: &'static str = "stubborn";
    const POLICY: Policy = Policy {
        attempts: u16::MAX,
        backoff: Backoff::exponential(Duration::from_hours(1), Duration::from_hours(24)),
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Err(Stop::retry("told to"))
    }
}

#[tokio::test]
async fn r07_a_wait_stays_in_its_bounds_however_many_attempts_failed() {
    let house = House::new().await;
    for made in [0, 29, 63, 64, 1023, 32_766, 32_767] {
        let job = house.put(&Stubborn {}).await;
        house.run_sql(&format!("update holdfast.ready set attempts = {made} where id = {job}")).await;
    }
    let running = start(house.engine().job::<Stubborn>());
    house.until("select count(*) from holdfast.later", 7).await;
    running.stop().await;
    let waits =
        "select l.run_at - a.ended_at as wait, a.number from holdfast.later l join holdfast.attempt a on a.id = l.id";
    let within = async |bounds: &str| -> i64 {
        let sql = format!("select count(*) from ({waits}) w where {bounds}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&house.pool).await.unwrap()
    };
    assert_eq!(within("number = 1 and wait between '1 h' and '2 h 1 min'").await, 1);
    assert_eq!(within("number >= 30 and wait between '24 h' and '48 h 1 min'").await, 6);
}

#[tokio::test]
async fn r08_lost_workers_are_counted_apart_from_failures_and_have_their_own_limit() {
    let house = House::new().await;
    let job = house.put(&Fragile {}).await;
    let counts = "select attempts * 10::bigint + losses from (select attempts, losses from holdfast.ready union all select attempts, losses from holdfast.later) x";
    for losses in 1..=2 {
        house.claim_and_die().await;
        house.run_sql("select holdfast.rescue('0 s', '0 s')").await;
        assert_eq!(house.number(counts).await, losses, "no attempt is counted");
        house.run_sql("update holdfast.later set run_at = now(); select holdfast.promote(10)").await;
    }
    // A worker that lives through an attempt, even a failed one, begins a new row.
    let running = start(house.engine().job::<Fragile>());
    house.until("select count(*) from holdfast.attempt where ending = 'failed'", 1).await;
    running.stop().await;
    assert_eq!(house.number(counts).await, 10);
    for _ in 1..=3 {
        house.run_sql("update holdfast.later set run_at = now(); select holdfast.promote(10)").await;
        house.claim_and_die().await;
        house.run_sql("select holdfast.rescue('0 s', '0 s')").await;
    }
    house.run_sql("update holdfast.later set run_at = now()").await;
    let running = start(house.engine().job::<Fragile>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.world.count("runs"), 1, "poison is not started");
    assert_eq!(house.state(job).await, "dead");
    assert_eq!(house.endings(job).await, ["lost", "lost", "failed", "lost", "lost", "lost", "failed"]);
    let last = house.texts("select error from holdfast.attempt order by ended_at desc limit 1").await;
    assert!(last[0].starts_with("poison: 3 workers in a row died"), "{last:?}");
}

/// Three workers may die under it.
#[derive(Serialize, Deserialize)]
struct Fragile {}

impl Job<World> for Fragile {
    const NAME: &'static str = "fragile";
    const POLICY: Policy = Policy {
        losses: 3,
        backoff: Backoff::exponential(Duration::from_hours(1), Duration::from_hours(1)),
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("runs");
        Err(Stop::retry("told to"))
    }
}
