//! D: an engine that ends, and those that come after it. What a second signal does is told in `src/shutdown.rs`.

use std::time::Duration;

use engine::{Client, Cx, EngineError, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    house::{House, World, start},
    kit::{execute, on, put_all, switches, until_on},
};

/// Ends when the switch `end` is on.
#[derive(Serialize, Deserialize)]
struct Lasting {}

impl Job<World> for Lasting {
    const NAME: &'static str = "lasting";
    const POLICY: Policy = Policy { concurrency: 2, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("started");
        until_on(&cx.world.pool, "end").await;
        cx.world.note("ended");
        Ok(())
    }
}

fn lasting(many: usize) -> Vec<Lasting> {
    (0..many).map(|_| Lasting {}).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn d01_a_drain_claims_nothing_more_beats_on_and_ends_what_runs() {
    let house = House::new().await;
    switches(&house).await;
    put_all(&house, 1, &lasting(6)).await;
    let engine = start(house.engine().grace(Duration::from_secs(30)).job::<Lasting>());
    house.until("select coalesce(sum(cardinality(ids)), 0)::bigint from holdfast.claim", 2).await;
    let stopping = tokio::spawn(engine.stop());
    house.until("select count(*) from holdfast.worker where draining", 1).await;
    execute(&house, "create table beat as select beat_at from holdfast.worker").await;
    house.until("select count(*) from holdfast.worker w, beat b where w.beat_at > b.beat_at + interval '1 s'", 1).await;
    on(&house, "end").await;
    stopping.await.unwrap();
    assert_eq!((house.world.count("started"), house.world.count("ended")), (2, 2));
    assert_eq!(house.number("select count(*) from holdfast.done").await, 2);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 4);
    assert_eq!(
        house.number("select (select count(*) from holdfast.worker) + (select count(*) from holdfast.claim)").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn d02_d07_past_the_grace_all_goes_back_at_no_cost() {
    let house = House::new().await;
    switches(&house).await;
    put_all(&house, 1, &lasting(6)).await;
    let engine = start(house.engine().grace(Duration::from_millis(200)).job::<Lasting>());
    house.until("select coalesce(sum(cardinality(ids)), 0)::bigint from holdfast.claim", 2).await;
    engine.stop().await;
    let free = "select (select count(*) from holdfast.ready where attempts = 0 and losses = 0)
                     + (select count(*) from holdfast.later where attempts = 0 and losses = 0 and run_at <= clock_timestamp())";
    assert_eq!(house.number(free).await, 6);
    assert_eq!(
        house.number("select (select count(*) from holdfast.attempt) + (select count(*) from holdfast.claim)").await,
        0
    );
    on(&house, "end").await;
    let engine = start(house.engine().job::<Lasting>());
    house.until_ended(6).await;
    engine.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1").await, 0);
}

/// Over in a moment.
#[derive(Serialize, Deserialize)]
struct Brief {}

impl Job<World> for Brief {
    const NAME: &'static str = "brief";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        cx.world.note(cx.id().to_string());
        Ok(())
    }
}

/// 1 000 jobs, and as fast as this machine is; `ops/bench` measures the waits.
#[tokio::test(flavor = "multi_thread")]
async fn d04_a_rolling_deploy_loses_nothing_and_runs_nothing_twice() {
    let house = House::new().await;
    house.client.register_kinds(&["brief".to_owned()]).await.unwrap();
    let (pool, client) = (house.pool.clone(), Client::new(house.pool.clone()));
    let producer = tokio::spawn(async move {
        for _ in 0..100 {
            let mut tx = engine::begin(&pool).await.unwrap();
            client.enqueue_all(&mut tx, 1, &(0..10).map(|_| Brief {}).collect::<Vec<_>>()).await.unwrap();
            client.commit(tx).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut old = start(house.engine().job::<Brief>());
    for release in 1..=3 {
        house.until_ended(250 * release).await;
        let new = start(house.engine().job::<Brief>());
        house.until("select count(*) from holdfast.worker", 2).await;
        std::mem::replace(&mut old, new).stop().await;
    }
    producer.await.unwrap();
    house.until_ended(1000).await;
    old.stop().await;
    let mut ran = house.world.diary();
    ran.sort();
    ran.dedup();
    assert_eq!((ran.len(), house.world.diary().len()), (1000, 1000));
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn d05_a_binary_refuses_functions_that_it_does_not_know() {
    let house = House::new().await;
    put_all(&house, 1, &[Brief {}]).await;
    execute(
        &house,
        "create or replace function holdfast.protocol() returns integer language sql immutable return 1000",
    )
    .await;
    let refused = house.engine().job::<Brief>().run(CancellationToken::new()).await.unwrap_err();
    assert!(matches!(refused, EngineError::Protocol { found: 1000 }), "{refused}");
    assert!(refused.to_string().contains("run the release that fits"), "{refused}");
    assert_eq!(house.number("select count(*) from holdfast.worker").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1);
}
