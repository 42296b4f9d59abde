//! W4: branches that fail beside others that do not.

use engine::{Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, Flaky, Linger, act, doomed, linger},
};

/// What depends on the failed branch is left out; the others go on.
#[derive(Serialize, Deserialize)]
struct Tolerant {}

impl Job<World> for Tolerant {
    const NAME: &'static str = "tolerant";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Vec<String>;

    async fn run(self, cx: Cx<World>) -> Outcome<Vec<String>> {
        let left = async {
            let Err(failure) = cx.try_step("left", doomed("left")).await? else { return Err(Stop::fail("?")) };
            Ok::<_, Stop>(failure.error)
        };
        let right = async {
            cx.step("right", act("right")).await?;
            cx.step("after right", act("after right")).await
        };
        let (left, right) = futures_util::join!(left, right);
        Ok(vec![left?, right?])
    }
}

/// Fails with its first failed branch.
#[derive(Serialize, Deserialize)]
struct Strict {}

impl Job<World> for Strict {
    const NAME: &'static str = "strict";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        futures_util::try_join!(cx.step("slow", linger("slow")), cx.step("doomed", doomed("doomed")))?;
        cx.step("never", act("never")).await.map(drop)
    }
}

#[tokio::test]
async fn w04_what_depends_on_a_failed_branch_is_left_out_or_fails_with_it() {
    let house = House::new().await;
    let (tolerant, strict) = (house.put(&Tolerant {}).await, house.put(&Strict {}).await);
    let running = start(house.engine().job::<Tolerant>().job::<Strict>().job::<Act>().job::<Flaky>().job::<Linger>());
    house.until_state(strict, "dead").await;
    assert!(house.error(strict).await.contains("step doomed did not complete: no use"));
    house.world.note("let slow go");
    house.until_ended(7).await;
    running.stop().await;
    assert_eq!(house.output::<Vec<String>>(tolerant).await, ["no use", "after right"]);
    assert_eq!((house.world.count("slow"), house.world.count("never")), (1, 0), "siblings finish");
}
