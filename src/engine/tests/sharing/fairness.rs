//! M: nobody stands in somebody else's way.

use std::time::Duration;

use engine::{Cx, Job, Limit, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{execute, put_all},
};

/// One at a time for each key.
#[derive(Serialize, Deserialize)]
struct Keyed {
    key: String,
    ms: u64,
}

impl Job<World> for Keyed {
    const NAME: &'static str = "keyed";
    const POLICY: Policy =
        Policy { limits: &[Limit::running("of_a_key", 1).by_key()], concurrency: 8, ..Policy::DEFAULT };
    type Output = ();

    fn limit_key(&self) -> Option<String> {
        Some(self.key.clone())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        tokio::time::sleep(Duration::from_millis(self.ms)).await;
        cx.world.note(self.key);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_a_key_at_its_limit_blocks_no_other_key() {
    let house = House::new().await;
    put_all(&house, 1, &(0..1000).map(|_| Keyed { key: "busy".to_owned(), ms: 100 }).collect::<Vec<_>>()).await;
    put_all(&house, 1, &(0..5).map(|n| Keyed { key: format!("k{n}"), ms: 0 }).collect::<Vec<_>>()).await;
    let engine = start(house.engine().job::<Keyed>());
    let others = "select count(*) from holdfast.done d join holdfast.job j on j.id = d.id where j.limit_key <> 'busy'";
    house.until(others, 5).await;
    let busy = house.world.count("busy");
    engine.stop().await;
    // All of them would take 100 seconds; four polls one behind the other would have let 10 go by.
    assert!(busy < 50, "{busy} came first");
}

/// As short as it gets.
#[derive(Serialize, Deserialize)]
struct Short {}

impl Job<World> for Short {
    const NAME: &'static str = "short";
    const POLICY: Policy = Policy { concurrency: 8, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(())
    }
}

fn shorts(many: usize) -> Vec<Short> {
    (0..many).map(|_| Short {}).collect()
}

/// 10 000 and not 50 000 jobs of the first tenant.
#[tokio::test(flavor = "multi_thread")]
async fn m05_ten_jobs_of_one_tenant_do_not_wait_for_ten_thousand_of_another() {
    let house = House::new().await;
    put_all(&house, 1, &shorts(10_000)).await;
    let engine = start(house.engine().job::<Short>());
    house.until_ended(200).await;
    put_all(&house, 2, &shorts(10)).await;
    house.until("select count(*) from holdfast.done where tenant = 2", 10).await;
    engine.stop().await;
    let between = "select count(*) from holdfast.done where tenant = 1
                   and started_at between (select min(created_at) from holdfast.job where tenant = 2) and (select max(started_at) from holdfast.done where tenant = 2)";
    let between = house.number(between).await;
    assert!(between < 1000, "{between} of the other tenant started before");
}

/// 2 000 and not 10 000 jobs.
#[tokio::test(flavor = "multi_thread")]
async fn m06_tenants_get_shares_by_their_weights() {
    let house = House::new().await;
    execute(&house, "insert into holdfast.share values (1, 3)").await;
    put_all(&house, 2, &shorts(2000)).await;
    put_all(&house, 1, &shorts(2000)).await;
    let engines = [(); 2].map(|()| start(house.engine().job::<Short>()));
    house.until_ended(2000).await;
    for engine in engines {
        engine.stop().await;
    }
    let first =
        "select count(*) from (select tenant from holdfast.done order by started_at limit 2000) d where tenant = 1";
    let first = house.number(first).await;
    assert!((1400..=1600).contains(&first), "{first} of 2000 instead of 1500");
}

#[tokio::test(flavor = "multi_thread")]
async fn m05_of_more_tenants_than_one_claim_looks_at_none_waits_for_the_others() {
    let house = House::new().await;
    house.client.register_kinds(&["short".to_owned()]).await.unwrap();
    execute(
        &house,
        "select holdfast.put((select id from holdfast.kind where name = 'short'), '{}', t, '', null, 0::smallint, null, '1 day', null, null, null, null, null, null, null)
         from generate_series(1, 5) n, generate_series(1, 400) t",
    )
    .await;
    let engine = start(house.engine().job::<Short>());
    house.until("select count(*) from holdfast.done where tenant > 300", 20).await;
    let low = house.number("select count(*) from holdfast.done where tenant < 100").await;
    engine.stop().await;
    assert!(low < 490, "the first tenants had to end before the last began");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_waits_without_harm_and_the_rest_goes_on() {
    let house = House::new().await;
    put_all(&house, 1, &shorts(20)).await;
    put_all(&house, 2, &shorts(5)).await;
    execute(&house, "select holdfast.pause('short', 1, 'they asked', 'ops')").await;
    let engine = start(house.engine().job::<Short>());
    house.until("select count(*) from holdfast.done where tenant = 2", 5).await;
    house.until("select count(*) from holdfast.held", 20).await;
    assert_eq!(house.number("select count(*) from holdfast.done where tenant = 1").await, 0);
    assert_eq!(house.number("select holdfast.resume('short', 1)::integer::bigint").await, 1);
    assert_eq!(house.number("select holdfast.resume('short', 1)::integer::bigint").await, 0);
    house.until_ended(25).await;
    engine.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1").await, 0);
}
