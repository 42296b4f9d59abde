//! Carrying it out: every item once, whoever dies.

use engine::{
    Sight,
    bulk::{self, Verb},
};

use crate::{
    house::{House, start},
    kit::{Doomed, Linger, asked, build},
};

#[tokio::test]
async fn a_process_that_dies_in_the_middle_repeats_nothing_and_leaves_nothing_out() {
    let house = House::new().await;
    let jobs = house.dead(1, 3000).await;
    // In many chunks, so that it dies between or within them.
    let id = house.begin(&bulk::Asked { rate: Some(1000), ..asked(Verb::Retry) }, &jobs).await;
    let doomed = Doomed::start(&house);
    let middle = house.until_bulk(id, |now| now.done >= 500).await;
    doomed.kill(&house).await;
    assert!(middle.done < 3000, "it died too late to tell");
    let running = start(build(house.engine()));
    let over = house.until_bulk(id, |now| now.state == "done").await;
    assert_eq!((over.total, over.done, over.ok, over.refused), (3000, 3000, 3000, 0));
    assert_eq!(over.results, [("retried".to_owned(), 3000)], "nobody was asked twice");
    house.until_ended(3001).await;
    running.stop().await;
    assert_eq!(
        house.number("select count(*) from holdfast.bulk_item where result = 'retried' and at is not null").await,
        3000
    );
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 0").await, 3001);
    // One that ran as its process died has a right to a second start; the others have not.
    let lost = house.number("select count(distinct id) from holdfast.attempt where ending = 'lost'").await;
    let ran = i64::try_from(house.world.diary().len()).unwrap();
    assert!((3000..=3000 + lost).contains(&ran), "{ran} starts, {lost} lost");
}

#[tokio::test]
async fn what_is_gone_runs_or_has_completed_gets_a_result_of_its_own() {
    let house = House::new().await;
    let mut jobs = house.dead(1, 3).await;
    let gone = jobs[0];
    jobs.extend(house.waiting(1, 1).await);
    jobs.push(house.put(&Linger {}).await);
    let running = start(build(house.engine()));
    house.until_ended(3).await;
    house.until("select count(*) from holdfast.done where outcome = 0", 1).await;
    let id = house.freeze(Sight::HOUSE, &asked(Verb::Retry), &jobs).await;
    sqlx::query("delete from holdfast.job where id = $1").bind(gone).execute(&house.pool).await.unwrap();
    house.confirm(Sight::HOUSE, id, "5").await;
    let over = house.until_bulk(id, |now| now.state == "done").await;
    assert_eq!((over.done, over.ok, over.refused), (5, 2, 3));
    let mut conn = house.pool.acquire().await.unwrap();
    let items = bulk::items(&mut conn, Sight::HOUSE, id, None, 0, 10).await.unwrap();
    let told: Vec<_> = items.iter().map(|item| (item.number, item.job, item.result.as_deref().unwrap())).collect();
    let results = ["unknown", "retried", "retried", "completed", "not_ended"];
    let expected: Vec<_> =
        (1..).zip(jobs.iter().copied()).zip(results).map(|((n, job), result)| (n, job, result)).collect();
    assert_eq!(told, expected);
    let retried = bulk::items(&mut conn, Sight::HOUSE, id, Some("retried"), 2, 10).await.unwrap();
    assert_eq!(retried.iter().map(|item| (item.number, item.kind.as_str())).collect::<Vec<_>>(), [(3, "count")]);
    let cancel = house.begin(&asked(Verb::Cancel), &jobs[4..]).await;
    assert_eq!(house.until_bulk(cancel, |now| now.state == "done").await.results, [("asked".to_owned(), 1)]);
    house.until("select count(*) from holdfast.done where outcome = 2", 1).await;
    running.stop().await;
}

#[tokio::test]
async fn a_deploy_costs_no_attempt() {
    let house = House::new().await;
    let jobs = house.dead(1, 60).await;
    let id = house.begin(&bulk::Asked { rate: Some(40), ..asked(Verb::Retry) }, &jobs).await;
    let first = start(build(house.engine()));
    house.until_bulk(id, |now| now.done > 0).await;
    first.stop().await;
    let stopped = house.show(id).await;
    assert!(stopped.state == "running" && stopped.done < 60 && !stopped.stalled, "{stopped:?}");
    let second = start(build(house.engine()));
    let over = house.until_bulk(id, |now| now.state == "done").await;
    house.until_ended(61).await;
    second.stop().await;
    assert_eq!(over.ok, 60);
    assert_eq!(over.job, stopped.job, "the same run");
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending not in ('snoozed')").await, 0);
}

#[tokio::test]
async fn what_is_enqueued_meanwhile_goes_before_what_is_retried_by_the_thousand() {
    let house = House::new().await;
    let jobs = house.dead(1, 3).await;
    let id = house.begin(&asked(Verb::Retry), &jobs).await;
    let stage = engine::testing::Stage::new(house.engine().job::<bulk::RunBulk>()).await.unwrap();
    stage.drain().await.unwrap();
    assert_eq!(house.show(id).await.state, "done");
    let new = house.waiting(1, 1).await;
    assert_eq!(house.state(jobs[0]).await, "ready");
    let first = "select id from holdfast.ready order by priority, rank limit 1";
    assert_eq!(house.number(first).await, new[0]);
}
