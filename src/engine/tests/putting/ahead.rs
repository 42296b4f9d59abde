//! F: what is claimed before a place is free for it, and what happens when a place becomes free.

use std::time::{Duration, Instant};

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::Note,
};

/// Two at a time, for so long.
#[derive(Serialize, Deserialize)]
struct Pass {
    ms: u64,
}

impl Job<World> for Pass {
    const NAME: &'static str = "pass";
    const POLICY: Policy = Policy { concurrency: 2, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        if self.ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.ms)).await;
        }
        Ok(())
    }
}

async fn put(house: &House, all: &[u64]) {
    let jobs: Vec<_> = all.iter().map(|ms| Pass { ms: *ms }).collect();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue_all(&mut tx, 1, &jobs).await.unwrap();
    house.client.commit(tx).await.unwrap();
}

#[tokio::test]
async fn what_was_claimed_ahead_goes_back_when_no_place_becomes_free() {
    let house = House::new().await;
    let running = start(house.engine().job::<Pass>());
    house.register::<Pass>().await;
    // Short ones first: at their pace, more are claimed than there are places.
    put(&house, &[0; 20]).await;
    house.until_ended(20).await;
    put(&house, &[4000, 4000, 0, 0]).await;
    let back = "select case when (select count(*) from holdfast.claim c, unnest(c.ids) i where i > 0) = 2
                  then (select count(*) from holdfast.ready) + (select count(*) from holdfast.later) else 0 end";
    house.until(back, 2).await;
    assert_eq!(house.number("select max(cardinality(ids))::bigint from holdfast.claim").await, 4);
    house.until_ended(24).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where attempts <> 1").await, 0);
}

#[tokio::test]
async fn a_type_that_was_full_is_looked_at_as_soon_as_a_place_is_free() {
    let house = House::new().await;
    house.register::<Pass>().await;
    put(&house, &[40; 60]).await;
    let started = Instant::now();
    // The other type has places all the time, and nothing to do.
    let running = start(house.engine().job::<Pass>().job::<Note>());
    house.until_ended(60).await;
    running.stop().await;
    // By polling alone it would be eight seconds; it is one and a half.
    assert!(started.elapsed() < Duration::from_secs(6));
}
