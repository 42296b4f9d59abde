//! What happened to a job, and in a workflow.

use std::time::Duration;

use engine::{
    Backoff, Cx, Job, Outcome, Policy, Sight, Stop,
    inspect::{self, Entry, What},
};
use serde::{Deserialize, Serialize};

use crate::house::{House, World, start};

const QUICK: Backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(40));

/// Fails twice, snoozes, and completes.
#[derive(Serialize, Deserialize)]
struct Moody {}

impl Job<World> for Moody {
    const NAME: &'static str = "moody";
    const POLICY: Policy = Policy { attempts: 5, backoff: QUICK, ..Policy::DEFAULT };
    type Output = u32;

    async fn run(self, cx: Cx<World>) -> Outcome<u32> {
        cx.world.note("run");
        match cx.world.count("run") {
            1 => Err(Stop::retry("first")),
            2 => Err(Stop::retry("second")),
            3 => Err(Stop::snooze(Duration::from_millis(20), "tired")),
            _ => Ok(7),
        }
    }
}

/// Does something, or undoes it, or cannot.
#[derive(Serialize, Deserialize)]
struct Act {
    fails: bool,
}

impl Job<World> for Act {
    const NAME: &'static str = "act";
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        if self.fails { Err(Stop::fail("no use")) } else { Ok(()) }
    }
}

/// A nap, a decision, two steps with an opposite, and one that fails.
#[derive(Serialize, Deserialize)]
struct Journey {}

impl Job<World> for Journey {
    const NAME: &'static str = "journey";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::WORKFLOW };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.patched("longer").await?;
        cx.sleep("nap", Duration::from_millis(5)).await?;
        let mut saga = cx.saga();
        let outcome = async {
            saga.step("train", Act { fails: false }, |()| Act { fails: false }).await?;
            saga.step("hotel", Act { fails: false }, |()| Act { fails: false }).await?;
            cx.step("dinner", Act { fails: true }).await
        }
        .await;
        saga.close(outcome).await
    }
}

async fn run_to_end<J: Job<World>>(house: &House, job: &J) -> i64 {
    let id = house.put(job).await;
    let running = start(house.engine().job::<Moody>().job::<Act>().job::<Journey>());
    house.until(&*Box::leak(format!("select count(*) from holdfast.done where id = {id}").into_boxed_str()), 1).await;
    running.stop().await;
    id
}

#[tokio::test]
async fn a_timeline_tells_failures_rests_and_the_end() {
    let house = House::new().await;
    let id = run_to_end(&house, &Moody {}).await;
    let mut conn = house.pool.acquire().await.unwrap();
    let page = inspect::job(&mut conn, Sight::of(1), id).await.unwrap().unwrap();
    let told: Vec<String> = page
        .timeline
        .iter()
        .map(|event| match &event.what {
            What::Failed(attempt) => {
                format!("{} {} {}", attempt.number, attempt.ending, attempt.error.as_deref().unwrap_or_default())
            }
            What::Waited { snoozed, until } => {
                assert!(*until > event.at);
                format!("rest, snoozed {snoozed}")
            }
            What::Finished { state, attempts } => format!("{state} {attempts}"),
            other => format!("{other:?}").split([' ', '{']).next().unwrap().to_owned(),
        })
        .collect();
    let expected = [
        "Enqueued",
        "1 failed first",
        "rest, snoozed false",
        "2 failed second",
        "rest, snoozed false",
        "3 snoozed tired",
        "rest, snoozed true",
        "Succeeded",
        "completed 3",
    ];
    assert_eq!(told, expected);
    assert_eq!(
        (page.job.output.as_ref().unwrap().get(), page.job.state.as_str(), page.why_waiting),
        ("7", "completed", None)
    );
    assert_eq!(page.job.payload.get(), "{}");
}

#[tokio::test]
async fn a_flow_that_was_undone_tells_what_undid_what_and_why() {
    let house = House::new().await;
    let id = run_to_end(&house, &Journey {}).await;
    let mut conn = house.pool.acquire().await.unwrap();
    let flow = inspect::flow(&mut conn, Sight::of(1), id).await.unwrap().unwrap();
    let told: Vec<String> = flow
        .lines
        .iter()
        .map(|line| match &line.entry {
            Entry::Step(step) => {
                assert_eq!(step.beside.len(), 0);
                format!(
                    "{}: {}{}",
                    line.name,
                    step.state.as_deref().unwrap(),
                    step.undoes.as_ref().map(|what| format!(", undoes {what}")).unwrap_or_default()
                )
            }
            Entry::Wait { over, .. } => format!("{}: over {over}", line.name),
            Entry::Patch { new } => format!("{}: {new}", line.name),
            Entry::Undoing { why } => format!("undoing: {why}"),
            other => format!("{other:?}"),
        })
        .collect();
    let expected = [
        "patch longer: true",
        "nap: over true",
        "train: completed",
        "hotel: completed",
        "dinner: dead",
        "undoing: step dinner did not complete: no use",
        "undo hotel: completed, undoes hotel",
        "undo train: completed, undoes train",
    ];
    assert_eq!(told, expected);
    assert_eq!(flow.undone_for.as_deref(), Some("step dinner did not complete: no use"));
    assert_eq!((flow.state.as_str(), flow.why_waiting, flow.more), ("dead", None, false));
    let child = flow.lines.iter().find_map(|line| match &line.entry {
        Entry::Step(step) => step.job,
        _ => None,
    });
    assert!(inspect::flow(&mut conn, Sight::of(1), child.unwrap()).await.unwrap().is_none(), "a step is no workflow");
}
