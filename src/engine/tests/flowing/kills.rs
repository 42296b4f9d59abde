//! W1: a process that dies at every boundary between steps, and within one.

use engine::{Cx, Engine, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, act, pass},
    kit::Doomed,
};

const STEPS: usize = 4;

/// Steps in a row, with places to die at around each.
#[derive(Serialize, Deserialize)]
struct Row {
    number: usize,
}

/// A step that can die in the middle.
#[derive(Serialize, Deserialize)]
struct Frail {
    name: String,
}

impl Job<World> for Frail {
    const NAME: &'static str = "frail";
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        pass(&cx, &self.name).await;
        Job::run(act(self.name), cx).await
    }
}

impl Job<World> for Row {
    const NAME: &'static str = "row";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let mut all = String::new();
        for step in 0..STEPS {
            pass(&cx, &format!("{} before {step}", self.number)).await;
            all += &cx.step(&format!("{step}"), Frail { name: format!("{}.{step}", self.number) }).await?;
        }
        pass(&cx, &format!("{} before {STEPS}", self.number)).await;
        Ok(all)
    }
}

fn build(engine: Engine<World>) -> Engine<World> {
    engine.job::<Row>().job::<Frail>().job::<Act>()
}

#[tokio::test]
async fn w01_results_are_reused_wherever_it_died() {
    let house = House::new().await;
    let mut places: Vec<String> = (0..=STEPS).map(|at| format!("{at} before {at}")).collect();
    places.push(format!("{}.2", STEPS + 1));
    for place in &places {
        house.world.note(format!("stop at {place}"));
    }
    let mut flows = Vec::new();
    for number in 0..places.len() {
        flows.push(house.put(&Row { number }).await);
    }
    let doomed = Doomed::start(&house, build);
    for place in &places {
        house.until_note(&format!("stopped at {place}"), 1).await;
    }
    doomed.kill(&house).await;
    let running = start(build(house.engine()));
    house.until_ended(i64::try_from(flows.len() * (STEPS + 1)).unwrap()).await;
    running.stop().await;
    for (number, flow) in flows.into_iter().enumerate() {
        assert_eq!(
            house.output::<String>(flow).await,
            (0..STEPS).map(|step| format!("{number}.{step}")).collect::<Vec<_>>().concat()
        );
        for step in 0..STEPS {
            assert_eq!(house.world.count(&format!("{number}.{step}")), 1, "step {step} of {number}");
        }
    }
}
