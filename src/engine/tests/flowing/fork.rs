//! W11: a run that begins where another one was.

use std::time::Duration;

use engine::{Cx, Engine, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, act},
};

/// A step, a sleep, a step, a word from somebody, a step.
#[derive(Serialize, Deserialize)]
struct Request {
    what: String,
}

impl Job<World> for Request {
    const NAME: &'static str = "request";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.step("ask", act("ask")).await?;
        cx.sleep("night", Duration::from_hours(8)).await?;
        let offer = cx.step("offer", act(format!("offer {}", self.what))).await?;
        let word: Option<String> = cx.receive("approval", None).await?;
        cx.step("send", act(format!("{offer}, approved {}", word.unwrap_or_default()))).await
    }
}

fn engine(house: &House) -> Engine<World> {
    house.engine().job::<Request>().job::<Act>()
}

async fn morning(house: &House) {
    house.until("select count(*) from holdfast.later where wakeable", 1).await;
    sqlx::query("update holdfast.step set wake_at = clock_timestamp() where name = 'night'")
        .execute(&house.pool)
        .await
        .unwrap();
    sqlx::query("update holdfast.later set run_at = clock_timestamp()").execute(&house.pool).await.unwrap();
}

#[tokio::test]
async fn w11_a_fork_takes_over_what_was_before_and_no_approval_of_what_came_after() {
    let house = House::new().await;
    let old = house.put(&Request { what: "tea".to_owned() }).await;
    let running = start(engine(&house));
    house.signal(old, "approval", "1").await;
    morning(&house).await;
    house.until_state(old, "completed").await;
    let new: i64 = sqlx::query_scalar("select holdfast.fork($1, 'offer', '{\"what\": \"coffee\"}')")
        .bind(old)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    house.until_note("offer coffee", 1).await;
    house.until_state(new, "waiting").await;
    house.signal(new, "approval", "2").await;
    house.until_state(new, "completed").await;
    running.stop().await;
    assert_eq!(house.output::<String>(old).await, "offer tea, approved 1");
    assert_eq!(house.output::<String>(new).await, "offer coffee, approved 2");
    assert_eq!(house.world.count("ask"), 1, "the step before is not done again, nor is the night slept again");
    let from: i64 = sqlx::query_scalar("select forked_from from holdfast.job_state where id = $1")
        .bind(new)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(from, old);
}

#[tokio::test]
async fn w11_a_fork_names_what_it_does_not_find() {
    let house = House::new().await;
    let old = house.put(&Request { what: "tea".to_owned() }).await;
    let mut conn = house.pool.acquire().await.unwrap();
    let error = engine::operate::fork(&mut conn, old, "bill").await.unwrap_err().to_string();
    assert!(error.contains(&format!("workflow {old} has no step \"bill\"")), "{error}");
    let error = engine::operate::fork(&mut conn, 7, "bill").await.unwrap_err().to_string();
    assert!(error.contains("job 7 is not known"), "{error}");
}
