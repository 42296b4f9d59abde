//! Workers that die, freeze or drain.

use std::time::{Duration, Instant};

use chrono_tz::Tz;
use engine::{Cx, Job, Outcome};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Deposit, InLane, Note, note},
};

/// Claims everything as a worker that never comes back.
async fn claim_and_die(house: &House) {
    let claim = "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
                 select holdfast.claim(ghost.id, k.ids, array_fill(100, array[cardinality(k.ids)]))
                 from ghost, (select array_agg(id) as ids from holdfast.kind) k";
    sqlx::query(claim).execute(&house.pool).await.unwrap();
}

#[tokio::test]
async fn jobs_of_a_dead_worker_run_again_within_ten_seconds() {
    let house = House::new().await;
    for number in 0..10 {
        house.put(&note("n")).await;
        house.put(&InLane { lane: "l".to_owned(), number, fails_first: false }).await;
    }
    claim_and_die(&house).await;
    let died = Instant::now();
    let running = start(house.engine().job::<Note>().job::<InLane>());
    house.until_ended(20).await;
    assert!(died.elapsed() < Duration::from_secs(10), "{:?}", died.elapsed());
    running.stop().await;
    assert_eq!(house.world.count("n"), 10);
    assert_eq!(
        house.number("select count(*) from holdfast.attempt where ending = 'lost'").await,
        11,
        "ten notes and the lane's head"
    );
    assert_eq!(house.number("select count(*) from holdfast.done where outcome <> 0").await, 0);
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_runs_again() {
    let house = House::new().await;
    let running = start(house.engine().job::<Note>());
    house.until("select count(*) from holdfast.worker", 1).await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    // Claimed in the worker's name, but it never hears of it.
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue(&mut tx, 1, &note("n")).await.unwrap();
    sqlx::query(
        "select holdfast.claim((select id from holdfast.worker), array(select id from holdfast.kind), array[10])",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.world.count("n"), 1);
}

#[tokio::test]
async fn a_worker_that_was_given_up_completes_nothing() {
    let house = House::new().await;
    sqlx::query("create table deposit (job bigint, amount bigint)").execute(&house.pool).await.unwrap();
    house.put(&Deposit { amount: 5, linger: 700 }).await;
    let zombie = start(house.engine().job::<Deposit>());
    house.until("select count(*) from holdfast.claim", 1).await;
    sqlx::query("update holdfast.worker set beat_at = clock_timestamp() - interval '1 minute'")
        .execute(&house.pool)
        .await
        .unwrap();
    sqlx::query("select holdfast.rescue('8 s', '2 s')").execute(&house.pool).await.unwrap();
    house.until_ended(1).await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    zombie.stop().await;
    assert_eq!(house.number("select count(*) from deposit").await, 1, "{:?}", house.world.diary());
    assert_eq!(house.number("select count(*) from holdfast.done").await, 1);
    assert!(house.world.count("deposit") >= 2, "the effect was tried twice and stands once");
}

/// Runs until it is stopped.
#[derive(Serialize, Deserialize)]
struct Endless {}

impl Job<World> for Endless {
    const NAME: &'static str = "endless";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("endless");
        if cx.world.count("endless") > 1 {
            return Ok(());
        }
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_drain_gives_back_what_does_not_end_at_no_cost() {
    let house = House::new().await;
    house.put(&Endless {}).await;
    let running = start(house.engine().grace(Duration::from_millis(300)).job::<Endless>());
    house.until("select count(*) from holdfast.claim", 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.later where attempts = 0 and losses = 0").await, 1);
    let running = start(house.engine().job::<Endless>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0);
}

/// Notes the tick.
#[derive(Serialize, Deserialize)]
struct Tock {
    tick: chrono::DateTime<chrono::Utc>,
}

impl Job<World> for Tock {
    const NAME: &'static str = "tock";
    type Output = ();

    fn key(&self) -> String {
        self.tick.to_rfc3339()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(Job::key(&self));
        Ok(())
    }
}

#[tokio::test]
async fn three_schedulers_make_one_job_of_a_tick() {
    let house = House::new().await;
    let engine =
        || house.engine().job::<Tock>().schedule("tock", "* * * * * *", Tz::UTC, |tick| Tock { tick }).unwrap();
    let running = [start(engine()), start(engine()), start(engine())];
    house.until_ended(3).await;
    for one in running {
        one.stop().await;
    }
    let mut ticks = house.world.diary();
    let all = ticks.len();
    ticks.sort();
    ticks.dedup();
    assert_eq!(ticks.len(), all, "a tick came twice");
}

#[tokio::test]
async fn an_effect_that_was_let_go_is_never_sent_again_blindly() {
    use engine::effect::{self, Begin};
    let house = House::new().await;
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(effect::begin(&mut conn, "k", 1).await.unwrap(), Begin::Send);
    assert!(matches!(effect::begin(&mut conn, "k", 1).await.unwrap(), Begin::Unknown { .. }));
    assert!(!effect::reopen(&mut conn, "k", Duration::from_mins(1)).await.unwrap());
    assert!(effect::confirm(&mut conn, "k", "wamid.1").await.unwrap());
    assert!(!effect::refuse(&mut conn, "k", "late no").await.unwrap());
    assert_eq!(
        effect::begin(&mut conn, "k", 1).await.unwrap(),
        Begin::Confirmed { reference: Some("wamid.1".to_owned()) }
    );
    assert_eq!(effect::begin(&mut conn, "throttled", 1).await.unwrap(), Begin::Send);
    assert!(effect::not_sent(&mut conn, "throttled", "130429").await.unwrap());
    assert_eq!(effect::begin(&mut conn, "throttled", 1).await.unwrap(), Begin::Send);
}

#[tokio::test]
async fn a_begin_that_nobody_waits_for_leaves_no_transaction_behind() {
    let house = House::new().await;
    let options = house.pool.connect_options().as_ref().clone();
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    sqlx::query("create table kept (n bigint)").execute(&house.pool).await.unwrap();
    for micros in (0..400).step_by(5) {
        let _ = tokio::time::timeout(Duration::from_micros(micros), engine::begin(&pool)).await;
        sqlx::query("insert into kept values ($1)").bind(i64::try_from(micros).unwrap()).execute(&pool).await.unwrap();
    }
    assert_eq!(house.number("select count(*) from kept").await, 80, "others see what was written after it");
}
