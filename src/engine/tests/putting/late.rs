//! X: ends that come too late.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    counters,
    house::{House, World, start},
    jobs::{Obey, Order, QUICK, obey},
};

/// Lets go of the threads that [`Block`] holds.
static LET_GO: AtomicBool = AtomicBool::new(false);

/// Its first attempt blocks its thread, and has its completion committed by somebody else, much too late.
#[derive(Serialize, Deserialize)]
struct Block {}

impl Job<World> for Block {
    const NAME: &'static str = "block";
    const POLICY: Policy =
        Policy { timeout: Duration::from_millis(300), concurrency: 1, attempts: 2, backoff: QUICK, ..Policy::DEFAULT };
    type Output = u16;

    async fn run(self, cx: Cx<World>) -> Outcome<u16> {
        if cx.attempt() > 1 {
            return Ok(cx.attempt());
        }
        let late = cx.clone();
        tokio::spawn(async move {
            while !LET_GO.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let mut tx = engine::begin(&late.world.pool).await.unwrap();
            sqlx::query("insert into deposit values (1)").execute(&mut *tx).await.unwrap();
            let end = late.finish(tx, 1_u16).await;
            late.world.note(format!("{end:?}"));
        });
        while !LET_GO.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        cx.world.note("let go");
        Ok(1)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x05_a_handler_that_does_not_let_go_is_reported_loses_its_slot_and_its_result() {
    counters::count();
    let house = House::new().await;
    house.run_sql("create table deposit (n integer)").await;
    house.put(&Block {}).await;
    let running = start(house.engine().job::<Block>());
    // The only slot was free again for the second attempt.
    house.until_ended(1).await;
    house.until_true("reported", || counters::counted("holdfast_stuck_attempts_total{kind=block}") == 1).await;
    assert_eq!(house.world.count("let go"), 0);
    LET_GO.store(true, Ordering::Relaxed);
    house.until_true("fenced", || house.world.count("Err(Fenced)") == 1).await;
    house.until_true("let go", || house.world.count("let go") == 1).await;
    running.stop().await;
    assert_eq!(house.texts("select output::text from holdfast.done").await, ["2"]);
    assert_eq!(house.texts("select ending from holdfast.attempt").await, ["timed_out"]);
    assert_eq!(house.number("select count(*) from deposit").await, 0);
}

#[tokio::test]
async fn x06_the_end_of_a_job_that_somebody_else_ended_changes_nothing_and_is_told() {
    counters::count();
    let house = House::new().await;
    let ended = house.put(&obey(&[Order::Wait])).await;
    let failing = house.put(&obey(&[Order::Hang])).await;
    let deleted = house.put(&obey(&[Order::Wait])).await;
    let running = start(house.engine().job::<Obey>());
    house.until_true("all run", || house.world.diary().len() == 3).await;
    let by_hand = format!(
        "delete from holdfast.claim;
         insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 2, 0, kind, tenant from holdfast.job where id <> {deleted};
         delete from holdfast.job where id = {deleted}"
    );
    house.run_sql(&by_hand).await;
    house.world.note("go");
    house.until_true("told", || counters::counted("holdfast_attempts_total{kind=obey,ending=fenced}") == 3).await;
    running.stop().await;
    assert_eq!([house.state(ended).await, house.state(failing).await], ["cancelled", "cancelled"]);
    assert_eq!(house.number("select count(*) from holdfast.done").await, 2);
    assert_eq!(
        house.number("select count(*) from holdfast.later").await
            + house.number("select count(*) from holdfast.ready").await,
        0
    );
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0);
}
