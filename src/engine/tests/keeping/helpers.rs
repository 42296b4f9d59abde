//! T: what tests of jobs are made with.

use std::time::Duration;

use engine::{Backoff, Client, Cx, Engine, Job, Outcome, Policy, Stop, testing};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::Connection;

use crate::house::{House, World};

/// Notes its text.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub key: String,
}

pub fn note(text: &str) -> Note {
    Note { text: text.to_owned(), key: String::new() }
}

impl Job<World> for Note {
    const NAME: &'static str = "note";
    type Output = String;

    fn key(&self) -> String {
        self.key.clone()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(&self.text);
        Ok(self.text)
    }
}

/// Puts in the next one until there are none left.
#[derive(Serialize, Deserialize)]
struct Chain {
    left: u32,
}

impl Job<World> for Chain {
    const NAME: &'static str = "chain";
    type Output = u32;

    async fn run(self, cx: Cx<World>) -> Outcome<u32> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        if self.left > 0 {
            let client = Client::new(cx.world.pool.clone());
            client.enqueue(&mut tx, cx.tenant(), &Self { left: self.left - 1 }).await?;
        }
        cx.finish(tx, self.left).await
    }
}

/// Two steps with a month between them.
#[derive(Serialize, Deserialize)]
struct Patient {}

impl Job<World> for Patient {
    const NAME: &'static str = "patient";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let first = cx.step("first", note("before")).await?;
        cx.sleep("a month", Duration::from_hours(24 * 30)).await?;
        let then = cx.step("then", note("after")).await?;
        Ok(format!("{first} {then}"))
    }
}

/// Fails so often.
#[derive(Serialize, Deserialize)]
struct Flaky {
    failures: u16,
}

impl Job<World> for Flaky {
    const NAME: &'static str = "flaky";
    const POLICY: Policy = Policy {
        attempts: 3,
        backoff: Backoff::exponential(Duration::from_hours(1), Duration::from_hours(9)),
        ..Policy::DEFAULT
    };
    type Output = u16;

    async fn run(self, cx: Cx<World>) -> Outcome<u16> {
        if cx.attempt() <= self.failures { Err(Stop::retry("not yet")) } else { Ok(cx.attempt()) }
    }
}

fn all(house: &House) -> Engine<World> {
    house.engine().job::<Note>().job::<Chain>().job::<Patient>().job::<Flaky>()
}

#[tokio::test]
async fn t01_inline_mode_runs_a_job_in_the_tests_own_transaction() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let pool = testing::sandbox((*house.pool.connect_options()).clone()).await.unwrap();
    let mut world = house.world.clone();
    world.pool = pool.clone();
    let engine = Engine::new(Client::new(pool.clone()), world).job::<Note>().job::<Chain>().job::<Patient>();
    let stage = testing::Stage::new(engine).await.unwrap();
    assert_eq!(stage.inline(1, note("here and now")).await.unwrap(), "here and now");
    assert_eq!(house.world.diary(), ["here and now"]);
    assert_eq!(stage.inline(1, Chain { left: 2 }).await.unwrap(), 2, "with a transaction of its own inside");
    let waits = stage.inline(1, Patient {}).await.unwrap_err();
    assert!(matches!(waits, testing::Unfinished::Not { ref state, .. } if state == "waiting"), "{waits}");
    let ended = "select count(*) from holdfast.done";
    assert!(sqlx::query_scalar::<_, i64>(ended).fetch_one(&pool).await.unwrap() >= 3);
    drop(stage);
    pool.close().await;
    assert_eq!(house.number(ended).await + house.number("select count(*) from holdfast.job").await, 0, "nothing stays");
}

#[tokio::test]
async fn t01_a_job_that_does_not_complete_inline_tells_why() {
    let house = House::new().await;
    let stage = testing::Stage::new(all(&house)).await.unwrap();
    let retrying = stage.inline(1, Flaky { failures: 1 }).await.unwrap_err();
    let testing::Unfinished::Not { state, error, .. } = retrying else { panic!("{retrying}") };
    assert_eq!((state.as_str(), error.as_str()), ("retrying", "not yet"));
}

#[tokio::test]
async fn t02_manual_mode_tells_what_is_enqueued_by_type_and_some_of_its_arguments() {
    let house = House::new().await;
    house.put(&Note { text: "Ada".to_owned(), key: "k".to_owned() }).await;
    let mut conn = house.pool.acquire().await.unwrap();
    testing::assert_enqueued::<_, Note>(&mut conn, json!({ "text": "Ada" })).await;
    testing::assert_enqueued::<_, Note>(&mut conn, json!({})).await;
    testing::refute_enqueued::<_, Note>(&mut conn, json!({ "text": "Grace" })).await;
    testing::refute_enqueued::<_, Chain>(&mut conn, json!({})).await;
    assert_eq!(testing::enqueued::<_, Note>(&mut conn, json!({ "key": "k" })).await[0].text, "Ada");
    let url = house.pool.connect_options();
    let wrong = tokio::spawn(async move {
        let mut conn = sqlx::PgConnection::connect_with(&url).await.unwrap();
        testing::assert_enqueued::<World, Note>(&mut conn, json!({ "text": "Grace" })).await;
    });
    let told = wrong.await.unwrap_err().into_panic();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(told.contains("note") && told.contains("Grace") && told.contains("Ada"), "{told}");
}

#[tokio::test]
async fn t03_a_drain_runs_so_many_or_all_with_what_they_lead_to_and_with_what_is_scheduled() {
    let house = House::new().await;
    let stage = testing::Stage::new(all(&house)).await.unwrap();
    house.put(&Chain { left: 4 }).await;
    assert_eq!(stage.drain_most(2).await.unwrap().len(), 2);
    let ran = stage.drain().await.unwrap();
    assert_eq!(ran.iter().map(|ran| (ran.kind, ran.state.as_str())).collect::<Vec<_>>(), [("chain", "completed"); 3]);
    house.put(&Flaky { failures: 2 }).await;
    let states = |ran: Vec<testing::Ran>| ran.into_iter().map(|ran| ran.state).collect::<Vec<_>>();
    assert_eq!(states(stage.drain().await.unwrap()), ["retrying"]);
    assert_eq!(states(stage.drain_with_scheduled().await.unwrap()), ["retrying", "completed"]);
    house.put(&Flaky { failures: 3 }).await;
    assert_eq!(states(stage.drain_with_scheduled().await.unwrap()), ["retrying", "retrying", "dead"]);
}

#[tokio::test]
async fn t04_a_virtual_clock_skips_sleeps_and_the_days_of_a_crontab() {
    let house = House::new().await;
    let engine = all(&house)
        .schedule("daily", "0 30 9 * * *", chrono_tz::Europe::Rome, |tick| note(&tick.format("tick %H:%M").to_string()))
        .unwrap();
    let stage = testing::Stage::new(engine).await.unwrap();
    stage.tick().await.unwrap();
    let patient = house.put(&Patient {}).await;
    stage.drain().await.unwrap();
    assert_eq!(house.world.diary(), ["before"]);
    let mut conn = house.pool.acquire().await.unwrap();
    for _ in 0..3 {
        testing::advance(&mut conn, Duration::from_hours(24)).await.unwrap();
        stage.tick().await.unwrap();
        stage.drain().await.unwrap();
    }
    let ticks = house.world.diary().iter().filter(|line| line.starts_with("tick")).count();
    assert!((3..=4).contains(&ticks), "one a day: {:?}", house.world.diary());
    assert_eq!(house.state(patient).await, "waiting");
    testing::advance(&mut conn, Duration::from_hours(24 * 27)).await.unwrap();
    stage.drain().await.unwrap();
    assert_eq!(house.state(patient).await, "completed");
}

#[tokio::test]
async fn t05_an_attempt_dies_at_a_point_that_is_named() {
    for (point, notes) in [("before_run", 1), ("after_run", 2)] {
        let house = House::new().await;
        let engine = all(&house).sabotage(testing::crash_at("note", point, 1));
        let stage = testing::Stage::new(engine).await.unwrap();
        let job = house.put(&note(point)).await;
        stage.drain_with_scheduled().await.unwrap();
        assert_eq!((house.state(job).await.as_str(), house.world.count(point)), ("completed", notes));
    }
    let house = House::new().await;
    let stage =
        testing::Stage::new(all(&house).sabotage(testing::crash_at("chain", "before_commit", 1))).await.unwrap();
    house.put(&Chain { left: 1 }).await;
    let states: Vec<_> = stage.drain().await.unwrap().into_iter().map(|ran| ran.state).collect();
    assert_eq!(states, ["retrying"]);
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1, "what it had put in is not there");
    stage.drain_with_scheduled().await.unwrap();
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 0").await, 2);
    let unknown = std::panic::catch_unwind(|| drop(testing::crash_at("note", "at_lunch", 1)));
    assert!(unknown.is_err());
}
