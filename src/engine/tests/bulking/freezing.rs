//! What is written down before anybody decides.

use engine::{
    Sight,
    bulk::{self, Verb},
    inspect::Query,
};

use crate::{house::House, kit::asked};

#[tokio::test]
async fn what_is_frozen_is_shown_with_its_counts_and_a_sample_and_nothing_happens() {
    let house = House::new().await;
    let mut jobs = house.dead(1, 25).await;
    jobs.extend(house.waiting(2, 5).await);
    jobs.push(jobs[0]);
    jobs.push(4711);
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    let frozen = bulk::frozen(&mut house.pool.acquire().await.unwrap(), Sight::HOUSE, id).await.unwrap().unwrap();
    assert_eq!(
        (frozen.total, frozen.more, frozen.phrase.as_str()),
        (30, false, "30"),
        "each once, and only what exists"
    );
    assert_eq!(frozen.by_kind, [("count".to_owned(), 30)]);
    assert_eq!(frozen.by_state, [("dead".to_owned(), 25), ("ready".to_owned(), 5)]);
    let sample: Vec<_> = frozen.sample.iter().map(|job| (job.job, job.state.as_str())).collect();
    assert_eq!(sample.len(), 10);
    assert_eq!((sample[0], sample[9]), ((jobs[0], "dead"), (jobs[27], "ready")), "from all over");
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 5);
    assert_eq!(house.show(id).await.state, "preview");
}

#[tokio::test]
async fn of_more_jobs_than_one_operation_takes_it_says_so() {
    let house = House::new().await;
    let jobs = house.dead(1, 2).await;
    let many: Vec<i64> = jobs.iter().copied().chain(1..=i64::try_from(bulk::MOST).unwrap()).collect();
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &many).await;
    assert_eq!((house.show(id).await.more, house.show(id).await.total), (true, 2));
    let mut conn = house.pool.acquire().await.unwrap();
    let id = bulk::freeze(&mut conn, Sight::HOUSE, &asked(Verb::Retry), &jobs, true).await.unwrap();
    assert!(house.show(id).await.more, "the caller knew of others");
}

#[tokio::test]
async fn all_that_a_query_finds_can_be_frozen_over_many_pages_and_only_what_one_may_see() {
    let house = House::new().await;
    let dead = [house.dead(1, 1200).await, house.dead(2, 7).await].concat();
    house.waiting(1, 5).await;
    let query = Query::parse("state:dead").unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    for (sight, expected) in [(Sight::HOUSE, &dead[..]), (Sight::of(1), &dead[..1200])] {
        let (mut jobs, more) = bulk::gather(&mut conn, sight, &query, None).await.unwrap();
        jobs.sort_unstable();
        assert_eq!((jobs.as_slice(), more), (expected, false));
    }
}

#[tokio::test]
async fn what_nobody_confirms_within_a_day_is_forgotten() {
    let house = House::new().await;
    let jobs = house.dead(1, 3).await;
    let old = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    let running = house.begin(&asked(Verb::Retry), &jobs).await;
    sqlx::query("update holdfast.bulk set created_at = created_at - interval '25 hours'")
        .execute(&house.pool)
        .await
        .unwrap();
    assert_eq!(house.confirm(Sight::HOUSE, old, "3").await, bulk::Confirm::TooLate);
    house.freeze(Sight::HOUSE, &asked(Verb::Cancel), &jobs).await;
    let mut conn = house.pool.acquire().await.unwrap();
    assert!(bulk::show(&mut conn, Sight::HOUSE, old).await.unwrap().is_none());
    assert_eq!(house.show(running).await.total, 3);
    assert_eq!(house.number("select count(*) from holdfast.bulk_item").await, 6);
}
