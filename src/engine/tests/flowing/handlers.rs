//! N2, N3: what runs is told, and its end is written as what it is.

use std::time::{Duration, Instant};

use engine::{Cx, Engine, Job, Outcome, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Linger, linger},
    kit::Doomed,
};

#[tokio::test]
async fn n02_a_running_job_of_another_process_hears_it_within_a_second() {
    let house = House::new().await;
    let mut quickest = Duration::MAX;
    let _other = Doomed::start(&house, Engine::job::<Linger>);
    for number in 0..3 {
        let name = number.to_string();
        let job = house.put(&linger(&name)).await;
        house.until_note(&format!("{name} begins"), 1).await;
        let asked = Instant::now();
        assert_eq!(house.cancel(&[job]).await, ["asked"]);
        house.until_note(&format!("{name} hears it"), 1).await;
        quickest = quickest.min(asked.elapsed());
        house.until_state(job, "cancelled").await;
    }
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
}

/// Where no notification comes through, the next beat brings it.
#[tokio::test]
async fn n02_without_notifications_the_next_beat_brings_it() {
    let house = House::new().await;
    let _other = Doomed::start(&house, Engine::job::<Linger>);
    let mut quickest = Duration::MAX;
    for number in 0..3 {
        let name = number.to_string();
        let job = house.put(&linger(&name)).await;
        house.until_note(&format!("{name} begins"), 1).await;
        let asked = Instant::now();
        sqlx::query("insert into holdfast.cancellation (job, reason) values ($1, 'silently')")
            .bind(job)
            .execute(&house.pool)
            .await
            .unwrap();
        house.until_note(&format!("{name} hears it"), 1).await;
        quickest = quickest.min(asked.elapsed());
        house.until_state(job, "cancelled").await;
        assert_eq!(house.error(job).await, "silently");
    }
    assert!(quickest < Duration::from_millis(1200), "{quickest:?}");
}

#[tokio::test]
async fn n02_a_job_that_does_not_listen_is_dropped_after_a_grace() {
    let house = House::new().await;
    let job = house.put(&Linger { listens: false, ..linger("deaf") }).await;
    let running = start(house.engine().job::<Linger>());
    house.until_note("deaf begins", 1).await;
    house.cancel(&[job]).await;
    house.until_state(job, "cancelled").await;
    running.stop().await;
    assert_eq!((house.attempts(job, "cancelled").await, house.world.count("deaf begins")), (1, 1));
}

/// Completes with its own transaction, when it is let go.
#[derive(Serialize, Deserialize)]
struct Booking {}

impl Job<World> for Booking {
    const NAME: &'static str = "booking";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        Job::run(Linger { listens: false, ..linger("booking") }, cx.clone()).await?;
        let tx = engine::begin(&cx.world.pool).await?;
        cx.finish(tx, ()).await
    }
}

#[tokio::test]
async fn n03_a_late_error_is_not_retried_and_a_late_success_is_told() {
    let house = House::new().await;
    let fails = house.put(&linger("fails")).await;
    let late = house.put(&Linger { listens: false, ..linger("late") }).await;
    let booking = house.put(&Booking {}).await;
    let running = start(house.engine().job::<Linger>().job::<Booking>());
    for name in ["fails", "late", "booking"] {
        house.until_note(&format!("{name} begins"), 1).await;
    }
    assert_eq!(house.cancel(&[fails, late, booking]).await, ["asked"; 3]);
    house.until_note("fails hears it", 1).await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    house.world.note("let late go");
    house.world.note("let booking go");
    for (job, state) in [(fails, "cancelled"), (late, "completed"), (booking, "completed")] {
        house.until_state(job, state).await;
        assert_eq!(house.attempts(job, "cancelled").await, 1);
    }
    running.stop().await;
    assert_eq!(house.world.count("fails begins"), 1);
    let told = "select count(*) from holdfast.attempt where error = 'finished after it was cancelled: not wanted'";
    assert_eq!(house.number(told).await, 2);
}

/// Dead workers do not make a cancelled job run again.
#[tokio::test]
async fn n03_a_cancelled_job_whose_worker_died_is_not_run_again() {
    let house = House::new().await;
    let job = house.put(&Linger { listens: false, ..linger("orphan") }).await;
    let dying = Doomed::start(&house, Engine::job::<Linger>);
    house.until_note("orphan begins", 1).await;
    house.cancel(&[job]).await;
    dying.kill(&house).await;
    let running = start(house.engine().job::<Linger>());
    house.until_state(job, "cancelled").await;
    assert_eq!(house.world.count("orphan begins"), 1);
    // Wanted again, it runs: the processes do not go by what they heard before.
    house.world.note("let orphan go");
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(engine::operate::retry(&mut conn, &[job]).await.unwrap()[0].result, "retried");
    house.until_state(job, "completed").await;
    running.stop().await;
}

/// Notices it between two pieces of work.
#[derive(Serialize, Deserialize)]
struct Piecework {}

impl Job<World> for Piecework {
    const NAME: &'static str = "piecework";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        for piece in 0.. {
            cx.heartbeat(&piece).await?;
            cx.world.note("piece");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(Stop::fail("endless"))
    }
}

#[tokio::test]
async fn n02_a_heartbeat_ends_what_is_not_wanted() {
    let house = House::new().await;
    let job = house.put(&Piecework {}).await;
    let running = start(house.engine().job::<Piecework>());
    house.until_note("piece", 1).await;
    house.cancel(&[job]).await;
    house.until_state(job, "cancelled").await;
    running.stop().await;
    assert_eq!(house.error(job).await, "not wanted");
}
