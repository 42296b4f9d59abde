//! W9, W10: code that changes under runs that go on.

use std::time::Duration;

use engine::{Backoff, Cx, Engine, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Flaky, Linger, act, linger},
};

/// What a version does when it runs.
trait Version: Send + Sync + 'static {
    fn run(cx: Cx<World>) -> impl Future<Output = Outcome<String>> + Send;
}

/// The workflow `changing`, of some version.
#[derive(Serialize, Deserialize)]
struct Changing<V> {
    #[serde(skip)]
    version: std::marker::PhantomData<V>,
}

impl<V: Version> Job<World> for Changing<V> {
    const NAME: &'static str = "changing";
    const POLICY: Policy = Policy {
        attempts: 2,
        backoff: Backoff::exponential(Duration::from_millis(20), Duration::from_millis(20)),
        ..Policy::WORKFLOW
    };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        V::run(cx).await
    }
}

/// Declares versions by what they do.
macro_rules! versions {
    ($($name:ident($cx:ident) $body:block)*) => {$(
        struct $name;
        impl Version for $name {
            async fn run($cx: Cx<World>) -> Outcome<String> $body
        }
    )*};
}

fn engine<V: Version>(house: &House) -> Engine<World> {
    house.engine().job::<Changing<V>>().job::<Act>().job::<Flaky>().job::<Linger>()
}

async fn put<V: Version>(house: &House) -> i64 {
    house.put(&Changing::<V> { version: std::marker::PhantomData }).await
}

versions! {
    Original(cx) {
        cx.step("a", act("a")).await?;
        cx.step("b", act("b")).await?;
        cx.receive::<String>("end", None).await?;
        Ok("original".to_owned())
    }
    RenamedFirst(cx) {
        cx.step("a2", act("a again")).await?;
        cx.step("b", act("b")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(String::new())
    }
    OtherOrder(cx) {
        cx.step("new", act("new")).await?;
        cx.step("b", act("b")).await?;
        cx.step("a", act("a")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(String::new())
    }
    WithoutFirst(cx) {
        cx.step("b", act("b")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(String::new())
    }
    OtherKind(cx) {
        cx.step("a", linger("a")).await?;
        cx.step("b", act("b")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(String::new())
    }
    SleepsFirst(cx) {
        cx.sleep("nap", Duration::from_millis(1)).await?;
        cx.step("a", act("a")).await?;
        cx.step("b", act("b")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(String::new())
    }
}

/// Begins a run with one version and lets it go on with another.
async fn goes_on_as<V: Version>(error: &str) {
    let house = House::new().await;
    let flow = put::<Original>(&house).await;
    let running = start(engine::<Original>(&house));
    house.until_state(flow, "waiting").await;
    running.stop().await;
    house.signal(flow, "end", "1").await;
    let running = start(engine::<V>(&house));
    house.until_state(flow, "dead").await;
    running.stop().await;
    let found = house.error(flow).await;
    assert!(found.contains("the code has changed under this run") && found.contains(error), "{found}");
    assert_eq!(house.world.diary(), ["a", "b"], "nothing was done that might have been done before");
}

#[tokio::test]
async fn w09_a_first_step_of_another_name_is_told() {
    goes_on_as::<RenamedFirst>("it did a, b, end before and asks for a2 first").await;
}

#[tokio::test]
async fn w09_a_step_put_before_others_is_told() {
    goes_on_as::<OtherOrder>("asks for new first").await;
}

#[tokio::test]
async fn w09_a_step_that_is_gone_is_told() {
    goes_on_as::<WithoutFirst>("it did a before and never asks for it now").await;
}

#[tokio::test]
async fn w09_a_step_of_another_kind_is_told() {
    goes_on_as::<OtherKind>("step a is recorded as another kind").await;
}

#[tokio::test]
async fn w09_a_sleep_put_before_others_is_told() {
    goes_on_as::<SleepsFirst>("asks for nap first").await;
}

versions! {
    First(cx) {
        cx.receive::<String>("go", None).await?;
        let done = cx.step("old", act("old")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(done)
    }
    Second(cx) {
        cx.receive::<String>("go", None).await?;
        let done = if cx.patched("better").await? { cx.step("new", act("new")).await? } else { cx.step("old", act("old")).await? };
        cx.receive::<String>("end", None).await?;
        Ok(done)
    }
    Third(cx) {
        cx.receive::<String>("go", None).await?;
        cx.patched("better").await?;
        let done = cx.step("new", act("new")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(done)
    }
    Fourth(cx) {
        cx.receive::<String>("go", None).await?;
        let done = cx.step("new", act("new")).await?;
        cx.receive::<String>("end", None).await?;
        Ok(done)
    }
}

/// Runs this version until so many runs wait for their end.
async fn until_waiting<V: Version>(house: &House, step: &'static str, runs: i64) {
    let running = start(engine::<V>(house));
    let waits = format!(
        "select count(*) from holdfast.later l join holdfast.step s on s.parent = l.id where s.name = '{step}' and l.wakeable"
    );
    house.until(Box::leak(waits.into_boxed_str()), runs).await;
    running.stop().await;
}

#[tokio::test]
async fn w10_old_runs_keep_the_old_branch_until_it_is_gone() {
    let house = House::new().await;
    let (past, before) = (put::<First>(&house).await, put::<First>(&house).await);
    house.signal(past, "go", "1").await;
    until_waiting::<First>(&house, "go", 2).await;
    // The second version comes: one run is past the place, one before it, and one is new.
    let new = put::<Second>(&house).await;
    for flow in [before, new] {
        house.signal(flow, "go", "1").await;
    }
    until_waiting::<Second>(&house, "end", 3).await;
    house.signal(past, "end", "1").await;
    let running = start(engine::<Second>(&house));
    house.until_state(past, "completed").await;
    running.stop().await;
    // No old run is left: the third version drops the old branch, the fourth the question.
    house.signal(before, "end", "1").await;
    let running = start(engine::<Third>(&house));
    house.until_state(before, "completed").await;
    running.stop().await;
    house.signal(new, "end", "1").await;
    let running = start(engine::<Fourth>(&house));
    house.until_state(new, "completed").await;
    running.stop().await;
    for (flow, did) in [(past, "old"), (before, "new"), (new, "new")] {
        assert_eq!(house.output::<String>(flow).await, did);
    }
    assert_eq!((house.world.count("old"), house.world.count("new")), (1, 2));
}
