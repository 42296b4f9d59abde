//! One at a time, in order, whatever happens.

use std::collections::HashMap;

use crate::{
    house::{House, start},
    jobs::InLane,
};

/// Every start is followed by its own end, and numbers never go back.
fn assert_in_order(diary: &[String]) {
    let mut lanes: HashMap<&str, (u32, Option<u32>)> = HashMap::new();
    for line in diary {
        let [lane, what, number] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let number: u32 = number.parse().unwrap();
        let (last, running) = lanes.entry(lane).or_default();
        match what {
            "starts" => {
                assert_eq!(*running, None, "{lane}: {number} starts while another runs");
                assert!(number >= *last, "{lane}: {number} after {last}");
                (*last, *running) = (number, Some(number));
            }
            _ => assert_eq!(running.take(), Some(number), "{lane}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_keep_their_order_over_two_workers_and_failures() {
    let house = House::new().await;
    house.client.register_kinds(&["in_lane".to_owned()]).await.unwrap();
    let (first, second) = (start(house.engine().job::<InLane>()), start(house.engine().job::<InLane>()));
    for number in 0..20 {
        let mut tx = engine::begin(&house.pool).await.unwrap();
        for lane in 0..30 {
            let job = InLane { lane: format!("lane{lane}"), number, fails_first: (number + lane) % 7 == 0 };
            house.client.enqueue(&mut tx, 1, &job).await.unwrap();
        }
        house.client.commit(tx).await.unwrap();
    }
    house.until_ended(600).await;
    first.stop().await;
    second.stop().await;
    assert_in_order(&house.world.diary());
    assert_eq!(house.number("select (select count(*) from holdfast.lane) + (select count(*) from holdfast.blocked) + (select count(*) from holdfast.claim)").await, 0);
}

#[tokio::test]
async fn blocked_jobs_are_not_candidates() {
    let house = House::new().await;
    house.client.register_kinds(&["in_lane".to_owned()]).await.unwrap();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    for number in 0..50 {
        house.client.enqueue(&mut tx, 1, &InLane { lane: "one".to_owned(), number, fails_first: false }).await.unwrap();
    }
    house.client.commit(tx).await.unwrap();
    let claimed =
        house.number("select count(*) from holdfast.claim(1, array(select id from holdfast.kind), array[100])").await;
    assert_eq!(claimed, 1);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.blocked").await, 49);
}
