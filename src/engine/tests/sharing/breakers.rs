//! B: while a dependency is down, nothing is asked of it.

use std::time::Duration;

use engine::{Breaker, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{QUICK, execute, is_on, off, on, put_all, switches, texts},
};

/// Asks a dependency that is down while `down` is on, and refuses a tenant while `refused<tenant>` is on.
#[derive(Serialize, Deserialize)]
struct Call {}

impl Job<World> for Call {
    const NAME: &'static str = "call";
    const POLICY: Policy = Policy {
        attempts: 20,
        backoff: QUICK,
        concurrency: 4,
        breaker: Some(Breaker { failures: 3, wait: Duration::from_millis(800), ..Breaker::new("provider") }),
        ..Policy::DEFAULT
    };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(format!("tenant {}", cx.tenant()));
        if is_on(&cx.world.pool, "down").await {
            return Err(Stop::unavailable("503", None));
        }
        if is_on(&cx.world.pool, &format!("refused{}", cx.tenant())).await {
            return Err(Stop::denied("401"));
        }
        Ok(())
    }
}

fn calls(many: usize) -> Vec<Call> {
    (0..many).map(|_| Call {}).collect()
}

const OPEN: &str = "select count(*) from holdfast.breaker where state = 'open'";

#[tokio::test(flavor = "multi_thread")]
async fn b01_all_engines_stop_asking_and_what_waits_burns_no_attempts() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &calls(60)).await;
    let engines = [(); 2].map(|()| start(house.engine().job::<Call>()));
    house.until(OPEN, 1).await;
    // Longer than any backoff: what failed waits at the breaker, too.
    house.until("select count(*) from holdfast.held", 60).await;
    let asked = house.world.diary().len();
    // Both engines' slots, filled again before the third failure was told, and the probes of the time since.
    assert!(asked <= 30, "{asked} calls of a dependency that is down");
    assert!(house.number("select count(*) from holdfast.held where attempts = 0").await >= 30);
    off(&house, "down").await;
    house.until_ended(60).await;
    house.until("select count(*) from holdfast.breaker where state = 'closed' and tenant = -1", 1).await;
    for engine in engines {
        engine.stop().await;
    }
    assert_eq!(house.number("select count(*) from holdfast.done where outcome <> 0").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.slot").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn b03_an_open_breaker_survives_a_restart_and_tells_why_since_when_and_until_when() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &calls(10)).await;
    let engine = start(house.engine().job::<Call>());
    house.until(OPEN, 1).await;
    engine.stop().await;
    execute(&house, "update holdfast.breaker set until = clock_timestamp() + interval '1 hour'").await;
    off(&house, "down").await;
    let asked = house.world.diary().len();
    let engine = start(house.engine().job::<Call>());
    house.until("select count(*) from holdfast.held h join holdfast.breaker b on b.id = h.gate", 10).await;
    engine.stop().await;
    assert_eq!(house.world.diary().len(), asked);
    let told = "select count(*) from holdfast.breaker where state = 'open' and reason like '%failed%' and since < clock_timestamp() and until > clock_timestamp()";
    assert_eq!(house.number(told).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b04_a_breaker_forced_open_stands_until_its_time_is_over() {
    let house = House::new().await;
    switches(&house).await;
    house.client.register_kinds(&["call".to_owned()]).await.unwrap();
    let engine = start(house.engine().job::<Call>());
    house.until("select count(*) from holdfast.breaker_rule", 1).await;
    execute(&house, "select holdfast.force_breaker('provider', -1, true, 'they called us', 'ops', '1 hour')").await;
    put_all(&house, 1, &calls(5)).await;
    house.until("select count(*) from holdfast.held", 5).await;
    assert_eq!(
        texts(&house, "select reason || ', ' || forced_by from holdfast.breaker").await,
        ["they called us, ops"]
    );
    execute(&house, "update holdfast.breaker set until = clock_timestamp()").await;
    house.until_ended(5).await;
    let unknown =
        sqlx::query("select holdfast.force_breaker('nobody', -1, true, '', 'ops', '1 hour')").execute(&house.pool);
    assert!(unknown.await.unwrap_err().to_string().contains("breaker \"nobody\" is not known"));
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b04_a_breaker_forced_closed_stays_closed_whatever_fails() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "down").await;
    put_all(&house, 1, &calls(10)).await;
    let engine = start(house.engine().job::<Call>());
    house.until(OPEN, 1).await;
    execute(
        &house,
        "select holdfast.force_breaker('provider', -1, false, 'it is their probe that lies', 'ops', '1 hour')",
    )
    .await;
    let asked = house.world.diary().len();
    while house.world.diary().len() < asked + 30 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(house.number(OPEN).await, 0);
    // Its time is over: it decides for itself again.
    execute(&house, "update holdfast.breaker set until = clock_timestamp()").await;
    house.until(OPEN, 1).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b05_a_tenant_that_is_refused_stops_alone() {
    let house = House::new().await;
    switches(&house).await;
    on(&house, "refused1").await;
    let engine = start(house.engine().job::<Call>());
    put_all(&house, 1, &calls(20)).await;
    house.until("select count(*) from holdfast.breaker where state = 'open' and tenant = 1", 1).await;
    put_all(&house, 2, &calls(20)).await;
    house.until("select count(*) from holdfast.done where tenant = 2", 20).await;
    assert_eq!(house.number("select count(*) from holdfast.breaker where state <> 'closed' and tenant <> 1").await, 0);
    assert!(house.world.count("tenant 1") < 20, "{}", house.world.count("tenant 1"));
    off(&house, "refused1").await;
    house.until_ended(40).await;
    engine.stop().await;
}
