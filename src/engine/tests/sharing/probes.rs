//! B: how a breaker finds out that its dependency is back, and what then happens.

use std::time::Duration;

use engine::{Breaker, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{QUICK, execute, ghost, is_on, off, on, put_all, switches, texts},
};

const BREAKER: Breaker = Breaker {
    failures: 3,
    wait: Duration::from_millis(300),
    wait_at_most: Duration::from_millis(300),
    ..Breaker::new("slow_provider")
};

/// Takes its time with a dependency that is down while `down` is on.
#[derive(Serialize, Deserialize)]
struct Ask {
    ms: u64,
}

impl Job<World> for Ask {
    const NAME: &'static str = "ask";
    const POLICY: Policy = Policy { attempts: 100, backoff: QUICK, breaker: Some(BREAKER), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("asked");
        if is_on(&cx.world.pool, "down").await {
            return Err(Stop::unavailable("503", None));
        }
        tokio::time::sleep(Duration::from_millis(self.ms)).await;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b02_half_open_lets_two_probes_of_all_engines_through() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &(0..60).map(|_| Ask { ms: 0 }).collect::<Vec<_>>()).await;
    let engines = [(); 3].map(|()| start(house.engine().job::<Ask>()));
    // All of what was under way when it opened has come back.
    house.until("select count(*) from holdfast.breaker where opened >= 2", 1).await;
    house.until("select count(*) from holdfast.held", 58).await;
    let opened = "select opened::bigint from holdfast.breaker";
    let (asked, before) = (house.world.diary().len(), house.number(opened).await);
    house.until(opened, before + 4).await;
    let (asked, periods) = (house.world.diary().len() - asked, house.number(opened).await - before + 1);
    off(&house, "down").await;
    house.until_ended(60).await;
    for engine in engines {
        engine.stop().await;
    }
    assert!(asked > 0 && asked <= 2 * usize::try_from(periods).unwrap(), "{asked} probes in {periods} times half open");
}

#[tokio::test]
async fn b02_a_probe_that_has_ended_gives_its_place_to_nobody() {
    let house = House::new().await;
    let engine = start(house.engine().job::<Ask>());
    house.until("select count(*) from holdfast.breaker_rule", 1).await;
    engine.stop().await;
    put_all(&house, 1, &(0..5).map(|_| Ask { ms: 0 }).collect::<Vec<_>>()).await;
    execute(&house, "select holdfast.force_breaker('slow_provider', -1, true, 'test', 'ops', '0 s')").await;
    execute(&house, "select holdfast.tend()").await;
    ghost(&house, 10).await;
    let back = "select holdfast.postpone(id, ids[1], 1::smallint, 0::smallint, '1 hour', 'failed', '503', clock_timestamp(), 1) from holdfast.claim";
    execute(&house, back).await;
    execute(&house, "select holdfast.tend()").await;
    ghost(&house, 10).await;
    assert_eq!(house.number("select sum(cardinality(ids))::bigint from holdfast.claim").await, 2);
    assert_eq!(house.number("select count(*) from holdfast.held").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn b02_a_probe_that_tells_nothing_makes_room_for_another() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &(0..10).map(|_| Ask { ms: 0 }).collect::<Vec<_>>()).await;
    let engine = start(house.engine().job::<Ask>());
    house.until("select count(*) from holdfast.breaker where state = 'open'", 1).await;
    engine.stop().await;
    // Two probes die with their worker.
    sqlx::raw_sql(
        "update holdfast.breaker set state = 'half_open', since = clock_timestamp(), until = null;
         insert into holdfast.slot select id, 1 from holdfast.breaker;
         insert into holdfast.slot select id, 2 from holdfast.breaker;",
    )
    .execute(&house.pool)
    .await
    .unwrap();
    off(&house, "down").await;
    let engine = start(house.engine().job::<Ask>());
    house.until_ended(10).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b06_what_waited_starts_slowly_when_the_breaker_closes() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &(0..80).map(|_| Ask { ms: 120 }).collect::<Vec<_>>()).await;
    let engines = [(); 2].map(|()| start(house.engine().job::<Ask>()));
    house.until("select count(*) from holdfast.held", 60).await;
    off(&house, "down").await;
    let mut most = 0;
    while house.number("select count(*) from holdfast.done").await < 80 {
        let first_second = "select count(*) from holdfast.slot s join holdfast.breaker b on b.id = s.gate
                            where b.state = 'recovering' and b.since > clock_timestamp() - interval '0.9 s'";
        most = most.max(house.number(first_second).await);
    }
    for engine in engines {
        engine.stop().await;
    }
    assert!((1..=4).contains(&most), "{most} at once in the first second");
}

/// Too late is too late.
#[derive(Serialize, Deserialize)]
struct Fresh {}

impl Job<World> for Fresh {
    const NAME: &'static str = "fresh";
    const POLICY: Policy = Policy { deadline: Some(Duration::from_secs(1)), ..Ask::POLICY };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("fresh");
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b06_a_deadline_that_passes_behind_an_open_breaker_ends_the_job() {
    let house = House::new().await;
    let engine = start(house.engine().job::<Fresh>());
    house.until("select count(*) from holdfast.breaker_rule", 1).await;
    let open = "select holdfast.force_breaker('slow_provider', -1, true, 'test', 'ops', '1 hour')";
    sqlx::query(open).execute(&house.pool).await.unwrap();
    put_all(&house, 1, &[Fresh {}]).await;
    house.until_ended(1).await;
    engine.stop().await;
    assert_eq!(texts(&house, "select ending from holdfast.attempt").await, ["expired"]);
    assert_eq!(house.world.diary(), [""; 0]);
}
