//! L: a first job that does not get anywhere.

use std::time::Duration;

use engine::{Cx, DeadHead, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{QUICK, execute, is_on, most_at_once, off, on, put_all, switches, texts},
};

/// Fails while `broken` is on; its dead head parks the lane.
#[derive(Serialize, Deserialize)]
struct Strict {
    lane: String,
    number: u32,
}

impl Job<World> for Strict {
    const NAME: &'static str = "strict";
    const POLICY: Policy = Policy { attempts: 2, backoff: QUICK, dead_head: DeadHead::Park, ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(self.lane.clone())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        if is_on(&cx.world.pool, &format!("broken{}{}", self.lane, self.number)).await {
            return Err(Stop::retry("broken"));
        }
        cx.world.note(format!("{}{}", self.lane, self.number));
        Ok(())
    }
}

fn strict(lane: &str, numbers: std::ops::Range<u32>) -> Vec<Strict> {
    numbers.map(|number| Strict { lane: lane.to_owned(), number }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn l02_a_dead_head_parks_its_own_lane_until_somebody_acts() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "brokena0").await;
    let ids = put_all(&house, 1, &strict("a", 0..3)).await;
    put_all(&house, 1, &strict("b", 0..3)).await;
    let engine = start(house.engine().job::<Strict>());
    house.until_ended(4).await;
    assert_eq!(house.world.diary(), ["b0", "b1", "b2"]);
    assert_eq!([house.state(ids[0]).await, house.state(ids[1]).await], ["dead", "blocked"]);
    let parked = "select count(*) from holdfast.lane l join holdfast.done d on d.id = l.holder";
    assert_eq!(house.number(parked).await, 1, "an operator can see it");
    // Retried, it is still the first; let go, the second one goes on.
    off(&house, "brokena0").await;
    on(&house, "brokena1").await;
    sqlx::query("select holdfast.retry(array[$1])").bind(ids[0]).execute(&house.pool).await.unwrap();
    house.until("select count(*) from holdfast.done where outcome = 1 and id <> 0 and attempts = 2", 1).await;
    house.until_ended(5).await;
    assert_eq!(house.world.diary()[3..], ["a0"]);
    assert_eq!(house.state(ids[1]).await, "dead");
    assert_eq!(house.number("select holdfast.unpark_lane('a')::integer::bigint").await, 1);
    house.until_ended(6).await;
    assert_eq!(house.number("select holdfast.unpark_lane('a')::integer::bigint").await, 0);
    engine.stop().await;
    assert_eq!(house.world.diary()[3..], ["a0", "a2"]);
}

/// Fails while `broken` is on; a dead one is skipped.
#[derive(Serialize, Deserialize)]
struct Lenient {
    number: u32,
}

impl Job<World> for Lenient {
    const NAME: &'static str = "lenient";
    const POLICY: Policy =
        Policy { attempts: 2, backoff: QUICK, timeout: Duration::from_millis(400), ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some("lenient".to_owned())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        if is_on(&cx.world.pool, "hangs").await && self.number == 0 {
            return std::future::pending().await;
        }
        if is_on(&cx.world.pool, "broken").await {
            return Err(Stop::fail("broken"));
        }
        cx.world.note(format!("+{:02}", self.number));
        tokio::time::sleep(Duration::from_millis(5)).await;
        cx.world.note(format!("-{:02}", self.number));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l03_dead_jobs_that_are_retried_together_run_in_their_order() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "broken").await;
    put_all(&house, 1, &(0..20).map(|number| Lenient { number }).collect::<Vec<_>>()).await;
    let engines = [(); 2].map(|()| start(house.engine().job::<Lenient>()));
    house.until("select count(*) from holdfast.done where outcome = 1", 20).await;
    off(&house, "broken").await;
    execute(&house, "select holdfast.retry(array(select id from holdfast.done order by random()))").await;
    house.until("select count(*) from holdfast.done where outcome = 0", 20).await;
    for engine in engines {
        engine.stop().await;
    }
    let diary = house.world.diary();
    assert_eq!(most_at_once(&diary).0, 1);
    assert!(diary.iter().step_by(2).is_sorted(), "{diary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn l06_a_head_that_hangs_every_time_lets_go_of_its_lane() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "hangs").await;
    put_all(&house, 1, &(0..2).map(|number| Lenient { number }).collect::<Vec<_>>()).await;
    let engine = start(house.engine().job::<Lenient>());
    house.until_ended(2).await;
    engine.stop().await;
    assert_eq!(texts(&house, "select ending from holdfast.attempt").await, ["timed_out", "timed_out"]);
    assert_eq!(house.world.diary(), ["+01", "-01"]);
    assert_eq!(house.number("select count(*) from holdfast.lane").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn l06_who_waits_behind_a_job_that_is_cancelled_goes_on() {
    let house = House::new().await;
    switches(&house).await;
    let ids = put_all(&house, 1, &(0..3).map(|number| Lenient { number }).collect::<Vec<_>>()).await;
    // The later two were looked at first, as those of a tenant whose turn it was.
    execute(&house, "create table first_one as select * from holdfast.ready order by id limit 1").await;
    execute(&house, "delete from holdfast.ready where id = (select id from first_one)").await;
    execute(
        &house,
        "insert into holdfast.blocked select lane, id, kind, priority, attempts, losses, tenant from holdfast.ready",
    )
    .await;
    execute(&house, "truncate holdfast.ready").await;
    execute(&house, "insert into holdfast.ready select * from first_one").await;
    sqlx::query("select holdfast.cancel(array[$1], 'not wanted')").bind(ids[0]).execute(&house.pool).await.unwrap();
    let engine = start(house.engine().job::<Lenient>());
    house.until_ended(3).await;
    engine.stop().await;
    assert_eq!(house.world.diary(), ["+01", "-01", "+02", "-02"]);
}
