//! N1, N5, W12: what has not begun ends at once, with what it waits for.

use std::time::Duration;

use engine::{Backoff, Cx, Job, Outcome, Policy, Stop, When};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Linger, act, linger},
};

/// Fails, and would try again in an hour.
#[derive(Serialize, Deserialize)]
struct Hourly {}

impl Job<World> for Hourly {
    const NAME: &'static str = "hourly";
    const POLICY: Policy =
        Policy { backoff: Backoff::exponential(Duration::from_hours(1), Duration::from_hours(1)), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Err(Stop::retry("in an hour"))
    }
}

/// A job of a lane that never ends by itself.
#[derive(Serialize, Deserialize)]
struct Queued {
    name: String,
}

impl Job<World> for Queued {
    const NAME: &'static str = "queued";
    type Output = String;

    fn lane(&self) -> Option<String> {
        Some("lane".to_owned())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        Job::run(linger(&self.name), cx).await
    }
}

#[tokio::test]
async fn n01_what_does_not_run_is_cancelled_at_once() {
    let house = House::new().await;
    house.client.register_kinds(&["act".to_owned()]).await.unwrap();
    let retrying = house.put(&Hourly {}).await;
    let mut lane = Vec::new();
    for name in ["head", "second", "third"] {
        lane.push(house.put(&Queued { name: name.to_owned() }).await);
    }
    let running = start(house.engine().job::<Hourly>().job::<Queued>());
    house.until_state(retrying, "retrying").await;
    house.until_note("head begins", 1).await;
    house.until_state(lane[1], "blocked").await;
    let ready = house.put(&act("ready")).await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let at: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("select clock_timestamp() + interval '1 day'").fetch_one(&mut *tx).await.unwrap();
    let scheduled = house.client.enqueue_when(&mut tx, 1, &act("scheduled"), When::At(at)).await.unwrap().id;
    tx.commit().await.unwrap();
    let still = [ready, scheduled, retrying, lane[1]];
    for (job, state) in still.into_iter().zip(["ready", "scheduled", "retrying", "blocked"]) {
        assert_eq!(house.state(job).await, state);
    }
    assert_eq!(house.cancel(&still).await, ["cancelled"; 4]);
    for job in still {
        assert_eq!((house.state(job).await.as_str(), house.error(job).await.as_str()), ("cancelled", "not wanted"));
    }
    assert_eq!(house.cancel(&[ready, 7]).await, ["ended", "unknown"], "and only once");
    house.world.note("let head go");
    house.world.note("let third go");
    house.until_state(lane[2], "completed").await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending = 'cancelled'").await, 4);
    let made: i16 = sqlx::query_scalar("select attempts from holdfast.done where id = $1")
        .bind(retrying)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!((made, house.world.count("second begins")), (1, 0));
}

/// Waits for a word that never comes.
#[derive(Serialize, Deserialize)]
struct Suspended {}

impl Job<World> for Suspended {
    const NAME: &'static str = "suspended";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.receive::<String>("word", None).await.map(drop)
    }
}

#[tokio::test]
async fn n01_what_is_suspended_or_held_is_cancelled_too() {
    let house = House::new().await;
    let suspended = house.put(&Suspended {}).await;
    let mut conn = house.pool.acquire().await.unwrap();
    house.client.register_kinds(&["act".to_owned()]).await.unwrap();
    engine::operate::pause(&mut conn, Some("act"), None, "for the test", "the test").await.unwrap();
    let held = house.put(&act("held")).await;
    let running = start(house.engine().job::<Suspended>().job::<Act>());
    house.until_state(suspended, "waiting").await;
    house.until_state(held, "held").await;
    assert_eq!(house.cancel(&[suspended, held]).await, ["asked", "cancelled"]);
    house.until_state(suspended, "cancelled").await;
    running.stop().await;
    assert_eq!(house.state(held).await, "cancelled");
    assert_eq!(house.error(suspended).await, "not wanted");
}

/// Has one step that is under way, one that waits for a worker, and one that is nobody's business.
#[derive(Serialize, Deserialize)]
struct Family {}

impl Job<World> for Family {
    const NAME: &'static str = "family";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.start("letter", act("letter")).await?;
        futures_util::try_join!(cx.step("runs", linger("runs")), cx.step("nested", Nested {}))?;
        Ok(())
    }
}

/// A workflow within it, whose step waits for a worker.
#[derive(Serialize, Deserialize)]
struct Nested {}

impl Job<World> for Nested {
    const NAME: &'static str = "nested";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.step("grandchild", act("grandchild")).await.map(drop)
    }
}

#[tokio::test]
async fn w12_steps_are_cancelled_with_their_workflow_and_what_was_only_started_is_not() {
    let house = House::new().await;
    let flow = house.put(&Family {}).await;
    house.client.register_kinds(&["act".to_owned()]).await.unwrap();
    let running = start(house.engine().job::<Family>().job::<Nested>().job::<Linger>());
    house.until_note("runs begins", 1).await;
    house.until("select count(*) from holdfast.step where name = 'grandchild'", 1).await;
    assert_eq!(house.cancel(&[flow]).await, ["asked"]);
    house.until_state(flow, "cancelled").await;
    house.until_ended(4).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 2").await, 4);
    let running = start(house.engine().job::<Act>());
    house.until_note("letter", 1).await;
    running.stop().await;
    assert_eq!(house.world.count("grandchild"), 0);
}

/// 10,000 jobs instead of 100,000.
#[tokio::test]
async fn n05_many_are_cancelled_in_batches_that_may_stop_and_go_on() {
    let house = House::new().await;
    let other = house.put(&linger("other")).await;
    house.client.register_kinds(&["act".to_owned()]).await.unwrap();
    sqlx::query(
        "select holdfast.enqueue('act', json_build_object('name', n::text), n % 2) from generate_series(1, 20000) n",
    )
    .execute(&house.pool)
    .await
    .unwrap();
    for batches in 1.. {
        let some = "select id from holdfast.job_state where kind = 'act' and tenant = 1 and state = 'ready' limit 1000";
        let some: Vec<i64> = sqlx::query_scalar(some).fetch_all(&house.pool).await.unwrap();
        if some.is_empty() {
            break;
        }
        // Whoever asks is told of each, and may stop here: the next one finds the rest.
        assert!(house.cancel(&some).await.iter().all(|result| result == "cancelled"));
        assert_eq!(house.number("select count(*) from holdfast.done").await, batches * 1000);
    }
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 2 and tenant = 1").await, 10_000);
    assert_eq!(house.number("select count(*) from holdfast.ready where tenant = 0").await, 10_000);
    assert_eq!(house.state(other).await, "ready");
}
