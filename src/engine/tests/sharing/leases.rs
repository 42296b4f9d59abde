//! K: what dead workers leave is run again, once. A real `kill -9` is in `ops/bench/crash.rs`.

use std::time::{Duration, Instant};

use engine::{Cx, Job, Outcome, Policy};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{execute, ghost, put_all},
};

/// Notes that it ran.
#[derive(Serialize, Deserialize)]
struct Plain {}

impl Job<World> for Plain {
    const NAME: &'static str = "plain";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(cx.id().to_string());
        Ok(())
    }
}

fn plain(many: usize) -> Vec<Plain> {
    (0..many).map(|_| Plain {}).collect()
}

const LOST: &str = "select count(*) from holdfast.attempt where ending = 'lost'";

#[tokio::test(flavor = "multi_thread")]
async fn k01_a_hundred_jobs_of_a_dead_worker_run_again_within_fifteen_seconds() {
    let house = House::new().await;
    put_all(&house, 1, &plain(100)).await;
    ghost(&house, 100).await;
    let died = Instant::now();
    let engine = start(house.engine().job::<Plain>());
    house.until_ended(100).await;
    assert!(died.elapsed() < Duration::from_secs(15), "{:?}", died.elapsed());
    engine.stop().await;
    let mut ran = house.world.diary();
    ran.sort();
    ran.dedup();
    assert_eq!((ran.len(), house.world.diary().len()), (100, 100));
    assert_eq!(house.number(LOST).await, 100);
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn k04_jobs_of_a_worker_whose_registration_is_gone_run_again() {
    let house = House::new().await;
    put_all(&house, 1, &plain(10)).await;
    ghost(&house, 10).await;
    execute(&house, "delete from holdfast.worker").await;
    let engine = start(house.engine().job::<Plain>());
    house.until_ended(10).await;
    engine.stop().await;
    assert_eq!(house.number(LOST).await, 10);
}

/// Beats for three seconds, longer than its heartbeat may be silent.
#[derive(Serialize, Deserialize)]
struct Long {}

impl Job<World> for Long {
    const NAME: &'static str = "long";
    const POLICY: Policy = Policy { heartbeat: Some(Duration::from_secs(2)), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        for beat in 0..30 {
            cx.heartbeat(&beat).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k05_a_job_that_beats_is_left_alone_and_others_are_rescued_beside_it() {
    let house = House::new().await;
    let engine = start(house.engine().job::<Plain>().job::<Long>());
    put_all(&house, 1, &[Long {}]).await;
    house.until("select count(*) from holdfast.claim", 1).await;
    put_all(&house, 1, &plain(5)).await;
    ghost(&house, 5).await;
    house.until_ended(6).await;
    engine.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1 or outcome <> 0").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending <> 'lost'").await, 0);
}

/// All connections are closed by the server in place of its restart, which is a fault scenario.
#[tokio::test(flavor = "multi_thread")]
async fn k06_connections_that_end_during_a_recovery_leave_nothing_behind() {
    let house = House::new().await;
    put_all(&house, 1, &plain(200)).await;
    ghost(&house, 100).await;
    let engine = start(house.engine().job::<Plain>());
    house.until("select count(*) from holdfast.worker where name <> 'ghost'", 1).await;
    for _ in 0..8 {
        // Ours is among them.
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        sqlx::query(end).execute(&house.pool).await.ok();
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let deadline = Instant::now() + Duration::from_secs(40);
    while sqlx::query_scalar::<_, i64>("select count(distinct id) from holdfast.done")
        .fetch_one(&house.pool)
        .await
        .unwrap_or(0)
        < 200
    {
        assert!(Instant::now() < deadline, "not within 40 s");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    engine.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done").await, 200);
    let left = "select (select count(*) from holdfast.ready) + (select count(*) from holdfast.later) + (select count(*) from holdfast.claim)";
    assert_eq!(house.number(left).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn k07_one_row_that_makes_no_sense_holds_up_no_other() {
    let house = House::new().await;
    put_all(&house, 1, &plain(5)).await;
    execute(&house, "select holdfast.enqueue('plain', '[1, 2]')").await;
    ghost(&house, 10).await;
    // A job that is not there any more, and one that nobody can decode.
    execute(&house, "update holdfast.claim set ids = ids || 4711::bigint, attempts = attempts || 0::smallint, losses = losses || 0::smallint").await;
    let engine = start(house.engine().job::<Plain>());
    house.until("select count(*) from holdfast.done where outcome = 0", 5).await;
    house.until("select count(*) from holdfast.attempt where ending = 'undecodable'", 1).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k08_a_rescue_is_bounded_and_goes_on_where_it_stopped() {
    let house = House::new().await;
    put_all(&house, 1, &plain(250)).await;
    let claims = "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
                  insert into holdfast.claim (worker, ids, attempts, losses)
                  select ghost.id, array[r.id], array[0::smallint], array[0::smallint] from ghost, holdfast.ready r";
    execute(&house, claims).await;
    execute(&house, "truncate holdfast.ready").await;
    let mut passes = Vec::new();
    while passes.iter().sum::<i64>() < 250 {
        passes.push(house.number("select holdfast.rescue('0 s', '0 s')::bigint").await);
        assert!(passes.len() < 20, "{passes:?}");
    }
    assert!(passes.len() > 1 && passes.iter().all(|jobs| *jobs <= 100), "{passes:?}");
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn k09_maintainers_that_look_at_the_same_time_rescue_once() {
    let house = House::new().await;
    put_all(&house, 1, &plain(100)).await;
    for _ in 0..10 {
        ghost(&house, 10).await;
    }
    let looks = (0..8).map(|_| async {
        let mut rescued = 0;
        for _ in 0..15 {
            rescued += house.number("select holdfast.rescue('0 s', '0 s')::bigint").await;
        }
        rescued
    });
    assert_eq!(join_all(looks).await.iter().sum::<i64>(), 100);
    assert_eq!(house.number(LOST).await, 100);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 100);
}
