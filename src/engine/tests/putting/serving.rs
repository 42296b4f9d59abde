//! F: workers that do not know a kind, knew it by another name, or are kept waiting.

use std::time::Duration;

use engine::{Client, Cx, Engine, Job, Outcome};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;

use crate::{
    house::{House, World, start},
    jobs::{Note, Single},
};

#[tokio::test]
async fn f08_a_kind_that_no_worker_knows_waits_at_no_cost_and_is_seen() {
    let house = House::new().await;
    let unknown = house.put(&Single { text: "single".to_owned() }).await;
    house.put(&Note::new("note")).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    assert_eq!(house.state(unknown).await, "ready");
    assert_eq!(house.number("select count(*) from holdfast.ready where attempts = 0 and losses = 0").await, 1);
    assert_eq!(house.texts("select kind from holdfast.unserved").await, ["single"]);
    let other = start(house.engine().job::<Single>());
    house.until_ended(2).await;
    assert!(house.texts("select kind from holdfast.unserved").await.is_empty());
    other.stop().await;
    running.stop().await;
    // And nobody serves the notes any more.
    house.put(&Note::new("note")).await;
    assert_eq!(house.texts("select kind from holdfast.unserved").await, ["note"]);
}

#[derive(Serialize, Deserialize)]
struct Greet {
    name: String,
}

impl Job<World> for Greet {
    const NAME: &'static str = "greet";
    const FORMER_NAMES: &'static [&'static str] = &["say_hello"];
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(format!("hello {}", self.name));
        Ok(())
    }
}

#[tokio::test]
async fn f09_what_was_put_in_under_a_former_name_runs() {
    let house = House::new().await;
    house.client.register_kinds(&["say_hello".to_owned()]).await.unwrap();
    house.run_sql("select holdfast.enqueue('say_hello', '{\"name\":\"Ada\"}')").await;
    house.put(&Greet { name: "Bob".to_owned() }).await;
    let running = start(house.engine().job::<Greet>());
    house.until_ended(2).await;
    running.stop().await;
    let mut greeted = house.world.diary();
    greeted.sort();
    assert_eq!(greeted, ["hello Ada", "hello Bob"]);
    assert_eq!(house.texts("select kind from holdfast.job_state order by id").await, ["say_hello", "greet"]);
}

#[tokio::test]
async fn f10_a_claim_that_is_stalled_or_times_out_does_not_stop_the_worker() {
    let house = House::new().await;
    let impatient = (*house.pool.connect_options()).clone().options([("lock_timeout", "100ms")]);
    let impatient = PgPoolOptions::new().connect_with(impatient).await.unwrap();
    let quick = Engine::new(Client::new(impatient), house.world.clone()).job::<Note>();
    let patient = house.engine().job::<Single>();
    let running = [start(quick), start(patient)];
    house.until("select count(*) from holdfast.worker", 2).await;
    let mut locker = engine::begin(&house.pool).await.unwrap();
    sqlx::query("lock table holdfast.ready in access exclusive mode").execute(&mut *locker).await.unwrap();
    // Long enough for several claims to run into their time limit.
    tokio::time::sleep(Duration::from_millis(800)).await;
    locker.rollback().await.unwrap();
    house.put(&Note::new("note")).await;
    house.put(&Single { text: "single".to_owned() }).await;
    house.until_ended(2).await;
    for one in running {
        one.stop().await;
    }
}
