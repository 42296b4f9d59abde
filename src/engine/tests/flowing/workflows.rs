//! W: fan-out, sleeps, steps that nobody knew of, and steps that two wait for.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Flaky, Linger, act, linger},
};

/// A step that fails twice between two that do not.
#[derive(Serialize, Deserialize)]
struct Between {}

impl Job<World> for Between {
    const NAME: &'static str = "between";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let before = cx.step("before", act("before")).await?;
        let flaky = Flaky { name: "flaky".to_owned(), failures: 2, for_good: false };
        let flaky = cx.step("flaky", flaky).await?;
        cx.step("after", act(format!("after {before} and {flaky}"))).await
    }
}

#[tokio::test]
async fn w02_a_step_is_retried_alone() {
    let house = House::new().await;
    let flow = house.put(&Between {}).await;
    let running = start(house.engine().job::<Between>().job::<Act>().job::<Flaky>());
    house.until_ended(4).await;
    running.stop().await;
    assert_eq!(house.output::<String>(flow).await, "after before and flaky");
    let diary = house.world.diary();
    assert_eq!(diary, ["before", "flaky tried", "flaky tried", "flaky tried", "after before and flaky"]);
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 2, "both are the step's own");
}

/// Many steps side by side.
#[derive(Serialize, Deserialize)]
struct Fan {
    width: usize,
}

impl Job<World> for Fan {
    const NAME: &'static str = "fan";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = usize;

    async fn run(self, cx: Cx<World>) -> Outcome<usize> {
        cx.world.note("fan runs");
        let all = cx.steps((0..self.width).map(|n| (format!("blade {n}"), act(format!("{n}"))))).await?;
        let right = all.iter().enumerate().filter(|(n, output)| output.as_deref() == Ok(n.to_string().as_str()));
        let right = right.count();
        cx.step("join", act("join")).await?;
        Ok(right)
    }
}

/// 3,000 steps instead of 10,000: two slow cores run them within seconds.
#[tokio::test]
async fn w03_a_wide_fan_joins_once() {
    let house = House::new().await;
    let fan = house.put(&Fan { width: 3000 }).await;
    let running = start(house.engine().job::<Fan>().job::<Act>());
    house.until_ended(3002).await;
    running.stop().await;
    assert_eq!(house.output::<usize>(fan).await, 3000);
    assert_eq!((house.world.count("join"), house.world.diary().len()), (1, 3001 + house.world.count("fan runs")));
    assert!(house.world.count("fan runs") <= 3, "the workflow ran {} times", house.world.count("fan runs"));
}

/// The same where the workflow is laid aside with all its steps open: the last one to end wakes it, no other.
#[tokio::test]
async fn w03_a_fan_that_is_laid_aside_is_woken_by_its_last_step() {
    let house = House::new().await;
    let fan = house.put(&Fan { width: 300 }).await;
    house.client.register_kinds(&["act".to_owned()]).await.unwrap();
    let running = start(house.engine().job::<Fan>());
    house.until("select count(*) from holdfast.step", 300).await;
    running.stop().await;
    assert_eq!(house.state(fan).await, "waiting");
    // Nobody runs workflows now: of their wake-ups only the row tells.
    let running = start(house.engine().job::<Act>());
    house.until_ended(299).await;
    house.until_ended(300).await;
    running.stop().await;
    assert_eq!(house.state(fan).await, "ready");
    let running = start(house.engine().job::<Fan>().job::<Act>());
    house.until_ended(302).await;
    running.stop().await;
    assert_eq!((house.output::<usize>(fan).await, house.world.count("fan runs")), (300, 2));
}

/// Goes on as long as its steps say so.
#[derive(Serialize, Deserialize)]
struct Dynamic {}

impl Job<World> for Dynamic {
    const NAME: &'static str = "dynamic";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = usize;

    async fn run(self, cx: Cx<World>) -> Outcome<usize> {
        let mut word = String::new();
        while word.len() < 7 {
            word = cx.step(&format!("after {}", word.len()), act(format!("{word}x"))).await?;
        }
        Ok(word.len())
    }
}

#[tokio::test]
async fn w05_steps_are_added_while_it_runs() {
    let house = House::new().await;
    let flow = house.put(&Dynamic {}).await;
    let running = start(house.engine().job::<Dynamic>().job::<Act>());
    house.until_ended(8).await;
    running.stop().await;
    assert_eq!(house.output::<usize>(flow).await, 7);
    assert_eq!(house.number("select count(*) from holdfast.step").await, 7);
}

/// Sleeps for a month.
#[derive(Serialize, Deserialize)]
struct Hibernate {}

impl Job<World> for Hibernate {
    const NAME: &'static str = "hibernate";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.sleep("winter", Duration::from_hours(30 * 24)).await?;
        cx.step("spring", act("spring")).await.map(drop)
    }
}

#[tokio::test]
async fn w06_a_month_of_sleep_costs_no_worker_and_ends_once() {
    let house = House::new().await;
    let flow = house.put(&Hibernate {}).await;
    let engine = || house.engine().job::<Hibernate>().job::<Act>();
    let running = start(engine());
    house.until_state(flow, "waiting").await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.claim").await, 0);
    let days = "select round(extract(epoch from run_at - clock_timestamp()) / 86400)::bigint from holdfast.later";
    assert_eq!(house.number(days).await, 30);
    let running = [start(engine()), start(engine())];
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(house.world.count("spring"), 0);
    for table in ["step set wake_at = clock_timestamp()", "later set run_at = clock_timestamp()"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("update holdfast.{table}"))).execute(&house.pool).await.unwrap();
    }
    house.until_ended(2).await;
    for one in running {
        one.stop().await;
    }
    assert_eq!((house.world.count("spring"), house.state(flow).await.as_str()), (1, "completed"));
}

/// Waits for a job that others may wait for, too.
#[derive(Serialize, Deserialize)]
struct Sharing {
    name: String,
}

/// The same key is the same job.
#[derive(Serialize, Deserialize)]
struct Common {}

impl Job<World> for Common {
    const NAME: &'static str = "common";
    type Output = String;

    fn key(&self) -> String {
        "common".to_owned()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        Job::run(linger("common"), cx).await
    }
}

impl Job<World> for Sharing {
    const NAME: &'static str = "sharing";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let common = cx.step("common", Common {}).await?;
        Ok(format!("{} has {common}", self.name))
    }
}

#[tokio::test]
async fn w13_two_workflows_wait_for_one_job() {
    let house = House::new().await;
    let flows =
        [house.put(&Sharing { name: "a".to_owned() }).await, house.put(&Sharing { name: "b".to_owned() }).await];
    let third = house.put(&Sharing { name: "c".to_owned() }).await;
    let running = start(house.engine().job::<Sharing>().job::<Common>().job::<Linger>());
    house.until("select count(*) from holdfast.step", 3).await;
    // Whoever gives up does not take the job away from the others.
    house.cancel(&[third]).await;
    house.until_state(third, "cancelled").await;
    house.world.note("let common go");
    house.until_ended(4).await;
    running.stop().await;
    assert_eq!(house.output::<String>(flows[0]).await, "a has common");
    assert_eq!(house.output::<String>(flows[1]).await, "b has common");
    assert_eq!(house.world.count("common"), 1);
}

/// Reading the history of so many steps; the screens come with the console.
#[tokio::test]
async fn w14_a_history_of_ten_thousand_steps_is_read_within_a_second() {
    let house = House::new().await;
    let flow = house.put(&Fan { width: 0 }).await;
    let children = "with made as (
          insert into holdfast.job (id, kind, tenant, root, parent, step, payload)
            select holdfast.next_id(), (select kind from holdfast.job), 1, $1, $1, 'step ' || n, '{}' from generate_series(1, 10000) n returning id, step, kind),
        steps as (insert into holdfast.step (parent, name, child) select $1, step, id from made)
        insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
          select id, clock_timestamp(), 0, 1, kind, 1, '\"ok\"' from made";
    sqlx::query(children).bind(flow).execute(&house.pool).await.unwrap();
    sqlx::query("analyze").execute(&house.pool).await.unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    let mut quickest = Duration::MAX;
    for _ in 0..5 {
        let began = std::time::Instant::now();
        assert_eq!(engine::inspect::story(&mut conn, flow).await.unwrap().len(), 10_001);
        quickest = quickest.min(began.elapsed());
    }
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
}
