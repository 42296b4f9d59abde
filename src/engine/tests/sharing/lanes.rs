//! L: one at a time, in order, whatever happens to those who run them.

use std::{collections::HashMap, time::Duration};

use engine::{Cx, Job, Limit, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    kit::{QUICK, execute, ghost, put_all},
};

/// Writes its number behind its lane's last one, in the transaction that completes it.
#[derive(Serialize, Deserialize)]
pub struct Message {
    pub lane: String,
    pub number: i64,
}

impl Job<World> for Message {
    const NAME: &'static str = "message";
    const POLICY: Policy = Policy { backoff: QUICK, concurrency: 50, losses: 1000, ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(self.lane.clone())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        sqlx::query("insert into said (lane, number) values ($1, $2)")
            .bind(&self.lane)
            .bind(self.number)
            .execute(&mut *tx)
            .await?;
        tokio::time::sleep(Duration::from_millis(2)).await;
        cx.finish(tx, ()).await
    }
}

async fn talk(house: &House, lanes: i64, each: i64) {
    execute(house, "create table said (at bigserial, lane text, number bigint)").await;
    let all: Vec<Message> =
        (0..each).flat_map(|number| (0..lanes).map(move |n| Message { lane: format!("lane{n}"), number })).collect();
    put_all(house, 1, &all).await;
}

async fn assert_in_order(house: &House, lanes: i64, each: i64) {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select lane, number from said order by at").fetch_all(&house.pool).await.unwrap();
    let mut said: HashMap<String, Vec<i64>> = HashMap::new();
    for (lane, number) in rows {
        said.entry(lane).or_default().push(number);
    }
    assert_eq!(said.len(), usize::try_from(lanes).unwrap());
    for (lane, numbers) in said {
        assert_eq!(numbers, (0..each).collect::<Vec<_>>(), "{lane}");
    }
    let left = "select (select count(*) from holdfast.lane) + (select count(*) from holdfast.blocked) + (select count(*) from holdfast.claim)";
    house.until(left, 0).await;
    assert_eq!(house.number(left).await, 0);
}

/// 40 lanes of 15 and not 200 of 50; a claim is taken away from its living worker as from a dead one.
#[tokio::test(flavor = "multi_thread")]
async fn l01_lanes_keep_their_order_while_claims_are_lost() {
    let house = House::new().await;
    talk(&house, 40, 15).await;
    let (first, second) = (start(house.engine().job::<Message>()), start(house.engine().job::<Message>()));
    let mut lost = 0;
    while house.number("select count(*) from holdfast.done").await < 500 {
        let take = "select coalesce(sum(holdfast.rescue_claim(id, 'taken away')), 0)::bigint
                    from (select id from holdfast.claim order by random() limit 1) c";
        lost += house.number(take).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    house.until_ended(600).await;
    first.stop().await;
    second.stop().await;
    assert!(lost > 0);
    assert_in_order(&house, 40, 15).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l04_batches_and_hand_overs_keep_one_at_a_time() {
    let house = House::new().await;
    talk(&house, 8, 40).await;
    let engines = [(); 3].map(|()| start(house.engine().job::<Message>()));
    house.until_ended(320).await;
    for engine in engines {
        engine.stop().await;
    }
    assert_in_order(&house, 8, 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l05_the_lane_of_a_dead_worker_goes_on_within_ten_seconds() {
    let house = House::new().await;
    talk(&house, 1, 5).await;
    ghost(&house, 10).await;
    let died = std::time::Instant::now();
    let engine = start(house.engine().job::<Message>());
    house.until_ended(5).await;
    assert!(died.elapsed() < Duration::from_secs(10), "{:?}", died.elapsed());
    engine.stop().await;
    assert_in_order(&house, 1, 5).await;
}

/// In a lane, and at most five of them run.
#[derive(Serialize, Deserialize)]
struct Crowd {
    lane: i64,
}

impl Job<World> for Crowd {
    const NAME: &'static str = "crowd";
    const POLICY: Policy = Policy { limits: &[Limit::running("five", 5)], ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(format!("crowd{}", self.lane))
    }

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Ok(())
    }
}

/// Pages that one claim looks at: steadier than its time.
async fn pages_of_a_claim(house: &House) -> i64 {
    let explain = "explain (analyze, buffers, format json)
                   select * from holdfast.claim(1, array(select id from holdfast.kind), array[16], array(select id from holdfast.kind))";
    let plan: serde_json::Value = sqlx::query_scalar(explain).fetch_one(&house.pool).await.unwrap();
    let plan = &plan[0]["Plan"];
    plan["Shared Hit Blocks"].as_i64().unwrap() + plan["Shared Read Blocks"].as_i64().unwrap()
}

/// 1 500 waiting lanes and not 10 000; idle ones have no row at all.
#[tokio::test(flavor = "multi_thread")]
async fn l10_a_claim_costs_what_its_batch_costs_however_many_lanes_wait() {
    let house = House::new().await;
    let mut pages = Vec::new();
    for lanes in [0..100_i64, 100..1500] {
        put_all(&house, 1, &lanes.clone().chain(lanes).map(|lane| Crowd { lane }).collect::<Vec<_>>()).await;
        // Five run, the others wait: at the limit or behind their lane's first one.
        while house.number("select count(*) from holdfast.ready").await > 200 {
            pages_of_a_claim(&house).await;
        }
        execute(&house, "vacuum analyze holdfast.ready, holdfast.blocked, holdfast.held, holdfast.lane").await;
        pages.push(pages_of_a_claim(&house).await);
    }
    assert!(pages[1] < pages[0] * 3, "{pages:?}");
    // A lane without jobs has no row.
    put_all(&house, 1, &[Crowd { lane: 9999 }]).await;
    assert_eq!(
        house.number("select count(*) from holdfast.lane where lane = holdfast.lane_hash('crowd9999')").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn l11_an_open_transaction_delays_nobody_else() {
    let house = House::new().await;
    execute(&house, "create table said (at bigserial, lane text, number bigint)").await;
    house.client.register_kinds(&["message".to_owned()]).await.unwrap();
    let mut open = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue(&mut open, 1, &Message { lane: "a".to_owned(), number: 0 }).await.unwrap();
    let others: Vec<Message> = ["a", "b", "c"].map(|lane| Message { lane: lane.to_owned(), number: 1 }).into();
    put_all(&house, 1, &others).await;
    let engine = start(house.engine().job::<Message>());
    house.until_ended(3).await;
    house.client.commit(open).await.unwrap();
    house.until_ended(4).await;
    engine.stop().await;
}
