//! Steps, replay, sleep and signals.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy, StepFailure};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Note, Obey, Order, note},
};

/// Two steps side by side, a third with their outputs, and one that fails on purpose.
#[derive(Serialize, Deserialize)]
struct Plan {}

impl Job<World> for Plan {
    const NAME: &'static str = "plan";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note("plan runs");
        let (left, right) = futures_util::join!(cx.step("left", note("l")), cx.step("right", note("r")));
        let both = cx.step("both", note(&format!("{}{}", left?, right?))).await?;
        let failed: Result<(), StepFailure> = cx.try_step("doomed", Obey { orders: vec![Order::Fail] }).await?;
        Ok(format!("{both}, {}", failed.unwrap_err()))
    }
}

#[tokio::test]
async fn steps_are_jobs_and_their_outputs_come_back() {
    let house = House::new().await;
    let plan = house.put(&Plan {}).await;
    let running = start(house.engine().job::<Plan>().job::<Note>().job::<Obey>());
    house.until_ended(5).await;
    running.stop().await;
    let output: String = sqlx::query_scalar("select output::text from holdfast.done where id = $1")
        .bind(plan)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(output, "\"lr, step doomed did not complete: no use\"");
    assert_eq!((house.world.count("l"), house.world.count("r"), house.world.count("lr")), (1, 1, 1));
    let mut conn = house.pool.acquire().await.unwrap();
    let story = engine::inspect::story(&mut conn, plan).await.unwrap();
    let mut steps: Vec<_> = story.iter().filter_map(|row| row.step.as_deref()).collect();
    // Side by side: either may be first.
    steps[..2].sort_unstable();
    assert_eq!(steps, ["left", "right", "both", "doomed"]);
    assert!(story.iter().skip(1).all(|row| row.parent == Some(plan)));
}

#[tokio::test]
async fn a_workflow_that_stops_anywhere_continues_where_it_was() {
    let house = House::new().await;
    house.put(&Plan {}).await;
    house.client.register_kinds(&["note".to_owned(), "obey".to_owned()]).await.unwrap();
    // The steps have no worker yet: the workflow is laid aside when its worker leaves.
    let running = start(house.engine().job::<Plan>());
    house.until("select count(*) from holdfast.step", 1).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.later where wakeable").await, 1);
    let running = start(house.engine().job::<Note>().job::<Obey>());
    house.until_ended(2).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1, "the last step woke its workflow");
    let running = start(house.engine().job::<Plan>().job::<Note>().job::<Obey>());
    house.until_ended(5).await;
    running.stop().await;
    assert_eq!((house.world.count("l"), house.world.count("r"), house.world.count("lr")), (1, 1, 1));
    assert!(house.world.count("plan runs") >= 2);
}

/// Sleeps, then waits for a word.
#[derive(Serialize, Deserialize)]
struct Patient {
    sleep_ms: u64,
    timeout_ms: Option<u64>,
}

impl Job<World> for Patient {
    const NAME: &'static str = "patient";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Option<String>;

    async fn run(self, cx: Cx<World>) -> Outcome<Option<String>> {
        cx.sleep("nap", Duration::from_millis(self.sleep_ms)).await?;
        cx.world.note("awake");
        cx.receive("word", self.timeout_ms.map(Duration::from_millis)).await
    }
}

#[tokio::test]
async fn a_signal_is_kept_until_it_is_waited_for_and_taken_once() {
    let house = House::new().await;
    let (early, late, never) = (
        house.put(&Patient { sleep_ms: 300, timeout_ms: None }).await,
        house.put(&Patient { sleep_ms: 0, timeout_ms: None }).await,
        house.put(&Patient { sleep_ms: 0, timeout_ms: Some(200) }).await,
    );
    let mut conn = house.pool.acquire().await.unwrap();
    house.client.signal(&mut conn, 1, early, "word", "1", &"early").await.unwrap().unwrap();
    house.client.signal(&mut conn, 1, early, "word", "1", &"again").await.unwrap().unwrap();
    let running = start(house.engine().job::<Patient>());
    house.until("select count(*) from holdfast.later where wakeable and run_at = 'infinity'", 1).await;
    house.client.signal(&mut conn, 1, late, "word", "1", &"late").await.unwrap().unwrap();
    house.until_ended(3).await;
    assert_eq!(
        house.client.signal(&mut conn, 1, late, "word", "2", &"too late").await.unwrap(),
        Err(engine::SignalError::Ended)
    );
    running.stop().await;
    for (job, word) in [(early, "\"early\""), (late, "\"late\""), (never, "null")] {
        let output: String = sqlx::query_scalar("select output::text from holdfast.done where id = $1")
            .bind(job)
            .fetch_one(&house.pool)
            .await
            .unwrap();
        assert_eq!(output, word);
    }
}

#[tokio::test]
async fn a_long_sleep_holds_no_worker() {
    let house = House::new().await;
    let job = house.put(&Patient { sleep_ms: 3_600_000, timeout_ms: Some(1) }).await;
    let running = start(house.engine().job::<Patient>());
    house.until("select count(*) from holdfast.later where wakeable", 1).await;
    assert_eq!(house.state(job).await, "waiting");
    running.stop().await;
    sqlx::query("update holdfast.step set wake_at = clock_timestamp() where name = 'nap'")
        .execute(&house.pool)
        .await
        .unwrap();
    sqlx::query("update holdfast.later set run_at = clock_timestamp()").execute(&house.pool).await.unwrap();
    let running = start(house.engine().job::<Patient>());
    house.until_ended(1).await;
    running.stop().await;
    assert!(house.world.count("awake") >= 1);
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0, "waiting is no failure");
}
