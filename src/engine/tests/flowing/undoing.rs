//! W7, W12: sagas that are cancelled.

use engine::{Cx, Engine, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Linger, act, linger},
    kit::Doomed,
    sagas::{self, Undo},
};

/// A step, a sleep, a step that takes as long as it takes, and one that nobody comes to.
#[derive(Serialize, Deserialize)]
struct Trip {
    listens: bool,
}

impl Job<World> for Trip {
    const NAME: &'static str = "trip";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut saga = cx.saga();
        let outcome = async {
            saga.step("a", act("a"), |_| Undo { of: "a".to_owned() }).await?;
            cx.sleep("nap", std::time::Duration::from_millis(1)).await?;
            saga.step("b", act("b"), |_| Undo { of: "b".to_owned() }).await?;
            let long = Linger { listens: self.listens, ..linger("long") };
            saga.step("long", long, |_| Undo { of: "long".to_owned() }).await?;
            cx.step("far", act("far")).await.map(drop)
        };
        let outcome = outcome.await;
        saga.close(outcome).await
    }
}

fn build(engine: Engine<World>) -> Engine<World> {
    sagas::build(engine).job::<Trip>()
}

fn undone(house: &House) -> Vec<String> {
    house.world.diary().into_iter().filter(|line| line.starts_with("undo ")).collect()
}

#[tokio::test]
async fn w12_a_cancelled_workflow_undoes_what_it_did() {
    let house = House::new().await;
    let flow = house.put(&Trip { listens: true }).await;
    let running = start(build(house.engine()));
    house.until_note("long begins", 1).await;
    assert_eq!(house.cancel(&[flow]).await, ["asked"]);
    house.until_state(flow, "cancelled").await;
    running.stop().await;
    assert_eq!(undone(&house), ["undo b", "undo a"]);
    assert_eq!((house.world.count("long hears it"), house.world.count("far")), (1, 0));
    assert_eq!(house.error(flow).await, "not wanted");
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 2").await, 2, "it and its step");
}

/// The step goes through although it was told to end: how it ended is awaited, and then it is undone, too.
#[tokio::test]
async fn w12_a_step_that_is_under_way_is_awaited_and_undone() {
    let house = House::new().await;
    let flow = house.put(&Trip { listens: false }).await;
    let running = start(build(house.engine()));
    house.until_note("long begins", 1).await;
    house.cancel(&[flow]).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(undone(&house).len(), 0);
    house.world.note("let long go");
    house.until_state(flow, "cancelled").await;
    running.stop().await;
    assert_eq!(undone(&house), ["undo long", "undo b", "undo a"]);
}

#[tokio::test]
async fn w12_the_undoing_of_a_cancelled_workflow_survives_a_crash() {
    let house = House::new().await;
    house.world.note("stop at undo b");
    let flow = house.put(&Trip { listens: true }).await;
    let dying = Doomed::start(&house, build);
    house.until_note("long begins", 1).await;
    house.cancel(&[flow]).await;
    house.until_note("stopped at undo b", 1).await;
    // Impatience does not end what undoes, either.
    assert_eq!(house.cancel(&[flow]).await, ["asked"]);
    dying.kill(&house).await;
    let running = start(build(house.engine()));
    house.until_state(flow, "cancelled").await;
    running.stop().await;
    assert_eq!(undone(&house), ["undo b", "undo a"]);
    assert_eq!(house.world.count("far"), 0);
}

#[tokio::test]
async fn w12_a_workflow_that_is_laid_aside_is_undone_when_it_is_cancelled() {
    let house = House::new().await;
    let flow = house.put(&Trip { listens: true }).await;
    // Nobody runs the long step: the workflow waits for it until its worker leaves.
    let short = |engine: Engine<World>| engine.job::<Trip>().job::<Act>().job::<Undo>();
    house.client.register_kinds(&["linger".to_owned()]).await.unwrap();
    let running = start(short(house.engine()));
    house.until("select count(*) from holdfast.step where name = 'long'", 1).await;
    running.stop().await;
    assert_eq!(house.state(flow).await, "waiting");
    house.cancel(&[flow]).await;
    let running = start(short(house.engine()));
    house.until_state(flow, "cancelled").await;
    running.stop().await;
    assert_eq!(undone(&house), ["undo b", "undo a"]);
}
