//! W7, W8: what was done is undone, once and to the end.

use engine::{Backoff, Cx, Engine, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Flaky, Linger, QUICK, act, doomed, pass},
    kit::Doomed,
};

/// Three steps that have an opposite, then an end of its own.
#[derive(Serialize, Deserialize)]
pub struct Journey {
    pub name: String,
    pub end: End,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Arrives,
    StepFails,
    /// Its attempts fail, one after the other; a later one would not.
    Unlucky,
}

/// Undoes a step, unless that is impossible.
#[derive(Serialize, Deserialize)]
pub struct Undo {
    pub of: String,
}

impl Job<World> for Undo {
    const NAME: &'static str = "undo";
    const POLICY: Policy = Policy { attempts: 2, backoff: QUICK, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        pass(&cx, &format!("undo {}", self.of)).await;
        cx.world.note(format!("undo {}", self.of));
        if cx.world.count(&format!("{} stays", self.of)) > 0 { Err(Stop::retry("it sticks")) } else { Ok(()) }
    }
}

impl Journey {
    async fn go(&self, cx: &Cx<World>, saga: &mut engine::Saga<World>) -> Outcome<String> {
        let mut all = String::new();
        for leg in ["a", "b", "c"] {
            let name = format!("{} {leg}", self.name);
            all += &saga.step(leg, act(&name), |output| Undo { of: output.clone() }).await?;
        }
        match self.end {
            End::StepFails => cx.step("end", doomed("end")).await,
            End::Unlucky if cx.world.count(&format!("{} undone", self.name)) == 0 => Err(Stop::retry("bad luck")),
            End::Unlucky => cx.step("end", act("arrived after all")).await,
            End::Arrives => Ok(all),
        }
    }
}

impl Job<World> for Journey {
    const NAME: &'static str = "journey";
    const POLICY: Policy =
        Policy { attempts: 2, backoff: Backoff::exponential(QUICK_FIRST, QUICK_FIRST), ..Policy::WORKFLOW };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let mut saga = cx.saga();
        let outcome = self.go(&cx, &mut saga).await;
        saga.close(outcome).await
    }
}

const QUICK_FIRST: std::time::Duration = std::time::Duration::from_millis(20);

pub fn build(engine: Engine<World>) -> Engine<World> {
    engine.job::<Journey>().job::<Act>().job::<Undo>().job::<Flaky>().job::<Linger>()
}

fn journey(name: &str, end: End) -> Journey {
    Journey { name: name.to_owned(), end }
}

fn undone(house: &House, name: &str) -> Vec<String> {
    let start = format!("undo {name} ");
    house.world.diary().into_iter().filter(|line| line.starts_with(&start)).collect()
}

#[tokio::test]
async fn w07_a_failed_saga_is_undone_in_the_opposite_order() {
    let house = House::new().await;
    let (fails, arrives) =
        (house.put(&journey("1", End::StepFails)).await, house.put(&journey("2", End::Arrives)).await);
    let unlucky = house.put(&journey("3", End::Unlucky)).await;
    let running = start(build(house.engine()));
    for (flow, state) in [(fails, "dead"), (arrives, "completed"), (unlucky, "dead")] {
        house.until_state(flow, state).await;
    }
    running.stop().await;
    assert_eq!(house.error(fails).await, "step end did not complete: no use");
    assert_eq!(undone(&house, "1"), ["undo 1 c", "undo 1 b", "undo 1 a"]);
    assert_eq!(house.output::<String>(arrives).await, "2 a2 b2 c");
    assert_eq!(undone(&house, "2").len(), 0);
    assert_eq!((house.error(unlucky).await.as_str(), house.attempts(unlucky, "failed").await), ("bad luck", 2));
    assert_eq!(undone(&house, "3"), ["undo 3 c", "undo 3 b", "undo 3 a"], "only when the last attempt failed");
}

/// The attempt that came after the crash would go through; the saga, half undone, must not.
#[tokio::test]
async fn w07_a_crash_in_the_middle_of_undoing_changes_nothing() {
    let house = House::new().await;
    house.world.note("stop at undo 1 b");
    house.world.note("stop at undo 2 b");
    let (fails, unlucky) =
        (house.put(&journey("1", End::StepFails)).await, house.put(&journey("2", End::Unlucky)).await);
    let dying = Doomed::start(&house, build);
    house.until_note("stopped at undo 1 b", 1).await;
    house.until_note("stopped at undo 2 b", 1).await;
    house.world.note("2 undone");
    dying.kill(&house).await;
    let running = start(build(house.engine()));
    house.until_state(fails, "dead").await;
    house.until_state(unlucky, "dead").await;
    running.stop().await;
    for name in ["1", "2"] {
        let expected: Vec<String> = ["c", "b", "a"].iter().map(|leg| format!("undo {name} {leg}")).collect();
        assert_eq!(undone(&house, name), expected);
    }
    assert_eq!(house.error(unlucky).await, "bad luck");
    assert_eq!(house.world.count("arrived after all"), 0);
}

#[tokio::test]
async fn w08_what_cannot_be_undone_needs_a_person() {
    let house = House::new().await;
    house.world.note("1 b stays");
    let flow = house.put(&journey("1", End::StepFails)).await;
    let running = start(build(house.engine()));
    house.until_state(flow, "dead").await;
    let error = house.error(flow).await;
    assert!(error.starts_with("needs a person: not undone: b (it sticks)"), "{error}");
    assert!(error.contains("step end did not complete"), "{error}");
    let tried = ["undo 1 c", "undo 1 b", "undo 1 b", "undo 1 a"];
    assert_eq!(undone(&house, "1"), tried, "with its own attempts, and the others all the same");
    // A person has seen to it, and has it tried again: nothing else is.
    sqlx::query("update holdfast.job set payload = json_build_object('of', '1 b, freed') where payload::text like '%1 b%' and kind = (select id from holdfast.kind where name = 'undo')")
        .execute(&house.pool)
        .await
        .unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(engine::operate::retry(&mut conn, &[flow]).await.unwrap()[0].result, "retried");
    house.until_note("undo 1 b, freed", 1).await;
    house.until_state(flow, "dead").await;
    running.stop().await;
    assert_eq!(house.error(flow).await, "step end did not complete: no use");
    assert_eq!(house.world.count("end tried"), 1, "what failed before is not tried again once it is undone");
}

/// Panics on its only attempt, with a step to undo.
#[derive(Serialize, Deserialize)]
struct Panics {}

impl Job<World> for Panics {
    const NAME: &'static str = "panics";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::WORKFLOW };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut saga = cx.saga();
        saga.step("a", act("a"), |_| Undo { of: "a".to_owned() }).await?;
        panic!("a defect");
    }
}

#[tokio::test]
async fn w08_a_saga_that_is_never_closed_needs_a_person() {
    let house = House::new().await;
    let flow = house.put(&Panics {}).await;
    let running = start(build(house.engine()).job::<Panics>());
    house.until_state(flow, "dead").await;
    running.stop().await;
    let error = house.error(flow).await;
    assert!(error.starts_with("needs a person") && error.contains("a defect"), "{error}");
}
