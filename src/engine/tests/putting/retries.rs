//! R: trying again.

use std::time::Duration;

use engine::{Backoff, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Obey, Order, QUICK, obey},
};

/// Fails at its first attempts.
#[derive(Serialize, Deserialize)]
struct Flop {
    failures: u16,
}

impl Job<World> for Flop {
    const NAME: &'static str = "flop";
    const POLICY: Policy = Policy {
        backoff: Backoff::exponential(Duration::from_secs(1), Duration::from_mins(1)),
        concurrency: 100,
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        if cx.attempt() <= self.failures { Err(Stop::retry("told to")) } else { Ok(()) }
    }
}

#[tokio::test]
async fn r01_a_wait_is_kept_when_all_workers_die() {
    let house = House::new().await;
    house.put(&Flop { failures: 1 }).await;
    let running = start(house.engine().job::<Flop>());
    house.until("select count(*) from holdfast.later", 1).await;
    house.run_sql("create table planned as select id, run_at from holdfast.later").await;
    running.stop().await;
    let running = start(house.engine().job::<Flop>());
    house.until_ended(1).await;
    running.stop().await;
    let kept = "select count(*) from holdfast.done d join planned p on p.id = d.id where d.started_at >= p.run_at and d.attempts = 2";
    assert_eq!(house.number(kept).await, 1);
    let waited = "select count(*) from planned p join holdfast.attempt a on a.id = p.id where p.run_at >= a.ended_at + interval '1 s'";
    assert_eq!(house.number(waited).await, 1);
}

/// 400 jobs; the case says 1,000.
#[tokio::test]
async fn r02_jobs_that_fail_together_are_tried_again_apart() {
    let house = House::new().await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.register::<Flop>().await;
    let jobs: Vec<_> = (0..400).map(|_| Flop { failures: 1 }).collect();
    house.client.enqueue_all(&mut tx, 1, &jobs).await.unwrap();
    house.client.commit(tx).await.unwrap();
    // The wait of the first failure is 1 to 2 s: nobody has come back when the last one goes.
    let running = start(house.engine().job::<Flop>());
    house.until("select count(*) from holdfast.attempt", 400).await;
    running.stop().await;
    let waits = "select l.run_at - a.ended_at as wait from holdfast.attempt a join holdfast.later l on l.id = a.id";
    let measure = async |what: &str| -> i64 {
        let sql = format!("select (extract(epoch from {what}) * 1000)::bigint from ({waits}) w");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&house.pool).await.unwrap()
    };
    let (least, most) = (measure("min(wait)").await, measure("max(wait)").await);
    assert!(least >= 1000 && most <= 2010 && most - least >= 500, "{least}..{most} ms");
    // And no part of the interval is crowded.
    let crowded = measure(
        "percentile_disc(0.75) within group (order by wait) - percentile_disc(0.25) within group (order by wait)",
    )
    .await;
    assert!(crowded >= 300, "half of them within {crowded} ms");
}

/// [`Order::RetryAfter`] is what adapters make of `Retry-After` (both notations, read in `src/adapters/http.rs`) and of
/// a provider's own headers.
#[tokio::test]
async fn r03_the_other_side_says_when_within_bounds() {
    let house = House::new().await;
    let after = |seconds| Order::RetryAfter(Duration::from_secs(seconds));
    let soon = house.put(&obey(&[after(77)])).await;
    let much_later = house.put(&obey(&[after(7200)])).await;
    let last = house.put(&obey(&[Order::Error, Order::Error, after(5)])).await;
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    house.until("select count(*) from holdfast.later", 2).await;
    running.stop().await;
    assert_eq!(house.state(last).await, "dead");
    let waits: Vec<(i64, i64)> = sqlx::query_as(
        "select l.id, round(extract(epoch from l.run_at - a.ended_at))::bigint from holdfast.later l join holdfast.attempt a on a.id = l.id order by 1",
    )
    .fetch_all(&house.pool)
    .await
    .unwrap();
    assert_eq!(waits, [(soon, 77), (much_later, 600)]);
}

/// Books, or gives back what was booked.
#[derive(Serialize, Deserialize)]
struct Book {
    what: String,
}

impl Job<World> for Book {
    const NAME: &'static str = "book";
    const POLICY: Policy = Policy { backoff: QUICK, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(&self.what);
        if self.what == "flight" { Err(Stop::fail("no such flight")) } else { Ok(self.what) }
    }
}

#[derive(Serialize, Deserialize)]
struct Trip {}

impl Job<World> for Trip {
    const NAME: &'static str = "trip";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut saga = cx.saga();
        let book = |what: &str| Book { what: what.to_owned() };
        let outcome = async {
            for step in ["hotel", "car", "flight"] {
                saga.step(step, book(step), |booked| book(&format!("no {booked}"))).await?;
            }
            Ok(())
        }
        .await;
        saga.close(outcome).await
    }
}

#[tokio::test]
async fn r04_what_no_retry_can_mend_is_dead_at_once_and_undone() {
    let house = House::new().await;
    let trip = house.put(&Trip {}).await;
    let running = start(house.engine().job::<Trip>().job::<Book>());
    house
        .until("select count(*) from holdfast.done d join holdfast.kind k on k.id = d.kind where k.name = 'trip'", 1)
        .await;
    running.stop().await;
    assert_eq!(house.world.diary(), ["hotel", "car", "flight", "no car", "no hotel"]);
    assert_eq!(house.state(trip).await, "dead");
    assert_eq!(house.number("select count(*) from holdfast.done where attempts > 1").await, 0);
}
