//! K: who was given up for dead changes nothing any more.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{execute, ghost, on, put_all, switches, texts, until_on},
};

/// Tries everything, as its first attempt, once it has lost its claim.
#[derive(Serialize, Deserialize)]
struct Frozen {}

/// Nothing but a step.
#[derive(Serialize, Deserialize)]
struct Child {}

impl Job<World> for Child {
    const NAME: &'static str = "child";
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Ok(())
    }
}

impl Job<World> for Frozen {
    const NAME: &'static str = "frozen";
    const POLICY: Policy = Policy { timeout: Duration::from_mins(1), ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let lost = "select count(*) from holdfast.attempt where ending = 'lost'";
        let pool = cx.world.pool.clone();
        if sqlx::query_scalar::<_, i64>(lost).fetch_one(&pool).await? > 0 {
            // The second owner ends when the first one has tried.
            until_on(&pool, "tried").await;
            return Ok("second".to_owned());
        }
        sqlx::query("insert into switch values ('begun')").execute(&pool).await?;
        while sqlx::query_scalar::<_, i64>(lost).fetch_one(&pool).await? == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut tx = engine::begin(&pool).await?;
        cx.world.note(format!("fence {:?}", cx.fence(&mut tx).await));
        cx.world.note(format!("heartbeat {:?}", cx.heartbeat(&1).await));
        cx.world.note(format!("step {:?}", cx.step("child", Child {}).await));
        sqlx::query("insert into switch values ('effect')").execute(&mut *tx).await?;
        cx.world.note(format!("finish {:?}", cx.finish(tx, 1).await));
        sqlx::query("insert into switch values ('tried')").execute(&pool).await?;
        Ok("first".to_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k02_all_that_a_fenced_attempt_writes_is_refused() {
    let house = House::new().await;
    switches(&house).await;
    let engine = start(house.engine().job::<Frozen>().job::<Child>());
    put_all(&house, 1, &[Frozen {}]).await;
    until_on(&house.pool, "begun").await;
    execute(&house, "select holdfast.rescue_claim(id, 'it froze') from holdfast.claim").await;
    house.until_ended(1).await;
    engine.stop().await;
    let fenced: [String; 4] =
        ["fence", "heartbeat", "step", "finish"].map(|what| format!("{what} {:?}", Err::<(), _>(Stop::Fenced)));
    assert_eq!(house.world.diary(), fenced);
    assert_eq!(texts(&house, "select output::text from holdfast.done").await, ["\"second\""]);
    let left = "select (select count(*) from holdfast.progress) + (select count(*) from holdfast.step) + (select count(*) from switch where name = 'effect')";
    assert_eq!(house.number(left).await, 0);
}

/// Ends when the switch `end` is on.
#[derive(Serialize, Deserialize)]
struct Patient {}

impl Job<World> for Patient {
    const NAME: &'static str = "patient";
    const POLICY: Policy = Policy { timeout: Duration::from_mins(1), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("started");
        until_on(&cx.world.pool, "end").await;
        cx.world.note("ended");
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k03_a_successor_of_the_same_name_owns_nothing_of_its_predecessor() {
    let house = House::new().await;
    put_all(&house, 1, &[Child {}]).await;
    ghost(&house, 1).await;
    let old: i64 = house.number("select id from holdfast.claim").await;
    execute(&house, "select holdfast.rescue('0 s', '0 s')").await;
    ghost(&house, 1).await;
    let (job, new) =
        (house.number("select id from holdfast.job").await, house.number("select id from holdfast.claim").await);
    let back = "select holdfast.postpone($1, $2, 0::smallint, 0::smallint, '1 s', null, null, clock_timestamp(), 1)";
    for (claim, ours) in [(old, false), (new, true), (new, false)] {
        let took: bool = sqlx::query_scalar(back).bind(claim).bind(job).fetch_one(&house.pool).await.unwrap();
        assert_eq!(took, ours, "claim {claim}");
    }
    assert_eq!(house.number("select count(*) from holdfast.later").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn k11_a_worker_that_comes_back_finds_one_new_owner_and_starts_anew() {
    let house = House::new().await;
    switches(&house).await;
    put_all(&house, 1, &[Patient {}]).await;
    let first = start(house.engine().job::<Patient>());
    house.until("select count(*) from holdfast.claim", 1).await;
    let old = house.number("select id from holdfast.worker").await;
    // What the others see of a worker that has no database. In one transaction: its next beat would undo the first half.
    let lost = "update holdfast.worker set beat_at = clock_timestamp() - interval '20 s'; select holdfast.rescue('8 s', '2 s')";
    execute(&house, lost).await;
    let second = start(house.engine().job::<Patient>());
    house.until("select count(*) from holdfast.claim", 1).await;
    house.until("select count(*) from holdfast.worker", 2).await;
    assert_eq!(house.number("select count(*) from holdfast.claim").await, 1);
    on(&house, "end").await;
    house.until_ended(1).await;
    first.stop().await;
    second.stop().await;
    assert_ne!(house.number("select worker from holdfast.done").await, old);
    assert_eq!(house.world.count("ended"), 1, "the old attempt was dropped");
    assert_eq!(house.number("select count(*) from holdfast.done").await, 1);
}
